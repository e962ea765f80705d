"""What is known of a query from its text: whether servings of several models may share it, and how it looks up places."""

from __future__ import annotations

import msgspec

PREFIX = "_digits"
"""The column that the served places have besides those of ``serving``."""
DIGITS = "served_digits"
"""The variable of the connection that says how many digits those are: as many as the longest territory that is served."""


class Places(msgspec.Struct, frozen=True):
    """A relation that takes the place of ``serving``: its name, and the register's column whose codes are looked up in it."""

    relation: str
    register: str
    column: str


class Shape(msgspec.Struct, frozen=True):
    """What is known of a query: whether servings of several models may share it, and how it is put to look up places.

    ``by_places`` is the same query with each ``starts_with(code, serving.territory)`` as an equality of the code's first digits
    with those of ``places``; empty where there is none.
    """

    separable: bool
    by_places: str = ""
    places: tuple[Places, ...] = ()
