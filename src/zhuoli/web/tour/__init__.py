"""The tour of the demonstration: a few lives in ten minutes, each ending in its figure."""
