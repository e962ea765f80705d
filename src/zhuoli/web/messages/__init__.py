"""Answering a message by its link, and seeing what was sent."""
