"""Territories, boundaries and service points."""
