"""The matters that a case came from and has gone on to, as its pages show them, and the way to them."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from django.urls import reverse

from zhuoli.core.case.facts import Actor
from zhuoli.core.case.state import Case, Link
from zhuoli.core.text import Text
from zhuoli.office.access import Denied, Viewer, require_sight
from zhuoli.office.errors import UnknownCase
from zhuoli.web import cases, clocks, door


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """A linked matter: what it is, since when (ms UTC), and for whom it may be shown also how it stands and its address."""

    title: Text
    receipt: str
    at: int
    how: str
    status: str = ""
    now: cases.Now | None = None
    promise: clocks.Promise | None = None
    url: str = ""


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case came from, and where it has gone on."""

    origin: Linked | None
    onward: tuple[Linked, ...]

    def __bool__(self) -> bool:
        return self.origin is not None or bool(self.onward)


def for_office(case: Case, viewer: Viewer, lang: str) -> Links:
    """Return the links of a case; the other matter is told only to a post that may see it."""

    def shown(link: Link) -> Linked:
        other = _load(link)
        try:
            if other is None:
                return _plain(link)
            require_sight(viewer, other, door.directory())
        except Denied:
            return _plain(link)
        return _told(link, other, reverse("desk.case", args=(lang, link.case)), office=True)

    return _links(case, shown)


def for_party(case: Case, actor: Actor, lang: str) -> Links:
    """Return the links of a case; the other matter is told to somebody who has a part in it, too."""

    def shown(link: Link) -> Linked:
        other = _load(link)
        if other is None or actor.party not in other.parties.values():
            return _plain(link)
        return _told(link, other, reverse("progress.onward", args=(lang, case.receipt, link.receipt)))

    return _links(case, shown)


def followed(case: Case, actor: Actor, receipt: str) -> Case | None:
    """Return the linked matter with this receipt if the party has a part in it, too."""
    links = (*case.onward, *((case.origin,) if case.origin else ()))
    link = next((each for each in links if each.receipt == receipt), None)
    other = _load(link) if link is not None else None
    return other if other is not None and actor.party in other.parties.values() else None


def _links(case: Case, shown: Callable[[Link], Linked]) -> Links:
    return Links(
        origin=shown(case.origin) if case.origin is not None else None,
        onward=tuple(shown(link) for link in case.onward),
    )


def _load(link: Link) -> Case | None:
    try:
        return door.load(link.case)
    except UnknownCase:
        return None


def _plain(link: Link) -> Linked:
    return Linked(title=_title(link), receipt=link.receipt, at=link.at, how=link.how)


def _told(link: Link, other: Case, url: str, *, office: bool = False) -> Linked:
    return Linked(
        title=_title(link),
        receipt=link.receipt,
        at=link.at,
        how=link.how,
        status=other.status,
        now=cases.now(door.plan_of(other), other, door.directory()),
        promise=clocks.promise(other, door.calendar(), office=office),
        url=url,
    )


def _title(link: Link) -> Text:
    return Text(*link.title) if len(link.title) == 2 else Text(link.scenario, link.scenario)
