"""How alike two matters are: by place, time and what they are about; never by who raised them.

What is compared is what the cases say in plain: the place, the instant, the kind that the scenario routes by, the plain
words of the case file, the numbers of other systems. Sealed answers are not opened for it, and parties are not looked at.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import DAY, HOUR
from zhuoli.office.search import grams
from zhuoli.office.words import plain

LIKELY = 0.7
"""From this score on a case is suggested."""
WINDOW = 60 * DAY
"""Cases raised further apart than this (ms) are not compared."""
NEAR, HERE = 500.0, 100.0
"""Two points within so many metres are near; within the second, the same spot."""

_FADES = 72 * HOUR
"""After this time (ms) closeness in time counts half."""
_EARTH = 6_371_000.0
_SPLIT = re.compile(r"[、，,;；/（）()\s]+")
_COMMON = frozenset(["其他", "other", "something", "else", "有", "无", "yes", "no"])


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """What a case, or a form that is being filled in, says in plain.

    ``kinds`` are the answers that the scenario routes by, with their titles; ``point`` is longitude and latitude in degrees.
    """

    scenario: str
    territory: str
    at: int
    case: int = 0
    point: tuple[float, float] | None = None
    kinds: dict[str, tuple[str, Text]] = {}
    words: tuple[str, ...] = ()
    numbers: frozenset[tuple[str, str]] = frozenset()


class Likeness(msgspec.Struct, frozen=True):
    """How alike two matters are (0 to 1), and why, in sentences."""

    score: float
    why: tuple[Text, ...]


Names = Callable[[str], Text | None]
"""The name of a place by its code."""


class Compared(msgspec.Struct, frozen=True):
    """What of a scenario's answers is compared, by full name and in the order of its forms."""

    words: tuple[str, ...]
    points: tuple[str, ...]
    kinds: tuple[tuple[str, dict[str, Text]], ...]


def compared(plan: Plan) -> Compared:
    """Return what of a scenario's answers is compared; read it once where many cases are looked at."""
    conditions = " ".join(rule.when for rule in plan.scenario.routing)
    words: list[str] = []
    points: list[str] = []
    kinds: list[tuple[str, dict[str, Text]]] = []
    for form in plan.forms.values():
        if form is not plan.forms["form"] and not conditions.strip():
            # A matter of one kind only: what officers note while handling it says where they work, not what it is about.
            break
        for asked in form.questions.values():
            question = asked.question
            if question.personal:
                continue
            if question.type in ("text", "long_text"):
                words.append(asked.full)
            elif question.type == "point":
                points.append(asked.full)
            elif question.type == "choice" and _reads(conditions, asked.full):
                kinds.append((asked.full, {key: each.title for key, each in question.choices.items()}))
    return Compared(tuple(words), tuple(points), tuple(kinds))


def matter_of(plan: Plan, case: Case) -> Matter:
    """Return what a case says in plain."""
    return matter_by(compared(plan), case)


def matter_by(what: Compared, case: Case) -> Matter:
    """Return what a case says in plain, its scenario having been read."""
    return _matter(
        what,
        case.answers,
        scenario=case.scenario,
        territory=case.territory,
        at=case.opened,
        case=case.id,
        numbers=frozenset(case.references.items()),
    )


def matter_of_form(plan: Plan, answers: Mapping[str, Any], said: str, territory: str, at: int) -> Matter:
    """Return what a form says that is being filled in; ``answers`` by full name, ``said`` in the caller's own words."""
    found = _matter(compared(plan), answers, scenario=plan.scenario.scenario, territory=territory, at=at)
    return msgspec.structs.replace(found, words=(*found.words, said) if said else found.words)


def _matter(what: Compared, answers: Mapping[str, Any], **rest: Any) -> Matter:
    point: tuple[float, float] | None = None
    for name in what.points:
        if (value := answers.get(name)) is not None:
            longitude, _, latitude = str(value).partition(",")
            point = (float(longitude), float(latitude))
            break
    return Matter(
        words=tuple([str(answers[name]) for name in what.words if answers.get(name) is not None]),
        kinds={
            name: (str(answers[name]), choices[str(answers[name])])
            for name, choices in what.kinds
            if str(answers.get(name)) in choices
        },
        point=point,
        **rest,
    )


def _reads(condition: str, name: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(name)}(?![\w])", condition) is not None


class Said(msgspec.Struct, frozen=True):
    """The words of a matter as they are compared, made ready once."""

    text: str
    grams: tuple[str, ...]


def said_of(matter: Matter) -> Said:
    """Return the words of a matter, ready to be compared."""
    if not matter.words:
        return _SILENT
    told = "\n".join(matter.words)
    return Said(plain(told), tuple(grams(told)))


_SILENT = Said("", ())


def likeness(
    one: Matter,
    other: Matter,
    names: Names,
    rare: Mapping[str, float] | None = None,
    said: tuple[Said, Said] | None = None,
) -> Likeness | None:
    """Compare two matters; None when they have nothing that would make them the same.

    ``rare`` weighs grams: what many cases say tells little. ``said`` are the words of both, where they are ready.
    """
    shared = one.numbers & other.numbers
    if shared:
        number = min(shared)[1]
        return Likeness(1.0, (Text(f"同一个编号 {number}", f"the same number {number}"),))
    if one.scenario != other.scenario or abs(one.at - other.at) > WINDOW:
        return None
    place = _place(one, other, names)
    if place is None:
        return None
    first, second = said or (said_of(one), said_of(other))
    kind = _kind(one, other, first, second)
    words = _words(first, second, rare or {})
    # What it is about must be known from somewhere: place and time alone never make two matters one.
    if kind is None and words is None:
        return None
    about = [each for each in (kind, words) if each is not None]
    hours = abs(one.at - other.at)
    score = 0.4 * place[0] + 0.2 / (1 + hours / _FADES) + 0.4 * sum(each[0] for each in about) / len(about)
    why = [place[1], _apart(hours), *(each[1] for each in about if each[1] is not None)]
    return Likeness(round(score, 3), tuple(each for each in why if each is not None))


