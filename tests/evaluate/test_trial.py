"""Did it work? The verdict, its placebo dates, comparison areas, and the words."""

from __future__ import annotations

import numpy as np
import pytest
from tests.evaluate.made import made, series

from zhuoli.evaluate import trial
from zhuoli.evaluate.areas import compare
from zhuoli.evaluate.series import Series
from zhuoli.evaluate.trial import CannotEvaluate, Effect, Placebo, evaluate, position, verdict
from zhuoli.evaluate.words import headline, sentences, size


def test_nothing_done_is_mostly_not_called_an_effect() -> None:
    verdicts = [evaluate(series(made(seed, 48, 36, 150, 0.0, 0.3)), 36).verdict for seed in range(20)]
    assert sum(one in ("cannot_tell", "no_change") for one in verdicts) >= 18


def test_a_real_fall_is_found_and_its_size_is_near() -> None:
    found = [evaluate(series(made(seed, 60, 45, 400, -0.3)), 45) for seed in range(6)]
    assert sum(one.verdict == "fell" for one in found) >= 5
    assert np.mean([one.effect.value for one in found]) == pytest.approx(-0.3, abs=0.05)
    assert all(one.effect.low <= one.effect.value <= one.effect.high for one in found)


def test_more_data_see_smaller_falls() -> None:
    few, many = (evaluate(series(made(3, 48, 36, mean, 0.0)), 36) for mean in (30, 3000))
    assert many.seen_from < few.seen_from
    assert 0 < few.seen_from < 1


def test_much_data_and_no_change_is_said_to_be_no_change() -> None:
    assert evaluate(series(made(1, 60, 40, 200_000, 0.0)), 40).verdict == "no_change"


def test_an_effect_is_not_believed_where_dates_without_one_show_it_too() -> None:
    clear, unclear = Effect(value=-0.3, low=-0.4, high=-0.2), Effect(value=-0.3, low=-0.6, high=0.1)
    calm = tuple(Placebo(at=str(n), effect=unclear) for n in range(8))
    jumpy = (*calm[:5], *(Placebo(at=str(n), effect=clear) for n in range(3)))
    assert verdict(clear, calm, "ratio") == "fell"
    assert verdict(clear, jumpy, "ratio") == "cannot_tell"
    assert verdict(unclear, calm, "ratio") == "cannot_tell"


def test_a_comparison_takes_out_what_moves_both() -> None:
    month = np.arange(40)
    both = np.exp(0.3 * np.cos(month * np.pi / 6) - 0.8 * (month >= 25))
    quiet = 0
    for seed in range(6):
        chance = np.random.default_rng(seed)
        own = series(chance.poisson(200 * both), comparison=tuple(map(float, chance.poisson(900 * both))))
        quiet += evaluate(own, 25).verdict in ("cannot_tell", "no_change")
    assert quiet >= 5
    assert evaluate(series(own.values), 25).verdict == "fell"


@pytest.mark.parametrize("slope", [0.0, 0.003, 0.006])
def test_a_difference_of_trends_too_small_to_be_seen_is_in_the_interval(
    slope: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        trial, "_placebos", lambda *_: ()
    )  # they take most of the time, and are not asked for
    month, truth = np.arange(40), -0.2
    held = 0
    for seed in range(60):
        chance = np.random.default_rng(seed)
        both = 0.3 * np.cos(month * np.pi / 6)
        here = 200 * np.exp(both + slope * (month - 25)) * np.where(month >= 25, 1 + truth, 1)
        there = tuple(map(float, chance.poisson(900 * np.exp(both))))
        effect = evaluate(series(chance.poisson(here), comparison=there), 25).effect
        held += effect.low <= truth <= effect.high
    assert held >= 56


