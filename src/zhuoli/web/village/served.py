"""Which villages a post serves, and the scenario whose cases its rounds are."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.db.models import Count, Q

from zhuoli.core.case.plan import Plan
from zhuoli.core.text import Text
from zhuoli.office.access import Denied, Viewer, require_opener, role_missing
from zhuoli.places import Division
from zhuoli.places.posts import village_name
from zhuoli.store.models import CaseRecord, Post
from zhuoli.web import door
from zhuoli.web.errors import not_found
from zhuoli.web.questions import significant
from zhuoli.web.wording import text

THEME = "village"
"""The theme of the scenario that this room is for; its form asks ``duty``, ``place``, ``found`` and the rest."""
LOWEST = ("village", "community")
LIVELY = 50
"""Among so many of the liveliest places one with a post of its own is looked for: communities have none."""


class Village(msgspec.Struct, frozen=True, kw_only=True):
    """A village or community as pages name it; ``full`` begins with the county."""

    code: str
    name: Text
    full: Text
    community: bool = False


def duty_name() -> str:
    """Return the id of the scenario, or "" when the shelf has none."""
    found = (
        name
        for name, each in door.scenarios().items()
        if each.theme == THEME and set(each.channels) == {"field"}
    )
    return next(found, "")


def duty_plan() -> Plan:
    """Return the scenario of this room.

    Raises:
        BadRequestPage: 404, the shelf has none.
    """
    name = duty_name()
    if not name:
        raise not_found(text("error.no_matter"))
    return door.plan(name)


def village_of(code: str) -> Village | None:
    """Return a village by its code."""
    found = door.places().get(code)
    return _village(found) if found is not None and found.level in LOWEST else None


def served(viewer: Viewer) -> tuple[Village, ...]:
    """Return the villages whose rounds the viewer's post notes: its own one, or all of its station.

    Raises:
        Denied: not signed in, or a post that notes no rounds.
    """
    require_opener(viewer, "field")
    own = Post.objects.filter(pk=viewer.post).values_list("territory", flat=True).first()
    if own:
        found = village_of(own)
        if found is None:
            raise role_missing()
        return (found,)
    found_all = of_station(viewer.unit)
    if not found_all:
        raise role_missing()
    return found_all


def of_station(unit: str) -> tuple[Village, ...]:
    """Return the villages of a police station: villages first, then communities; none for other units."""
    known = door.directory().unit(unit)
    if known is None or known.kind != "station":
        return ()
    return villages_below(known.territory)


def villages_below(territory: str) -> tuple[Village, ...]:
    """Return the villages and communities directly below a township."""
    below = [each for each in door.places().children(territory) if each.level in LOWEST]
    return tuple(
        _village(each) for each in sorted(below, key=lambda each: (each.level != "village", each.code))
    )


def way_in(viewer: Viewer) -> str:
    """Return the page of this room at which a post begins: its own round, its station's villages, or "" for none."""
    unit = door.directory().unit(viewer.unit) if viewer.is_post else None
    if unit is None or not duty_name():
        return ""
    if unit.kind == "station":
        if viewer.holds("auxiliary"):
            return "village"
        return "village.station" if viewer.holds("officer") else ""
    return "village.station" if unit.kind == "psb" and viewer.watches else ""


def lively_post() -> Post | None:
    """Return the post of the village from which most was raised, for visitors of the demonstration."""
    name = duty_name()
    rows = (
        CaseRecord.city_cases.filter(scenario=name)
        .values_list("territory")
        .annotate(found=Count("id", filter=Q(result__in=("raised", "joined"))), noted=Count("id"))
        .order_by("-found", "-noted", "territory")
    )
    lively = list(rows.values_list("territory", flat=True)[:LIVELY]) if name else []
    posts = {post.territory: post for post in Post.objects.filter(territory__in=lively)}
    return next((posts[village] for village in lively if village in posts), None)


def auxiliaries_of(unit: str) -> tuple[Post, ...]:
    """Return the auxiliary posts of a station that serve its whole area: the communities of a city have no other."""
    found = Post.objects.filter(unit_id=unit, territory="").order_by("id") if unit else ()
    return tuple(post for post in found if "auxiliary" in post.roles)


def station_of(territory: str) -> str:
    """Return the police station that answers for a place, or ""."""
    unit = door.directory().responsible("public_order", territory)
    known = door.directory().unit(unit) if unit else None
    return unit if unit and known is not None and known.kind == "station" else ""


def towns_with_rounds() -> frozenset[str]:
    """Return the towns (9 digits) in which rounds have been noted."""
    name = duty_name()
    rows = CaseRecord.city_cases.filter(scenario=name) if name else CaseRecord.objects.none()
    return frozenset(rows.values_list("town", flat=True).distinct())


def require_reader(viewer: Viewer, codes: Iterable[str]) -> None:
    """Let a post read the rounds of villages that it serves, or that lie below the unit for which it watches.

    Raises:
        Denied: neither.
    """
    viewer.actor()
    unit = door.directory().unit(viewer.unit)
    below = significant(unit.territory) if unit is not None else "-"
    watches = viewer.watches or (unit is not None and unit.kind == "station" and viewer.holds("officer"))
    wanted = list(codes)
    if watches and all(code.startswith(below) for code in wanted):
        return
    try:
        own = {each.code for each in served(viewer)}
    except Denied:
        own = set()
    if not own.issuperset(wanted):
        raise Denied(
            "not_yours",
            Text("这个村不在您的辖区。", "This village is not in your area."),
            Text("请到自己的村或派出所的页面查看。", "Look at the page of your own village or station."),
        )


def _village(place: Division) -> Village:
    name = village_name(place) if place.level == "village" else place.name
    full = door.places().full_name(place.parent, skip=2) or Text("", "")
    return Village(
        code=place.code,
        name=name,
        full=Text(f"{full.zh}{name.zh}", f"{name.en}, {full.en}" if full.en else name.en),
        community=place.level == "community",
    )
