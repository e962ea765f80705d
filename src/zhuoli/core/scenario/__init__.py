"""A folder becomes a checked scenario; every mistake names file, line and remedy."""
