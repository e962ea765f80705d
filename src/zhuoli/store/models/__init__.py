"""The schema, one module for each room that keeps rows."""
