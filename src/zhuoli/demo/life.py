"""One case in the demonstration: its need, its state, its chance, and what is still to come."""

from __future__ import annotations

import random
import uuid
from typing import Any

import msgspec
from stdnum.iso7064 import mod_37_36

from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case, Item
from zhuoli.core.text import Text
from zhuoli.demo.needs import Need
from zhuoli.demo.people import Fate, fate
from zhuoli.demo.texts import Matter, ScenarioTexts
from zhuoli.office.receipts import ALPHABET, written

_SPACE = uuid.UUID("5f1d2c8e-6a53-4b0c-9c55-7a1f0a6a2c11")


class Act(msgspec.Struct, frozen=True):
    """Something that somebody is going to do, or a clock to say: ``what`` with its object."""

    what: str
    about: str = ""
    run: int = 0


class Life(msgspec.Struct, kw_only=True):
    """One case as the demonstration sees it."""

    number: int
    need: Need
    plan: Plan
    texts: ScenarioTexts
    matter: Matter
    rng: random.Random
    fate: Fate
    receipt: str
    since: Text
    spot: Text
    case: Case | None = None
    id: int | None = None
    planned: set[Any] = msgspec.field(default_factory=set)
    done: set[str] = msgspec.field(default_factory=set)
    commands: int = 0
    told: str = ""
    seed: int = 0

    @property
    def state(self) -> Case:
        """The state after the last command."""
        if self.case is None:
            raise RuntimeError(f"need {self.number} has no case yet")
        return self.case

    def once(self, word: str) -> bool:
        """Return True the first time, False ever after."""
        if word in self.done:
            return False
        self.done.add(word)
        return True

    def plan_once(self, key: Any) -> bool:
        """Return True the first time that something is planned under this key."""
        if key in self.planned:
            return False
        self.planned.add(key)
        return True

    def active(self, name: str) -> Item | None:
        """Return an item of the case if it is active."""
        item = self.state.items.get(name)
        return item if item is not None and item.state == "active" else None

    @property
    def opened_with(self) -> str:
        """The command key that opened the case."""
        return str(uuid.uuid5(_SPACE, f"{self.seed}/{self.number}/1"))

    def next_key(self) -> str:
        """Return the key of the next command, which follows from the seed."""
        self.commands += 1
        return str(uuid.uuid5(_SPACE, f"{self.seed}/{self.number}/{self.commands}"))

    def party(self, role: str) -> str:
        """Return the id of a party of this case."""
        return uuid.uuid5(_SPACE, f"{self.seed}/{self.number}/party/{role}").hex


def begin(
    number: int,
    need: Need,
    plan: Plan,
    texts: ScenarioTexts,
    seed: int,
    since: tuple[Text, ...],
    spots: tuple[Text, ...],
) -> Life:
    """Return the life of a case that is going to be raised."""
    rng = random.Random(f"{seed}/case/{number}/{need.seed}")  # noqa: S311 - a demonstration, no secret
    return Life(
        number=number,
        need=need,
        plan=plan,
        texts=texts,
        matter=texts.matters[need.matter],
        rng=rng,
        fate=fate(rng),
        receipt="",
        since=since[need.seed % len(since)],
        spot=spots[need.seed // 7 % len(spots)],
        seed=seed,
    )


def checked_receipt(body: str) -> str:
    """Return a receipt number with its check character."""
    return written(body + mod_37_36.calc_check_digit(body, ALPHABET))


def receipt_body(rng: random.Random) -> str:
    """Return the eleven drawn characters of a receipt number."""
    return "".join(rng.choice(ALPHABET) for _ in range(11))
