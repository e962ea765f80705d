"""One indicator by itself: months, turns, counties that differ and those that only seem to; cited figures; CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from tests.web.site import Clock, Visitor
from tests.web.test_figures import cases, fields, impatient

from zhuoli import cli
from zhuoli.office.figures import Cell, Counted, Key
from zhuoli.web import door
from zhuoli.web.figures import indicator as single
from zhuoli.web.figures.reported import reported
from zhuoli.web.figures.tables import Asked

__all__ = ["cases", "impatient"]
NOW = 2026 * 12 + 2
GAUGE = "indicator.on_time"


def town(*cells: tuple[int, str, int, int]) -> Counted:
    """Cells of months ago, county, denominator, numerator."""
    made: dict[Key, Cell] = {}
    for back, county, of, part in cells:
        cell = made.setdefault((NOW - back, "public_need", county), Cell())
        cell.gauges[GAUGE] = [float(of), float(part), 0.0]
    return Counted(at=0, position=0, anchor=b"", recent=frozenset(), versions={}, cells=made)


def ask(**changes: Any) -> Asked:
    usual = {
        "by": "month",
        "place": "",
        "scenario": "public_need",
        "month": 0,
        "rate": "response",
        "until": NOW,
    }
    return Asked(**{**usual, **changes})


def one(counted: Counted, **changes: Any) -> single.One:
    found = single.one(counted, ask(**changes), door.plan("public_need"), "on_time")
    assert found is not None
    return found


def codes(number: int) -> list[str]:
    return [f"6201{10 + each}" for each in range(number)]


def test_a_small_county_is_not_singled_out_and_a_large_one_is(clock: Clock) -> None:
    many = codes(12)
    cells = [(1, code, 400, 340) for code in many[:10]]
    found = one(town(*cells, (1, many[10], 30, 20), (1, many[11], 2000, 1200)))
    places = {each.code: each.place for each in found.areas}
    assert places[many[10]] == "inside"
    assert places[many[11]] == "very_low"
    high, low = single.outside(found.areas)
    assert [each.code for each in low] == [many[11]]
    assert not high


def test_counties_with_too_few_are_in_no_funnel(clock: Clock) -> None:
    many = codes(8)
    found = one(town(*[(1, code, 300, 240) for code in many[:6]], (1, many[6], 3, 0), (1, many[7], 20, 1)))
    places = {each.code: each.place for each in found.areas}
    assert places[many[6]] == places[many[7]] == ""


def test_a_turn_is_told_from_enough_whole_months_on(clock: Clock) -> None:
    chance = np.random.default_rng(1)
    code = codes(1)[0]
    cells = [(back, code, 600, int(chance.binomial(600, 0.9 if back < 11 else 0.6))) for back in range(1, 23)]
    found = one(town(*cells))
    assert found.turns is not None
    assert [each.sort for each in found.turns] == ["step"]
    assert found.turns[0].first <= "2025-05" <= found.turns[0].last
    assert "2025" in single.turn_text(found.turns[0]).en
    assert one(town(*cells[:10])).turns is None


def test_the_year_before_is_compared_where_there_is_no_base(clock: Clock) -> None:
    code = codes(1)[0]
    cells = [(back, code, 500, 450 if back < 12 else 300) for back in range(1, 23)]
    found = one(town(*cells))
    assert found.base is not None
    assert "up" in found.base.en
    assert one(town(*cells[:5])).base is None


def test_the_page_says_what_it_shows_in_both_languages(visitor: Visitor, cases: None) -> None:
    visitor.get("/zh/figures/public_need/on_time/")
    assert "按时办结率" in visitor.text
    assert "看不出拐点" in visitor.text
    visitor.get("/en/figures/public_need/on_time/?place=6201")
    assert "Where it really differs" in visitor.text
    visitor.get("/en/figures/public_need/hours_to_accept/")
    assert "The places as numbers" in visitor.text
    assert visitor.client.get("/en/figures/public_need/nothing/").status_code == 404
    assert visitor.client.get("/en/figures/public_need/on_time/?place=9").status_code == 400


def test_csv_and_json_say_what_the_page_says_and_are_described(visitor: Visitor, cases: None) -> None:
    answer = visitor.client.get("/en/figures/public_need/on_time.json").json()
    rows = list(
        csv.DictReader(
            io.StringIO(visitor.client.get("/en/figures/public_need/on_time.csv").content.decode("utf-8-sig"))
        )
    )
    months = [row for row in rows if row["by"] == "month"]
    assert [row["key"] for row in months] == [each["month"] for each in answer["indicator"]["months"]]
    assert {row["source"] for row in rows} == {"own"}
    page = (Path(__file__).parents[2] / "docs" / "offices" / "figures-data.md").read_text("utf-8")
    described = set(re.findall(r"`([^`\n]+)`", page))
    cited = visitor.client.get("/en/figures/reported.json").json()
    missing = ({*fields(answer), *fields(cited)} | set(rows[0])) - described
    assert not missing


def test_reported_figures_are_cited_and_never_ours(visitor: Visitor, cases: None) -> None:
    visitor.get("/zh/figures/reported/")
    for each in reported():
        assert each.title.zh in visitor.text
    assert visitor.text.count("引用") >= len(reported())
    assert "涉诈案件破案率" in visitor.text
    assert "75.1%" in visitor.text
    answer = visitor.client.get("/en/figures/reported.json").json()
    assert answer["source"] == "cited"
    assert len({each["key"] for each in answer["figures"]}) == len(answer["figures"]) == len(reported())


@pytest.mark.parametrize("each", reported(), ids=lambda each: each.key)
def test_each_cited_figure_is_whole(each: Any) -> None:
    assert each.title.zh
    assert each.title.en
    assert each.of.zh
    assert each.of.en
    assert re.fullmatch(r"S\d{1,2}", each.row)
    assert each.value is not None or each.unit == "turn"
    assert each.words.en


def test_an_indicator_with_too_few_months_is_not_evaluated(visitor: Visitor, cases: None) -> None:
    words = ["evaluate", "--scenario", "public_need", "--indicator", "on_time", "--at", "2026-02", "--json"]
    told = CliRunner().invoke(cli.main, words)
    assert told.exit_code == 1, told.output
    answer = json.loads(told.stdout)
    assert answer["mistakes"][0]["code"] in {"no_cases", "month_without", "series_short", "date_outside"}
