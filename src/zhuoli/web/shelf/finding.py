"""Finding a model among thousands: by words, theme, register, and how it stands; one page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import msgspec

from zhuoli.core.scenario.model import Scenario
from zhuoli.lake.judging import Judged
from zhuoli.office.handle import Office
from zhuoli.office.menu import may_serve
from zhuoli.office.search import grams, resemblance
from zhuoli.web import door
from zhuoli.web.registers.known import registers

PER_PAGE = 25
LEAST = 0.5
"""What shares fewer than so many of the grams that were typed is left out."""
STATES = ("served", "mine", "unserved", "failed", "proposed")
"""How a model may stand: served at all, for the viewer's territory, for nobody, failed last night, to be decided about."""
ORDERS = ("title", "precision", "verdicts")


class Entry(msgspec.Struct, frozen=True):
    """A model as it is searched: grams of its title, of its words, and of all that is said of it."""

    scenario: Scenario
    title: frozenset[str]
    words: frozenset[str]
    rest: frozenset[str]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody looks for."""

    q: str = ""
    theme: str = ""
    register: str = ""
    state: str = ""
    order: str = "title"
    page: int = 1

    def query(self, page: int) -> str:
        """Return the query of the address of another page of the same search."""
        values = {**msgspec.structs.asdict(self), "page": page}
        plain = msgspec.structs.asdict(Asked())
        return "?" + urlencode({name: value for name, value in values.items() if value != plain[name]})


def entries() -> tuple[Entry, ...]:
    """The models of this office, ready to be searched."""
    return _entries(door.office())


@lru_cache(maxsize=1)
def _entries(office: Office) -> tuple[Entry, ...]:
    known = registers()
    found = []
    for one in office.library.scenarios().values():
        query = one.query
        if query is None:
            continue
        said = [one.scenario, one.purpose.zh, one.purpose.en, query.finds.zh, query.finds.en]
        for name in query.reads:
            said += [name, *((known[name].title.zh, known[name].title.en) if name in known else ())]
        for parameter in query.parameters.values():
            said += [parameter.title.zh, parameter.title.en]
        found.append(
            Entry(
                one,
                frozenset(grams(f"{one.title.zh} {one.title.en}")),
                frozenset(grams(" ".join(word for words in one.words.values() for word in words))),
                frozenset(grams(" ".join(said))),
            )
        )
    return tuple(sorted(found, key=lambda each: each.scenario.title.zh))


def found(asked: Asked) -> list[Scenario]:
    """Return the models that fit words, theme and register, the best first where words were typed."""
    fitting = [
        each
        for each in entries()
        if (not asked.theme or (each.scenario.theme or "other") == asked.theme)
        and (not asked.register or asked.register in _reads(each.scenario))
    ]
    wanted = grams(asked.q)
    if not wanted:
        return [each.scenario for each in fitting] if not asked.q.strip() else []
    scored = []
    for each in fitting:
        everything = each.title | each.words | each.rest
        if sum(gram in everything for gram in wanted) >= LEAST * len(wanted):
            scored.append((resemblance(wanted, each.title, each.words, each.rest), each.scenario))
    return [scenario for _, scenario in sorted(scored, key=lambda pair: -pair[0])]


def standing(models: Iterable[Judged], asked: Asked, unit: str, failed: frozenset[str]) -> list[Judged]:
    """Keep the models that stand as asked, in the order that is asked for."""
    kept = [each for each in models if not asked.state or _stands(each, asked.state, unit, failed)]
    if asked.order == "precision":
        # What was judged is told first, the least precise of it first.
        kept.sort(key=lambda each: (each.precision.share is None, each.precision.share or 0.0))
    elif asked.order == "verdicts":
        kept.sort(key=lambda each: -each.precision.judged)
    return kept


def _stands(model: Judged, state: str, unit: str, failed: frozenset[str]) -> bool:
    if state == "failed":
        return model.scenario.scenario in failed
    if state == "proposed":
        return model.proposed
    if state == "mine":
        return any(may_serve(unit, each.line.territory, door.directory()) for each in model.served)
    return bool(model.served) == (state == "served")


def paged(models: list[Scenario], asked: Asked, path: str) -> tuple[list[Scenario], dict[str, Any] | None]:
    """Return one page of models and the links to the others (None where all stand on one)."""
    count = max((len(models) + PER_PAGE - 1) // PER_PAGE, 1)
    page = min(max(asked.page, 1), count)
    shown = models[(page - 1) * PER_PAGE : page * PER_PAGE]
    if count == 1:
        return shown, None
    near = [n for n in range(1, count + 1) if n in (1, count) or abs(n - page) <= 2]
    links = {
        "before": path + asked.query(page - 1) if page > 1 else "",
        "after": path + asked.query(page + 1) if page < count else "",
        "numbers": [(n, "" if n == page else path + asked.query(n)) for n in near],
    }
    return shown, links


def _reads(scenario: Scenario) -> tuple[str, ...]:
    return scenario.query.reads if scenario.query else ()
