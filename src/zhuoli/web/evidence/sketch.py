"""A sketch of what happened, kept with the case as data and drawn like the pictures of a scenario: lines, no pixels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast, get_args

import msgspec
from django.conf import settings

from zhuoli.core.case.commands import Attach
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.notices import SKETCH as MEDIA_TYPE
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.model import Picture, Road, Thing, ThingKind
from zhuoli.core.scenario.pictures import picture_svg
from zhuoli.core.scenario.pictures.points import HEIGHT, WIDTH, problem, read_points
from zhuoli.core.scenario.pictures.printed import PRINTED
from zhuoli.core.text import Text
from zhuoli.web import door
from zhuoli.web.evidence.ground import MAP, ground
from zhuoli.web.evidence.items import copies_of
from zhuoli.web.evidence.streets import STREETS, Point, read_point, streets

KINDS: tuple[ThingKind, ...] = ("car", "truck", "bike", "walker")
LONGEST = 200
BARE: Road = "two_way"
"""What stands in the place of the road where the ground is a map."""


class BadSketch(Exception):
    """A field of the form cannot be drawn; ``field`` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Sketch(msgspec.Struct, frozen=True, kw_only=True):
    """What was drawn: on one of the product's roads, over the outline of the place (``county``), or over the streets around ``center``."""

    picture: Picture
    county: str = ""
    center: Point | None = None


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    says: tuple[str, str]
    road: Road
    things: tuple[Thing, ...]
    county: str = ""
    center: Point | None = None


def read_form(post: Any, county: str = "") -> Sketch:
    """Return what a form describes: a road, the map of ``county`` or the streets, the ways of A and B, where they met, and a sentence.

    Raises:
        BadSketch: something cannot be drawn.
    """
    road, says = str(post.get("road", "")), str(post.get("says", "")).strip()[:LONGEST]
    over = county if road == MAP else ""
    center = (
        read_point(str(post.get("center", ""))) if road == STREETS and settings.ENVIRONMENT.tiles else None
    )
    if road == STREETS and settings.ENVIRONMENT.tiles and center is None:
        raise BadSketch("center")
    if road not in get_args(Road) and not over and center is None:
        raise BadSketch("road")
    if not says:
        raise BadSketch("says")
    things: list[Thing] = []
    for letter in ("a", "b"):
        way, kind = str(post.get(f"way_{letter}", "")).strip(), str(post.get(f"kind_{letter}", "car"))
        if kind not in KINDS:
            raise BadSketch(f"way_{letter}")
        if way:
            things.append(_thing(f"way_{letter}", kind, way, letter.upper()))
    if not things:
        raise BadSketch("way_a")
    hit = str(post.get("hit", "")).strip()
    if hit:
        things.append(_thing("hit", "impact", hit, ""))
    on = BARE if over or center else cast(Road, road)
    drawn = Picture(says=Text(says, says), road=on, things=tuple(things))
    return Sketch(picture=drawn, county=over, center=center)


def _thing(field: str, kind: ThingKind, written: str, label: str) -> Thing:
    if len(written) > 400:
        raise BadSketch(field)
    try:
        points = read_points(written)
    except ValueError:
        raise BadSketch(field) from None
    thing = (
        Thing(kind=kind, points=written, label=label)
        if len(points) > 1
        else Thing(kind=kind, at=written, label=label)
    )
    if problem(thing):
        raise BadSketch(field)
    return thing


def keep(case: Case, actor: Actor, key: str, drawn: Sketch) -> None:
    """Enter a sketch in the case file.

    Raises:
        Refusal: the case takes no files any more.
    """
    office = door.office()
    picture = drawn.picture
    kept = _Kept(
        says=(picture.says.zh, picture.says.en),
        road=picture.road,
        things=picture.things,
        county=drawn.county,
        center=drawn.center,
    )
    file = office.files.put(
        msgspec.json.encode(kept), name="sketch.json", media_type=MEDIA_TYPE, now=office.clock()
    )
    door.perform(key=key, case=case.id, actor=actor, command=Attach(files=(file,)), expected_seq=None)


def latest(case: Case, before: str = "") -> Sketch | None:
    """Return the newest sketch of a case (of those that were there when the file ``before`` came), or None."""
    found = ""
    for file, each in case.files.items():
        if file == before:
            break
        if each.media_type == MEDIA_TYPE:
            found = file
    if not found:
        return None
    try:
        data = b"".join(door.office().files.read(found, case.id))
        kept = msgspec.json.decode(data, type=_Kept)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    picture = Picture(says=Text(*kept.says), road=kept.road, things=kept.things)
    return Sketch(picture=picture, county=kept.county, center=kept.center)


def svg(
    found: Sketch,
    language: str,
    *,
    ident: str,
    places: Iterable[Point] = (),
    printed: bool = False,
) -> str:
    """Return the drawing; ``places`` (latitude, longitude) are shown on a map, ``printed`` brings its own colours and no tiles."""
    below = ground(found.county, places) if found.county else None
    if found.center is not None:
        tiles = "" if printed else settings.ENVIRONMENT.tiles
        below = streets(found.center, tiles, settings.ENVIRONMENT.tiles_credit, places)
    style = PRINTED if printed else ""
    return picture_svg(found.picture, language, ident=ident, ground=below, style=style)


def places_of(case: Case) -> tuple[Point, ...]:
    """Return where the videos and photos of a case say that they were taken (latitude, longitude)."""
    facts = (report.facts for report in copies_of(case).values())
    return tuple(each.place for each in facts if each is not None and each.place)


__all__ = [
    "HEIGHT",
    "KINDS",
    "MEDIA_TYPE",
    "WIDTH",
    "BadSketch",
    "Sketch",
    "keep",
    "latest",
    "places_of",
    "read_form",
    "svg",
]
