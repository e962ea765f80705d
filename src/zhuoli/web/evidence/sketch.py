"""A sketch of what happened, kept with the case as data and drawn like the pictures of a scenario: lines, no pixels."""

from __future__ import annotations

from typing import Any, cast, get_args

import msgspec

from zhuoli.core.case.commands import Attach
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.model import Picture, Road, Thing, ThingKind
from zhuoli.core.scenario.pictures.points import HEIGHT, WIDTH, problem, read_points
from zhuoli.core.text import Text
from zhuoli.web import door
from zhuoli.web.files import SKETCH as MEDIA_TYPE

KINDS: tuple[ThingKind, ...] = ("car", "truck", "bike", "walker")
LONGEST = 200


class BadSketch(Exception):
    """A field of the form cannot be drawn; ``field`` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    says: tuple[str, str]
    road: Road
    things: tuple[Thing, ...]


def read_form(post: Any) -> Picture:
    """Return the picture that a form describes: a road, the ways of A and B, where they met, and a sentence.

    Raises:
        BadSketch: something cannot be drawn.
    """
    road, says = str(post.get("road", "")), str(post.get("says", "")).strip()[:LONGEST]
    if road not in get_args(Road):
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
    return Picture(says=Text(says, says), road=cast(Road, road), things=tuple(things))


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


def keep(case: Case, actor: Actor, key: str, drawn: Picture) -> None:
    """Enter a sketch in the case file.

    Raises:
        Refusal: the case takes no files any more.
    """
    office = door.office()
    kept = _Kept(says=(drawn.says.zh, drawn.says.en), road=drawn.road, things=drawn.things)
    file = office.files.put(
        msgspec.json.encode(kept), name="sketch.json", media_type=MEDIA_TYPE, now=office.clock()
    )
    door.perform(key=key, case=case.id, actor=actor, command=Attach(files=(file,)), expected_seq=None)


def latest(case: Case) -> Picture | None:
    """Return the newest sketch of a case, or None."""
    found = [(each.at, file) for file, each in case.files.items() if each.media_type == MEDIA_TYPE]
    if not found:
        return None
    try:
        data = b"".join(door.office().files.read(max(found)[1], case.id))
        kept = msgspec.json.decode(data, type=_Kept)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return Picture(says=Text(*kept.says), road=kept.road, things=kept.things)


__all__ = ["HEIGHT", "KINDS", "MEDIA_TYPE", "WIDTH", "BadSketch", "keep", "latest", "read_form"]
