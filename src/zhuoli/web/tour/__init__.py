"""The tour of the demonstration: a few lives in twelve minutes, each ending in its figure."""
