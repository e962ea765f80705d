"""Signing: the life of a one-time code, told by tables and by thousands of made-up lives; and what a signature keeps."""

from __future__ import annotations

import hashlib
import itertools
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuoli.core.case import codes
from zhuoli.core.case import events as e
from zhuoli.core.case.examples import run_example
from zhuoli.core.scenario.folder import read_folder
from zhuoli.environment import ROOT

KEY = bytes(range(32))
MADE = 1_772_413_200_000
BOUND = codes.Bound(nonce=b"n" * 16, case=7, task="agree", run=1, party="p", phone=b"139", sha256="a" * 64)
RIGHT = codes.code_of(KEY, BOUND)
WRONG = f"{(int(RIGHT) + 1) % 10**6:06}"


def sent(**changes: Any) -> codes.Sent:
    return codes.Sent(**{"bound": BOUND, "made": MADE, "tries": 1, **changes})


def changed(**changes: Any) -> codes.Bound:
    return msgspec.structs.replace(BOUND, **changes)


@pytest.mark.parametrize(
    ("row", "bound", "typed", "after", "told"),
    [
        (sent(), BOUND, RIGHT, 0, ""),
        (sent(), BOUND, f" {RIGHT[:3]} {RIGHT[3:]}", codes.GOOD_FOR - 1, ""),
        (sent(), BOUND, RIGHT.translate(str.maketrans("0123456789", "０１２３４５６７８９")), 1, ""),
        (sent(tries=codes.TRIES), BOUND, RIGHT, 1, ""),
        (sent(), BOUND, "", 1, "code_missing"),
        (None, BOUND, RIGHT, 1, "code_unasked"),
        (sent(), None, RIGHT, 1, "code_unasked"),
        (sent(used=MADE), BOUND, RIGHT, 1, "code_used"),
        (sent(), BOUND, RIGHT, codes.GOOD_FOR, "code_stale"),
        (sent(tries=codes.TRIES + 1), BOUND, RIGHT, 1, "code_tries"),
        (sent(), changed(phone=b"138"), RIGHT, 1, "code_phone"),
        (sent(), changed(sha256="b" * 64), RIGHT, 1, "code_changed"),
        (sent(), changed(run=2), RIGHT, 1, "code_changed"),
        (sent(), changed(party="q"), RIGHT, 1, "code_changed"),
        (sent(), BOUND, WRONG, 1, "code_wrong"),
        (sent(), BOUND, RIGHT[:-1], 1, "code_wrong"),
        (sent(), BOUND, "你好", 1, "code_wrong"),
    ],
)
def test_a_code_holds_for_one_thing_one_person_and_ten_minutes(
    row: codes.Sent | None, bound: codes.Bound | None, typed: str, after: int, told: str
) -> None:
    assert codes.judge(row, bound, typed, KEY, MADE + after) == told


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "case": st.integers(1, 2**62),
            "task": st.sampled_from(["agree", "second_signs"]),
            "run": st.integers(1, 9),
            "party": st.text(min_size=1, max_size=8),
            "phone": st.binary(min_size=1, max_size=16),
            "sha256": st.text("0123456789abcdef", min_size=64, max_size=64),
            "nonce": st.binary(min_size=16, max_size=16),
        },
    )
)
def test_a_code_is_of_no_use_for_anything_else(changes: dict[str, Any]) -> None:
    other = changed(**changes)
    assert len(codes.code_of(KEY, other)) == codes.DIGITS
    told = codes.judge(sent(), other, RIGHT, KEY, MADE + 1)
    assert (told == "") == (other == BOUND)


@given(st.lists(st.integers(0, 5 * codes.HOUR), max_size=60))
def test_however_somebody_presses_no_more_are_sent_than_may_be(presses: list[int]) -> None:
    made: list[int] = []
    for at in sorted(presses):
        if codes.may_send_at(made, at) <= at:
            made.append(at)
    assert all(after - before >= codes.APART for before, after in itertools.pairwise(made))
    for at in made:
        assert sum(at - codes.HOUR < each <= at for each in made) <= codes.MOST_AN_HOUR


@given(st.lists(st.integers(0, 5 * codes.HOUR), max_size=12), st.integers(0, 6 * codes.HOUR))
def test_who_waits_as_long_as_was_told_gets_one(made: list[int], now: int) -> None:
    made = [at for at in made if at <= now]
    then = codes.may_send_at(made, now)
    assert then >= now
    assert codes.may_send_at(made, then) == then


def test_the_digest_can_be_worked_out_again_from_the_ledger() -> None:
    """What somebody signed is told by the answers and the version of the scenario: nothing else is needed."""
    scenario, mistakes = read_folder(ROOT / "scenarios" / "minor_accident")
    assert scenario is not None, mistakes
    report = run_example(scenario, "own_agreement")
    assert report.passed, report.failures
    signed = {
        event.question: event for step in report.steps for event in step.events if isinstance(event, e.Signed)
    }
    assert [(each.method, each.party) for each in signed.values()] == [
        ("code", "party-requester"),
        ("code", "party-other"),
    ]
    answers = report.steps[-1].case.answers
    names = ("agree.situation", "agree.first", "agree.second", "agree.pay", "agree.sum")
    said = {
        "receipt": "EXAMPLE-1",
        "version": scenario.version,
        "task": "second_signs",
        "outcome": "signs",
        "question": "second_signs.sign",
        "party": "other",
        "answers": {name: answers[name] for name in names if name in answers},
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert signed["second_signs.sign"].sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert "246801" not in "".join(
        msgspec.json.encode(event).decode() for step in report.steps for event in step.events
    )


def test_paper_is_noted_by_the_office_and_says_so() -> None:
    scenario, _ = read_folder(ROOT / "scenarios" / "minor_accident")
    assert scenario is not None
    report = run_example(scenario, "agreement_on_paper")
    assert report.passed, report.failures
    methods = {name: each.method for name, each in report.steps[-1].case.signatures.items()}
    assert methods == {"agree.sign": "code", "second_signs.sign": "paper"}
