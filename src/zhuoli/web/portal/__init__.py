"""Pages for whoever raises a matter."""
