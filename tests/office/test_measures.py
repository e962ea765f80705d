"""What one case adds to figures: by examples of cases as they stand."""

from __future__ import annotations

from typing import Any

import pytest

from zhuoli.core.case.events import Term
from zhuoli.core.case.state import Case, Clock, Item
from zhuoli.core.worktime import Limit, parse_duration
from zhuoli.office import measures
from zhuoli.store.codec import encode_state

HOUR = 3_600_000
PROMISED = Term(Limit(parse_duration("2 hours")), 2 * HOUR)


def clock(*passed: str, promised: bool = True) -> Clock:
    return Clock(
        start=0,
        calendar="x",
        promised=PROMISED if promised else None,
        statutory=None if promised else PROMISED,
        passed=passed,
    )


def counted(**changes: Any) -> set[str]:
    case = Case(id=1, opened=HOUR, parties={"requester": "p"}, **changes)
    return set(measures.counts(measures.seen(encode_state(case))))


def rate(name: measures.Rate, **changes: Any) -> str:
    found = counted(**changes)
    assert name + "/of" in found or name not in found, "whatever is counted is counted out of something"
    return "in" if name in found else "of" if name + "/of" in found else "out"


ACCEPTED = {"status": "accepted", "accepted": 2 * HOUR}
CLOSED = {"status": "closed", "accepted": 2 * HOUR, "closed": 5 * HOUR}
SETTLED = {**CLOSED, "status": "settled", "ended": 6 * HOUR}
SILENT = {**CLOSED, "status": "unconfirmed", "ended": 6 * HOUR}


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"clocks": {"loop.accept": clock()}}, "out"),
        ({"clocks": {"loop.accept": clock("promised")}}, "of"),
        ({**ACCEPTED, "clocks": {"loop.accept": clock()}}, "in"),
        ({**ACCEPTED, "clocks": {"loop.accept": clock("promised")}}, "of"),
        ({**ACCEPTED, "clocks": {"loop.accept": clock("statutory", promised=False)}}, "of"),
        ({"status": "refused", "clocks": {"loop.accept": clock()}}, "in"),
        ({"status": "withdrawn", "clocks": {"loop.accept": clock()}}, "out"),
        (ACCEPTED, "out"),
    ],
    ids=["waiting", "late", "in time", "taken up late", "no promise", "refused", "withdrawn", "by itself"],
)
def test_response(case: dict[str, Any], expected: str) -> None:
    assert rate("response", **case) == expected


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({**ACCEPTED, "clocks": {"case": clock()}}, "out"),
        ({**ACCEPTED, "clocks": {"case": clock("promised")}, "late": ("promised",)}, "of"),
        ({**CLOSED, "clocks": {"case": clock()}}, "in"),
        ({**CLOSED, "clocks": {"case": clock("promised")}, "late": ("promised",)}, "of"),
        ({**CLOSED, "clocks": {"case": clock()}, "late": ("promised",)}, "of"),
        ({"status": "withdrawn", "clocks": {"case": clock()}, "late": ("promised",)}, "out"),
        (CLOSED, "out"),
    ],
    ids=["in work", "overdue", "in time", "late", "late before it was reopened", "withdrawn", "no limit"],
)
def test_on_time(case: dict[str, Any], expected: str) -> None:
    assert rate("on_time", **case) == expected


@pytest.mark.parametrize(
    ("case", "resolution", "unconfirmed"),
    [
        (CLOSED, "out", "out"),
        (SETTLED, "in", "of"),
        (SILENT, "of", "in"),
        ({**ACCEPTED, "reopenings": 1}, "of", "out"),
        ({**CLOSED, "reopenings": 1}, "of", "out"),
        ({**SETTLED, "reopenings": 1}, "in", "of"),
        ({**SETTLED, "parties": {}}, "out", "out"),
    ],
    ids=["asked", "settled", "silent", "handled again", "asked again", "settled then", "nobody to ask"],
)
def test_what_the_person_says(case: dict[str, Any], resolution: str, unconfirmed: str) -> None:
    case = {"parties": {"requester": "p"}, **case}
    found = Case(id=1, opened=HOUR, **case)
    names = set(measures.counts(measures.seen(encode_state(found))))
    for name, expected in (("resolution", resolution), ("unconfirmed", unconfirmed)):
        assert ("in" if name in names else "of" if name + "/of" in names else "out") == expected


def test_matters_that_nobody_confirms_have_no_word_of_a_person() -> None:
    state = encode_state(Case(id=1, opened=HOUR, parties={"requester": "p"}, **SETTLED))
    names = set(measures.counts(measures.seen(state), confirmed_by_nobody=True))
    assert not {"resolution/of", "unconfirmed/of"} & names


@pytest.mark.parametrize(("score", "expected"), [(None, "out"), (3, "of"), (4, "in"), (5, "in")])
def test_satisfaction(score: int | None, expected: str) -> None:
    assert rate("satisfaction", **SETTLED, score=score) == expected


def test_indicators_get_what_they_may_ask() -> None:
    case = Case(
        id=1,
        opened=HOUR,
        answers={"form.kind": "lamp"},
        clocks={"case": clock()},
        result="done",
        result_kind="done",
        score=5,
        **SETTLED,
    )
    values = measures.indicator_values(measures.seen(encode_state(case)))
    assert values["form.kind"] == "lamp"
    assert values["case.hours_to_accept"] == 1
    assert values["case.hours_to_close"] == 4
    assert values["case.in_time"] is True
    assert "case.in_statutory_time" not in values, "there is no such limit"
    assert values["case.closed_date"] == "1970-01-01"
    values = measures.indicator_values(measures.seen(encode_state(Case(id=1, opened=HOUR))))
    assert "case.hours_to_close" not in values, "it is not closed"


def test_indicators_can_ask_how_long_it_took_to_a_milestone() -> None:
    reached = Item(kind="milestone", state="completed", run=1, since=HOUR, ended=HOUR + 14 * 60_000)
    human = Item(kind="human", state="completed", run=1, since=HOUR, ended=HOUR + 1)
    case = measures.seen(encode_state(Case(id=1, opened=HOUR, items={"determined": reached, "facts": human})))
    found = measures.indicator_values(case, milestones=True)
    assert found["case.minutes_to_determined"] == 14
    assert "case.minutes_to_facts" not in found
    assert "case.minutes_to_determined" not in measures.indicator_values(case)