def _place(one: Matter, other: Matter, names: Names) -> tuple[float, Text] | None:
    if one.point is not None and other.point is not None:
        metres = distance(one.point, other.point)
        if metres > NEAR:
            return None
        if metres <= HERE:
            return 1.0, Text("同一个地点", "the same spot")
        return 0.85, Text(f"相距约 {round(metres, -1):.0f} 米", f"about {round(metres, -1):.0f} m apart")
    if not one.territory or one.territory[:9] != other.territory[:9]:
        return None
    exact = not one.territory.endswith("000") and not other.territory.endswith("000")
    name = names(one.territory if exact else one.territory[:9] + "000") or Text(one.territory, one.territory)
    if exact and one.territory == other.territory:
        return 0.85, Text(f"都在{name.zh}", f"both in {name.en}")
    if exact:
        street = names(one.territory[:9] + "000") or name
        return 0.25, Text(f"都在{street.zh}，社区不同", f"both in {street.en}, in different communities")
    if one.territory[6:9] == "000":
        # Only the county is known: too wide to say anything.
        return None
    return 0.6, Text(f"都在{name.zh}", f"both in {name.en}")


def _kind(one: Matter, other: Matter, first: Said, second: Said) -> tuple[float, Text | None] | None:
    """Compare the answers that the scenario routes by; one that is not given yet may be heard in the words."""
    both = one.kinds.keys() & other.kinds.keys()
    for name in both:
        if one.kinds[name][0] != other.kinds[name][0]:
            return 0.0, None
    if both:
        titles = [one.kinds[name][1] for name in one.kinds if name in both]
        if all(one.kinds[name][0] == "other" for name in both):
            return 0.3, None
        zh, en = "，".join(each.zh for each in titles), ", ".join(each.en for each in titles)
        return 1.0, Text(f"同一类：{zh}", f"the same kind: {en}")
    for said, known in ((first, other), (second, one)):
        heard = _heard(said.text, [title for _, title in known.kinds.values()]) if said.text else ""
        if heard:
            return 0.9, Text(f"都说到：{heard}", f"both mention: {heard}")
    return None


def _heard(said: str, titles: Iterable[Text]) -> str:
    """Return the part of a choice's title that somebody has said."""
    return next((part for title in titles for part in _parts(title.zh, title.en) if part in said), "")


@lru_cache(maxsize=1024)
def _parts(zh: str, en: str) -> tuple[str, ...]:
    """Return the parts of a choice's title that say something by themselves."""
    return tuple(
        part
        for part in (*_SPLIT.split(plain(zh)), *_SPLIT.split(plain(en)))
        if len(part) >= (2 if re.match(r"[\u3400-\u9fff]", part) else 5) and part not in _COMMON
    )


def _words(one: Said, other: Said, rare: Mapping[str, float]) -> tuple[float, Text | None] | None:
    """Return which share of the shorter text's grams occurs in the other, by weight."""
    first, second = one.grams, other.grams
    if not first or not second:
        return None
    shared = set(first) & set(second)
    least = min(sum(rare.get(gram, 1.0) for gram in each) for each in (first, second))
    share = sum(rare.get(gram, 1.0) for gram in shared) / least if least else 0.0
    runs = joined(first, shared)
    if not runs:
        return share, None
    return share, Text(f"都提到：{'、'.join(runs)}", f"both say: {', '.join(runs)}")


def joined(first: Iterable[str], shared: set[str], most: int = 3) -> list[str]:
    """Put neighbouring pairs of characters together again: 路灯, 灯不, 不亮 → 路灯不亮; the longest first."""
    runs: list[str] = []
    run = ""
    for gram in first:
        if gram not in shared:
            run = ""
        elif run and len(gram) == 2 and not gram.isascii() and run[-1] == gram[0]:
            run += gram[1]
            runs[-1] = run
            continue
        else:
            run = gram
            runs.append(run)
    return sorted(dict.fromkeys(runs), key=lambda each: -len(each))[:most]


def rarity(said: Iterable[Said]) -> dict[str, float]:
    """Return a weight for each gram: what fewer of these matters say weighs more (inverse document frequency)."""
    counted: Counter[str] = Counter()
    number = 0
    for each in said:
        number += 1
        counted.update(each.grams)
    return {gram: math.log(1 + (number + 1) / (count + 1)) for gram, count in counted.items()}


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return metres between two points in degrees (haversine, mean radius of the Earth)."""
    (x1, y1), (x2, y2) = ((math.radians(p[0]), math.radians(p[1])) for p in (one, other))
    half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(half))


def _apart(ms: int) -> Text:
    minutes, hours, days = round(ms / 60_000), round(ms / HOUR), round(ms / DAY)
    if minutes < 1:
        return Text("同时提出", "raised at the same time")
    if minutes < 60:
        return Text(f"相隔 {minutes} 分钟", f"{minutes} min apart")
    if hours < 48:
        return Text(f"相隔 {hours} 小时", f"{hours} h apart")
    return Text(f"相隔 {days} 天", f"{days} days apart")