def test_a_share_is_told_in_points() -> None:
    chance = np.random.default_rng(6)
    of = np.full(40, 500)
    share = np.where(np.arange(40) >= 25, 0.55, 0.75)
    found = evaluate(series(chance.binomial(of, share), "share", of=tuple(map(float, of))), 25)
    assert found.unit == "points"
    assert found.effect.low <= -0.2 <= found.effect.high
    assert found.verdict == "fell"


@pytest.mark.parametrize("kind", ["share", "amount"])
def test_shares_and_amounts_have_comparisons_too(kind: str) -> None:
    chance = np.random.default_rng(9)
    month = np.arange(40)
    wave, after = 0.05 * np.cos(month * np.pi / 6), month >= 25
    of = (400.0,) * 40
    if kind == "share":
        here = series(
            chance.binomial(400, 0.6 + wave - 0.2 * after),
            "share",
            of=of,
            comparison=tuple(map(float, chance.binomial(400, 0.6 + wave))),
            comparison_of=of,
        )
    else:
        noise, other = chance.normal(0, 0.02, 40), chance.normal(0, 0.02, 40)
        here = series(0.6 + wave - 0.2 * after + noise, "amount", comparison=tuple(0.6 + wave + other))
    found = evaluate(here, 25)
    assert found.verdict == "fell"
    assert found.effect.low <= -0.2 <= found.effect.high
    assert found.unit == ("points" if kind == "share" else "amount")


def areas(effect: float) -> dict[str, Series]:
    chance = np.random.default_rng(8)
    month = np.arange(36)
    shared = np.exp(0.2 * np.cos(month * np.pi / 6))
    return {
        name: series(chance.poisson(60 * shared * np.where((month >= 20) & (name == "a"), 1 + effect, 1)))
        for name in "abcd"
    }


def test_areas_are_compared_and_tried_where_nothing_was_done() -> None:
    found = compare(areas(-0.5), ["a"], 20)
    assert found.evaluation.verdict == "fell"
    assert [one.area for one in found.elsewhere] == ["b", "c", "d"]
    assert compare(areas(0.0), ["a"], 20).evaluation.verdict in ("cannot_tell", "no_change")


@pytest.mark.parametrize(("done", "code"), [(["x"], "unknown_area"), (list("abcd"), "no_comparison")])
def test_areas_that_cannot_be_compared(done: list[str], code: str) -> None:
    with pytest.raises(CannotEvaluate) as error:
        compare(areas(0.0), done, 20)
    assert error.value.mistake.code == code


@pytest.mark.parametrize(
    ("values", "at", "code"),
    [
        ([5.0] * 30, 20, "series_flat"),
        ([5.0, 6.0] * 15, 4, "series_short"),
        ([5.0, 6.0] * 15, 29, "series_short"),
        ([5.0, 6.0] * 15, 40, "date_outside"),
        ([0.0] * 29 + [1.0], 20, "series_rare"),
    ],
)
def test_what_cannot_be_evaluated_says_why(values: list[float], at: int, code: str) -> None:
    with pytest.raises(CannotEvaluate) as error:
        evaluate(series(values), at)
    assert error.value.mistake.code == code
    assert error.value.mistake.remedy.zh


def test_a_date_names_the_period_in_which_it_lies() -> None:
    own = series(range(30))
    assert [position(own, at) for at in ("2020-03", "2020-03-17", "2020Q2", "2021")] == [2, 2, 3, 12]
    with pytest.raises(CannotEvaluate):
        position(own, "soon")


def test_the_words_say_the_answer_the_basis_and_the_limits() -> None:
    fell = evaluate(series(made(1, 60, 45, 400, -0.3)), 45)
    said = sentences(fell, "month")
    assert headline(fell).zh == "下降了"
    assert "45 个月" in said[1].zh
    assert "15 months" in said[1].en
    assert any("could only have seen a fall of at least" in one.en for one in said)
    unknown = evaluate(series(made(1, 24, 16, 20, 0.0)), 16)
    assert sentences(unknown, "month")[0].en.startswith("It cannot be told")
    assert size(-0.034, "points").en == "3.4 points"
