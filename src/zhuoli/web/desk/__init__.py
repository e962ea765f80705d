"""Pages for those who handle matters."""
