"""The shelf of models, for staff: find, understand, try, serve, compare, judge."""
