"""Hits become cases through the office's one door, many at a time, each with the reason why it was found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec

from zhuoli.core.case.commands import Open
from zhuoli.core.case.facts import SYSTEM
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Text
from zhuoli.lake.answers import answers_of
from zhuoli.lake.hits import Hit
from zhuoli.lake.results import Results, read_hits
from zhuoli.office import found
from zhuoli.office.errors import OfficeError
from zhuoli.office.handle import Office, Request

_TOGETHER = 200


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What was opened; ``waiting`` hits are left for the next time because so many at once were enough."""

    opened: int
    waiting: int
    refused: tuple[tuple[str, Text], ...]


NOTHING = Opened(opened=0, waiting=0, refused=())


def open_hits(
    office: Office, lake: Path, scenario: Scenario, *, servings: Collection[str] | None = None
) -> Opened:
    """Open a case for each standing hit that has none, at most ``most`` at a time, the oldest first.

    ``servings`` names those on the menu (None: all); what others found opens nothing. A hit's case has a key that follows from the hit, so that whoever is killed in between opens none twice.
    """
    query = scenario.query
    if query is None:
        return NOTHING
    hits = list(read_hits(lake, scenario.scenario))
    wanted = sorted(
        (
            at
            for at, hit in enumerate(hits)
            if hit.gone is None and hit.case_id is None and (servings is None or hit.serving in servings)
        ),
        key=lambda at: (hits[at].first_seen, hits[at].key),
    )
    # Several servings may find the same: it has one case.
    known = {hit.same: hit.case_id for hit in hits if hit.gone is None and hit.case_id is not None}
    firsts: dict[str, int] = {}
    for at in wanted:
        if hits[at].same not in known:
            firsts.setdefault(hits[at].same, at)
    now_opened = list(firsts.values())[: query.most]
    refused: list[tuple[str, Text]] = []
    opened = 0
    for start in range(0, len(now_opened), _TOGETHER):
        for at, case in _open_some(office, scenario, hits, now_opened[start : start + _TOGETHER], refused):
            known[hits[at].same] = case
            opened += 1
    shared = [at for at in wanted if hits[at].same in known]
    for at in shared:
        hits[at] = msgspec.structs.replace(hits[at], case_id=known[hits[at].same])
    # Which serving found which case is kept first: whoever is killed in between does it again, and nothing twice.
    cases = ((hit.case_id, hit.serving) for hit in hits if hit.case_id is not None)
    found.link(scenario.scenario, cases, office.alias)
    if shared:
        keep_cases(lake, scenario, [hits[at] for at in shared])
    return Opened(opened=opened, waiting=len(firsts) - len(now_opened), refused=tuple(refused))


def keep_cases(lake: Path, scenario: Scenario, hits: Sequence[Hit]) -> None:
    """Keep which cases these hits have."""
    with Results(lake) as results:
        results.set_cases(scenario.scenario, hits)


def request_for(scenario: Scenario, hit: Hit) -> Request:
    """The wish to open a hit's case: the answers that the query declares, as the software, over the channel ``model``."""
    query = scenario.query
    assert query is not None  # noqa: S101 - hits come from scenarios with a query
    answers = answers_of(query, hit)
    return Request(
        key=hit.request_key(scenario.scenario),
        command=Open(receipt="", channel="model", answers=answers, territory=hit.territory),
        actor=SYSTEM,
        scenario=scenario.scenario,
    )


def _open_some(
    office: Office, scenario: Scenario, hits: list[Hit], some: list[int], refused: list[tuple[str, Text]]
) -> list[tuple[int, int]]:
    """Open them together; when one is refused, one by one, so that it does not keep the others."""
    requests = [request_for(scenario, hits[at]) for at in some]
    try:
        made = office.handle_many(requests)
        return [(at, one.case) for at, one in zip(some, made, strict=True)]
    except (Refusal, OfficeError):
        pass
    one_by_one = []
    for at, request in zip(some, requests, strict=True):
        try:
            one_by_one.append((at, office.handle(request).case))
        except (Refusal, OfficeError) as error:
            refused.append((hits[at].subject, error.text))
    return one_by_one
