"""What people say in the demonstration, read from ``texts.yaml`` and put together with a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from zhuoli.core.text import Text

FILE = Path(__file__).parent / "texts.yaml"

Weights = dict[Any, float]


class DateRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a date lies: days after or before the moment, or years before it (also by another answer)."""

    after: tuple[int, int] | None = None
    before: tuple[int, int] | None = None
    years: tuple[int, int] | None = None
    years_by: dict[str, dict[str, tuple[int, int]]] = {}


class Matter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that can happen: what it settles in the form, who should deal with it, and what is said."""

    set: dict[str, Any] = {}
    competence: str
    weight: float = 1
    zh: str
    en: str
    wish_zh: str = ""
    wish_en: str = ""
    done_zh: str = "已办理完毕。"
    done_en: str = "It has been dealt with."


class Rounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rounds of the auxiliaries of so many villages and communities, and how many each notes on an average day."""

    villages: int
    communities: int = 0
    per_day: float
    most_of_a_town: int = 9


class Again(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where it happens again and again: the first row of ``register`` of this ``kind`` in a ``county`` (12 digits), how often in a week."""

    register: str
    kind: str
    county: str
    per_week: float


class ScenarioTexts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of one scenario: its share of all needs, its matters, weights of answers and outcomes, words.

    ``once`` says that it is raised a single time, on which day of the demonstration (0: by its share), ``again`` that it comes up
    at one place besides.
    """

    share: float
    channels: Weights
    matters: tuple[Matter, ...]
    rounds: Rounds | None = None
    once: int = 0
    again: Again | None = None
    from_matter: dict[str, str] = {}
    misfiled: str = ""
    answers: dict[str, Weights] = {}
    texts: dict[str, tuple[Text, ...]] = {}
    dates: dict[str, DateRule] = {}
    outcomes: dict[str, Weights] = {}
    by_outcome: dict[str, dict[str, tuple[Text, ...]]] = {}
    reasons: dict[str, tuple[Text, ...]] = {}


class Texts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    since: tuple[Text, ...]
    spots: tuple[Text, ...]
    openings: tuple[Text, ...]
    endings: tuple[Text, ...]
    callers: tuple[Text, ...]
    loop: dict[str, Any]
    scenarios: dict[str, ScenarioTexts]

    def phrase(self, rng: random.Random, kind: str, **values: Text) -> str:
        """Return something said in the loop (``transfer``, ``reply`` …) with its places filled in."""
        return both(_text(rng.choice(self.loop[kind])), values)

    def comment(self, rng: random.Random, score: int) -> str:
        """Return what somebody who gives this score says; may be empty."""
        return both(_text(rng.choice(self.loop["comment"][score])), {})


@cache
def demo_texts(file: Path = FILE) -> Texts:
    """Read the file.

    Raises:
        msgspec.ValidationError: a key is unknown or a value has the wrong kind.
    """
    with file.open(encoding="utf-8") as source:
        return msgspec.convert(yaml.load(source, Loader=yaml.CSafeLoader), Texts)


def both(text: Text, values: Mapping[str, Text]) -> str:
    """Return Chinese, a line break and English, with ``{place}`` and its like filled in."""
    filled = text.format(**values) if values else text
    return f"{filled.zh}\n{filled.en}" if filled.zh or filled.en else ""


def weighted(rng: random.Random, weights: Weights) -> Any:
    """Draw a key by its weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def story(rng: random.Random, texts: Texts, matter: Matter, values: Mapping[str, Text]) -> str:
    """Return what a person says about a matter: an opening, the thing itself, an ending."""
    opening, ending = rng.choice(texts.openings), rng.choice(texts.endings)
    said = Text(matter.zh, matter.en).format(**values)
    return f"{opening.zh}{said.zh}{ending.zh}\n{opening.en}{_capital(said.en)}{ending.en}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _text(value: Mapping[str, str]) -> Text:
    return Text(value["zh"], value["en"])


def pick(rng: random.Random, choices: Sequence[Text]) -> Text:
    """Draw one of some texts."""
    return choices[rng.randrange(len(choices))]
