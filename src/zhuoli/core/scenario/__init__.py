"""A folder becomes a checked scenario."""
