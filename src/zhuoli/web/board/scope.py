"""Whose board it is, and which part of it is looked at."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from zhuoli.core.text import Text
from zhuoli.office import board
from zhuoli.office.access import Viewer
from zhuoli.office.reach import Reach, reach
from zhuoli.places import Division
from zhuoli.store.models import CaseRecord
from zhuoli.web import door
from zhuoli.web.context import asked
from zhuoli.web.errors import bad_parameter
from zhuoli.web.questions import significant

_CHILDREN: dict[int, board.Column] = {2: "county", 4: "county", 6: "town", 9: "territory"}
_LENGTHS: dict[board.Column, int] = {"city": 4, "county": 6, "town": 9, "territory": 12}


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What one board shows: a viewer's reach, narrowed to ``place`` (a prefix of digits, empty: all of it).

    ``within`` is the prefix of the place that is shown; ``column`` tells its parts apart.
    """

    viewer: Viewer
    reach: Reach
    place: str
    within: str
    column: board.Column

    @property
    def cases(self) -> QuerySet[CaseRecord, Any]:
        """The cases that are shown."""
        return board.cases_of(self.reach, self.place)

    @property
    def prefix(self) -> int:
        """How many digits tell the parts of the place apart."""
        return _LENGTHS[self.column]

    @property
    def name(self) -> Text | None:
        """The place that is shown."""
        return door.places().full_name(self.within.ljust(12, "0"), skip=1)

    def parts(self) -> tuple[Division, ...]:
        """Return the territories by which the place is divided here."""
        places = door.places()
        own = self.within.ljust(12, "0")
        if self.column == "county" and len(self.within) == 2:
            return tuple(county for city in places.children(own) for county in places.children(city.code))
        return places.children(own)

    def url(self, name: str, lang: str, **query: str) -> str:
        """Return the address of a page of this board; empty values are left out."""
        told = {key: value for key, value in query.items() if value}
        return reverse(name, args=(lang,)) + (f"?{urlencode(told)}" if told else "")


def scope_of(request: HttpRequest) -> Scope:
    """Return what the board of this request shows.

    Raises:
        Denied: not signed in, or a post without a board.
        BadRequestPage: the place is none, or lies outside the post's own.
    """
    viewer = asked(request).viewer
    directory = door.directory()
    own = reach(viewer, directory, directory.units)
    place = request.GET.get("place", "")
    home = significant(own.territory)
    if place and (
        len(place) not in (4, 6, 9, 12)
        or door.places().get(place.ljust(12, "0")) is None
        or not (place.startswith(home) or home.startswith(place))
    ):
        raise bad_parameter("place")
    within = place if len(place) > len(home) else home
    column = _CHILDREN.get(len(within), "territory")
    return Scope(viewer=viewer, reach=own, place=place, within=within, column=column)
