"""Pages about registers: what is kept, for what, how fresh it is, and which models read it."""
