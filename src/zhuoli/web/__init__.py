"""Pages: the portal for the public, the desk for officers, the figures for everyone."""
