"""Where somebody is in the inbox: the queue, what it is narrowed to, and the case that is open; all of it in the address.

Every state has an address of its own, so that it can be kept, sent to a colleague and gone back to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from django.urls import reverse

from zhuoli.core.text import Text
from zhuoli.office import inbox
from zhuoli.office.access import Viewer
from zhuoli.office.narrow import AGES, COLOURS, Age, Filter, Whose
from zhuoli.web import door
from zhuoli.web.errors import bad_parameter
from zhuoli.web.questions import significant
from zhuoli.web.wording import text

PRIORITIES = ("urgent", "high", "normal")
WHOSE: tuple[str, ...] = get_args(Whose)[1:]
AGE: tuple[str, ...] = get_args(Age)[1:]
MOST_Q = 100
Options = list[tuple[str, Text]]


class Chip(msgspec.Struct, frozen=True):
    """One thing that the list is narrowed to, and the address of the list without it."""

    label: Text
    url: str


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """One choice of the filter form."""

    name: str
    value: str
    options: Options


class State(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the inbox; ``after`` is the cursor of a further page, ``case`` the case that is open."""

    queue: inbox.Queue = "all"
    narrowed: Filter = Filter()
    after: str = ""
    case: int | None = None

    def query(self, **changes: Any) -> str:
        """Return the query of the address, with changes (``queue``, ``case``, ``after``, or a part of the filter)."""
        state = msgspec.structs.asdict(self)
        narrowed = msgspec.structs.asdict(self.narrowed)
        for name, value in changes.items():
            (narrowed if name in narrowed else state)[name] = value
        pairs: list[tuple[str, object]] = [("queue", state["queue"])]
        pairs += [
            (_NAMES.get(name, name), "1" if value is True else value) for name, value in narrowed.items()
        ]
        pairs += [("after", state["after"]), ("case", state["case"])]
        return urlencode([(name, value) for name, value in pairs if value not in ("", None, False)])

    def url(self, lang: str, **changes: Any) -> str:
        """Return the address of this state, with changes."""
        return reverse("desk", args=(lang,)) + "?" + self.query(**changes)

    @property
    def choices(self) -> str:
        """Return the query without words, page and case: what a saved view keeps."""
        return self.query(words="", after="", case=None)


_NAMES = {"words": "q", "colour": "clock"}


def read(given: Mapping[str, str], viewer: Viewer) -> State:
    """Read the query of an address.

    Raises:
        BadRequestPage: a value that cannot be.
    """
    queue = next((each for each in inbox.queues(viewer) if each == given.get("queue", "all")), None)
    if queue is None:
        raise bad_parameter("queue")
    case = given.get("case", "")
    if case and not (case.isascii() and case.isdigit() and int(case) < 1 << 63):
        raise bad_parameter("case")
    return State(
        queue=queue,
        narrowed=Filter(
            scenario=_one_of(given, "scenario", None),
            place=_place(given.get("place", "")),
            colour=_one_of(given, "clock", COLOURS),  # type: ignore[arg-type]
            priority=_one_of(given, "priority", PRIORITIES),
            joint=bool(_one_of(given, "joint", ("1",))),
            whose=_one_of(given, "whose", WHOSE),  # type: ignore[arg-type]
            age=_one_of(given, "age", AGES),  # type: ignore[arg-type]
            words=given.get("q", "").replace("\x00", "").strip()[:MOST_Q],
        ),
        after=given.get("after", "")[:300],
        case=int(case) if case else None,
    )


def of_address(url: str | None, viewer: Viewer) -> State | None:
    """Return the state that an address of the inbox stands for; None for another address."""
    split = urlsplit(url or "")
    if not split.path.endswith("/desk/"):
        return None
    return read(dict(parse_qsl(split.query)), viewer)


def chips(state: State, lang: str) -> list[Chip]:
    """Return what the list is narrowed to, each with the way back."""
    narrowed = state.narrowed
    told: list[tuple[str, Text | None]] = [
        ("words", text("chip.words", q=narrowed.words) if narrowed.words else None),
        ("scenario", _scenario(narrowed.scenario)),
        ("place", door.places().full_name(narrowed.place.ljust(12, "0"), skip=1) if narrowed.place else None),
        ("colour", text(f"colour.{narrowed.colour}") if narrowed.colour else None),
        ("priority", text(f"option.{narrowed.priority}") if narrowed.priority else None),
        ("whose", text(f"whose.{narrowed.whose}") if narrowed.whose else None),
        ("age", text(f"age.{narrowed.age}") if narrowed.age else None),
        ("joint", text("filter.joint") if narrowed.joint else None),
    ]
    empty = {"joint": False}
    return [
        Chip(label, state.url(lang, after="", case=None, **{name: empty.get(name, "")}))
        for name, label in told
        if label is not None
    ]


def boxes(state: State, viewer: Viewer) -> list[Box]:
    """Return the choices of the filter form."""
    narrowed = state.narrowed
    scenarios = sorted(door.scenarios().items())
    found = [
        Box(
            name="clock", value=narrowed.colour, options=[(each, text(f"colour.{each}")) for each in COLOURS]
        ),
        Box(
            name="scenario",
            value=narrowed.scenario,
            options=[(key, scenario.title) for key, scenario in scenarios],
        ),
        Box(name="place", value=narrowed.place, options=_places(viewer, narrowed.place)),
        Box(name="priority", value=narrowed.priority, options=[(p, text(f"option.{p}")) for p in PRIORITIES]),
        Box(name="age", value=narrowed.age, options=[(each, text(f"age.{each}")) for each in AGE]),
    ]
    if state.queue in inbox.TASK_QUEUES and state.queue != "mine":
        whose = [(each, text(f"whose.{each}")) for each in WHOSE]
        found.insert(1, Box(name="whose", value=narrowed.whose, options=whose))
    return [box for box in found if box.options]


def _places(viewer: Viewer, chosen: str) -> Options:
    """The places one level below the unit's own, and those within the chosen one."""
    unit = door.directory().unit(viewer.unit)
    if unit is None:
        return []
    places = door.places()
    within = places.children(unit.territory)
    if len(significant(unit.territory)) == 2 and len(within) == 1:
        within = places.children(within[0].code)
    found = [(significant(each.code), Text(each.name_zh, each.name_en)) for each in within]
    deeper = places.children(chosen.ljust(12, "0")) if len(chosen) in (4, 6) else ()
    found += [(significant(each.code), Text(each.name_zh, each.name_en)) for each in deeper]
    known = {code for code, _ in found}
    if chosen and chosen not in known:
        found.append((chosen, places.full_name(chosen.ljust(12, "0"), skip=1) or Text(chosen, chosen)))
    return [(code, name) for code, name in found if len(code) in (4, 6, 9)]


def _scenario(name: str) -> Text | None:
    if not name:
        return None
    found = door.scenarios().get(name)
    return found.title if found else Text(name, name)


def _one_of(given: Mapping[str, str], name: str, allowed: Any) -> str:
    value = given.get(name, "")
    if allowed is None:
        if value and (len(value) > 60 or value not in door.scenarios()):
            raise bad_parameter(name)
        return value
    if value and value not in allowed:
        raise bad_parameter(name)
    return value


def _place(value: str) -> str:
    if value and (not value.isascii() or not value.isdigit() or len(value) not in (4, 6, 9)):
        raise bad_parameter("place")
    if value and door.places().full_name(value.ljust(12, "0"), skip=1) is None:
        raise bad_parameter("place")
    return value
