"""What those who act in the demonstration city see of it, and what they can ask of it; the city itself is ``city``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from zhuoli.core.case.commands import AnyCommand, File, ReportService
from zhuoli.core.case.facts import Actor
from zhuoli.core.worktime import Calendar
from zhuoli.demo.life import Act, Life
from zhuoli.demo.needs import Rows
from zhuoli.demo.people import Traits
from zhuoli.demo.texts import Texts
from zhuoli.office.directory import FrozenDirectory
from zhuoli.places import Places


class FilmGiver(Protocol):
    """What gives videos to some of the matters that take evidence."""

    def sides(self, place: str, at: int) -> int:
        """Return how many sides of a matter raised at ``place`` at ``at`` (ms UTC) bring one."""
        ...

    def take(self, shot: str, at: int) -> File:
        """Return a video that no case has yet."""
        ...


class World(Protocol):
    """The city as its people know it. Lives are found by what they are alike in, what they are about, and what they came of."""

    directory: FrozenDirectory
    places: Places
    calendar: Calendar
    texts: Texts
    films: FilmGiver | None
    evidence: Callable[[str, int], File]
    rows: Rows
    perform: Callable[[Life, str, int], ReportService]
    look: Callable[[Life, Actor, int], None]
    alike: dict[tuple[str, int, str], list[Life]]
    about: dict[tuple[str, str], list[Life]]
    came_of: dict[tuple[str, str, int], Life]

    def traits(self, unit: str) -> Traits:
        """Return how a unit works."""
        ...

    def push(self, life: Life, at: int, act: Act) -> None:
        """Let an act come up at ``at`` (ms UTC)."""
        ...

    def granted(self, life: Life, command: AnyCommand, actor: Actor, at: int) -> bool:
        """Whether the core would grant a command now."""
        ...
