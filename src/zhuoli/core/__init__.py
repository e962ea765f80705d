"""The pure part of the house: no Django, no database, no clock, no randomness of its own."""
