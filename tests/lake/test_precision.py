"""Precision: verdicts are read from how cases ended; the interval is Wilson's; retirement is proposed with its figures, once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuoli.core.scenario.queries import PrecisionAim, Query
from zhuoli.core.text import Text
from zhuoli.lake.precision import Precision, counted, proposal, verdict, wilson

QUERY = Query(subject="place", finds=Text("甲", "A"), reads=("r",), answers={}, confirmed=("fixed", "handed_on"), not_so=("not_so",), duplicate=("known",))  # fmt: skip


def test_verdicts_are_read_from_how_cases_ended() -> None:
    told = [("settled", "fixed"), ("closed", "not_so"), ("accepted", ""), ("merged", ""), ("settled", "known"), ("settled", "else")]  # fmt: skip
    assert [verdict(QUERY, *each) for each in told] == [
        "confirmed", "not_so", None, "duplicate", "duplicate", None,
    ]  # fmt: skip
    found = counted(QUERY, [(*each, 2) for each in told])
    assert (found.confirmed, found.not_so, found.duplicate, found.judged, found.share) == (2, 2, 4, 4, 0.5)
    assert counted(QUERY, []).share is None


# Values of R: binom::binom.confint(x, n, method = "wilson").
@pytest.mark.parametrize(
    ("right", "judged", "low", "high"),
    [(6, 8, 0.4093, 0.9285), (0, 10, 0.0, 0.2775), (81, 263, 0.2553, 0.3662), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilsons(right: int, judged: int, low: float, high: float) -> None:
    assert wilson(right, judged) == pytest.approx((low, high), abs=6e-5)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_interval_holds_the_share_and_is_mirrored(right: int, wrong: int) -> None:
    low, high = wilson(right, right + wrong)
    assert 0 <= low <= high <= 1
    if right + wrong:
        assert low <= right / (right + wrong) + 1e-12
        assert high >= right / (right + wrong) - 1e-12
    assert wilson(wrong, right + wrong) == pytest.approx((1 - high, 1 - low))


counts = st.integers(0, 300)


@given(counts, counts, counts, st.integers(1, 100), st.integers(1, 60), st.integers(0, 300))
def test_retirement_is_proposed_below_the_floor_after_enough_verdicts(
    right: int, wrong: int, same: int, floor: int, verdicts: int, kept_at: int
) -> None:
    aim = PrecisionAim(floor=floor, verdicts=verdicts)
    measured = Precision(confirmed=right, not_so=wrong, duplicate=same)
    found = proposal(aim, measured)
    enough = right + wrong >= verdicts
    assert (found is not None) == (enough and 100 * right < floor * (right + wrong))
    if found is not None:
        assert found.certain == (measured.high * 100 < floor)
        # Whoever decides to keep it is not asked again before as many verdicts have come as were asked for.
        assert proposal(aim, measured, kept_at=measured.judged) is None
        later = Precision(confirmed=right, not_so=wrong + verdicts, duplicate=same)
        assert proposal(aim, later, kept_at=measured.judged) is not None
    # Duplicates say nothing about being right.
    assert (proposal(aim, Precision(confirmed=right, not_so=wrong)) is None) == (found is None)
    if proposal(aim, measured, kept_at) is not None:
        assert found is not None
