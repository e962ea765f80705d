"""The public figures: right, fresh, in few statements, and silent about small numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.web.site import WEDNESDAY, Clock, Visitor, open_need

from zhuoli.office import figures as office_figures
from zhuoli.office.errors import BeingCounted
from zhuoli.office.figures import Cell, Counted, Figures, Key
from zhuoli.office.measures import COUNTS, OF, RATES
from zhuoli.store.codec import decode_state, encode_state
from zhuoli.store.models import CaseRecord, StateRecord
from zhuoli.web import door
from zhuoli.web.figures import charts, count, data, published, tables, warm
from zhuoli.web.figures.tables import Asked

HOUR = 3_600_000
DAY = 24 * HOUR
MARCH = 2026 * 12 + 2
TIMES = ("opened", "accepted", "closed", "ended")


def add(number: int, **changes: Any) -> None:
    """Add a case like the only real one: its state, and the row that goes with it."""
    row = CaseRecord.objects.order_by("id").first()
    assert row is not None
    kept = StateRecord.objects.get(pk=row.id)
    county = changes.pop("county", row.county)
    state = msgspec.structs.replace(decode_state(bytes(kept.state)), id=row.id + number, **changes)
    values = {field.attname: getattr(row, field.attname) for field in CaseRecord._meta.concrete_fields}
    values |= {
        name: changes[name] for name in (*TIMES, "scenario", "status", "score", "channel") if name in changes
    }
    values |= {"id": state.id, "receipt": f"R{number}", "county": county, "city": county[:4]}
    values["late"] = bool(state.late)
    CaseRecord.objects.create(**values)
    StateRecord.objects.create(
        case_id=state.id, seq=kept.seq, recorded=kept.recorded, head=kept.head, state=encode_state(state)
    )


def settled(number: int, opened: int, hours: int, **changes: Any) -> None:
    closed = opened + hours * HOUR
    first = CaseRecord.objects.order_by("id").values_list("id", flat=True).first()
    state = decode_state(bytes(StateRecord.objects.get(pk=first).state))
    clocks = {**state.clocks, "case": state.clocks["loop.accept"]}
    told = {
        "status": "settled",
        "opened": opened,
        "accepted": opened + HOUR,
        "closed": closed,
        "ended": closed + HOUR,
        "score": 4,
        "clocks": clocks,
    }
    add(number, **{**told, **changes})


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine counts as often as a fast one."""
    monkeypatch.setattr(office_figures, "PATIENCE", 0.0)


@pytest.fixture
def cases(visitor: Visitor, clock: Clock) -> None:
    open_need(visitor)
    for number in range(1, 41):
        late = ("promised",) if number > 32 else ()
        settled(number, WEDNESDAY - DAY * 31, number * 10, late=late, county="620103")
    for number in range(41, 44):
        settled(number, WEDNESDAY - DAY * 62, 5, status="unconfirmed", score=None)
    cache.clear()
    tables._FIGURES.clear()


def table(**asked: Any) -> tables.Table:
    found = Asked(
        **{
            "by": "month",
            "place": "",
            "scenario": "",
            "month": 0,
            "rate": "response",
            "until": MARCH,
            **asked,
        }
    )
    return tables.table(tables.figures().counted(), found)


def test_months(cases: None) -> None:
    found = table()
    assert [row.key for row in found.rows][-3:] == ["2026-01", "2026-02", "2026-03"]
    february = found.rows[-2]
    assert february.totals["raised"] == february.totals["settled"] == 40
    on_time = february.rates["on_time"]
    assert (on_time.count, on_time.of, on_time.rate) == (30, 40, 0.75)
    assert february.rates["resolution"].bound == "above"
    assert february.median_hours == 200
    assert february.mean_score == 4
    assert found.rows[0].totals["raised"] == 0
    assert found.total.totals["raised"] == 45, "44, rounded"


def test_small_counts_are_hidden(cases: None) -> None:
    january, _, march = table().rows[-3:]
    assert january.totals["raised"] is None
    assert march.totals["raised"] is None
    assert january.rates["unconfirmed"] == published.Share(count=None, of=None)
    assert january.median_hours is january.mean_score is None


def test_statements_do_not_grow(cases: None) -> None:
    tables.figures().counted()
    with CaptureQueriesContext(connection) as captured:
        tables.figures().counted()
    assert len(captured) == 4
    with CaptureQueriesContext(connection) as captured:
        Figures(door.office().library, lambda: WEDNESDAY).counted()
    assert len(captured) <= 7


def test_a_command_changes_the_figures_at_once(visitor: Visitor, cases: None) -> None:
    before = tables.figures().counted()
    key = (MARCH, "public_need", "620102")
    assert before.cells[key]["raised"] == 1
    open_need(visitor)
    after = tables.figures().counted()
    assert after.cells[key]["raised"] == 2
    others = {key: cell for key, cell in after.cells.items() if key != (MARCH, "public_need", "620102")}
    assert all(cell is before.cells[key] for key, cell in others.items()), (
        "only the cell of the case is counted"
    )
    tables._FIGURES.clear()
    assert tables.figures().counted().cells == after.cells, "counting all anew gives the same"


def test_another_database_is_counted_anew(visitor: Visitor, cases: None) -> None:
    known = tables.figures().counted()
    stranger = msgspec.structs.replace(known, anchor=b"x" * 32, cells={})
    tables.figures()._counted = stranger
    assert tables.figures().counted().cells == known.cells


def test_much_is_counted_beside(visitor: Visitor, cases: None, monkeypatch: pytest.MonkeyPatch) -> None:
    known = tables.figures().counted()
    monkeypatch.setattr(office_figures, "INLINE", 0)
    begun: list[bool] = []
    monkeypatch.setattr(Figures, "_count_beside", lambda self: begun.append(True))
    open_need(visitor)
    assert tables.figures().counted() is known, "what was known is shown, with its time"
    assert begun
    tables.figures()._count_and_take()
    assert tables.figures().counted().cells[MARCH, "public_need", "620102"]["raised"] == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_count_of_much_is_told_and_not_waited_for(
    visitor: Visitor, cases: None, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setattr(office_figures, "INLINE", 0)
    monkeypatch.setattr(Figures, "_count_beside", lambda self: office_figures._tell(12))
    for page in ("figures/", "figures/public_need/", "figures.csv", "figures.json"):
        answer = visitor.client.get(f"/{lang}/{page}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), page
        assert answer.headers["Cache-Control"] == "no-store"
    visitor.get(f"/{lang}/figures/?by=place")
    assert {"zh": "已统计 12 件，共 44 件", "en": "12 of 44 matters counted"}[lang] in visitor.text
    assert 'hx-get="/' + lang + '/figures/?by=place"' in visitor.html, "it asks again for what was asked"
    monkeypatch.undo()
    tables.figures()._count_and_take()
    assert visitor.get(f"/{lang}/figures/").status == 200


def test_one_process_counts_and_the_others_wait_for_it(cases: None, monkeypatch: pytest.MonkeyPatch) -> None:
    process = 1
    counting: list[Figures] = []
    monkeypatch.setattr(office_figures, "INLINE", 0)
    monkeypatch.setattr(office_figures.os, "getpid", lambda: process)
    one, other = (Figures(door.office().library, lambda: WEDNESDAY) for _ in range(2))
    with monkeypatch.context() as patch:
        patch.setattr(Figures, "_count_and_take", lambda self: counting.append(self))
        with pytest.raises(BeingCounted):
            one.counted()
        assert set(counting) == {one}
        office_figures._tell(7)
        process = 2
        with pytest.raises(BeingCounted) as told:
            other.counted()
        assert (told.value.read, told.value.of) == (7, 44)
        assert set(counting) == {one}, "the second process finds that the first one counts"
        cache.delete("figures.counting")
        with pytest.raises(BeingCounted):
            other.counted()
        assert other in counting, "and counts itself when the first one is not heard of any more"
    cache.delete("figures.counting")
    assert other.counted().cells
    process = 1
    assert one.counted().cells == other.counted().cells, "what one has counted serves all"
    assert cache.get("figures.counting") is None


def test_page_in_both_languages(visitor: Visitor, cases: None) -> None:
    visitor.get("/zh/figures/?rate=on_time")
    assert visitor.status == 200
    assert "约 75%" in visitor.text
    assert "该答复的 45 件里有 35 件" in visitor.text
    assert "不是真实统计" not in visitor.text
    for rate in RATES:
        assert f'id="how-{rate}"' in visitor.html
        assert f'href="#how-{rate}"' in visitor.html
    visitor.get("/en/figures/?by=place")
    assert "Lanzhou" in visitor.text
    visitor.get("/en/figures/?by=place&place=6201")
    assert "Qilihe" in visitor.text
    visitor.get("/en/figures/?place=620103&scenario=public_need&month=2026-02&rate=satisfaction")
    assert "Tell us what happened" in visitor.text
    assert "February" in visitor.text or "Feb 2026" in visitor.text


def test_empty(visitor: Visitor) -> None:
    visitor.get("/zh/figures/")
    assert "这段时间没有事项" in visitor.text
    assert "怎么算的" in visitor.text
    visitor.get("/en/figures/?scenario=exam_id_green_channel")
    assert "Try a wider choice" in visitor.text
    visitor.get("/en/figures/public_need/")
    assert visitor.status == 200


@pytest.mark.parametrize(
    "query",
    [
        "by=town",
        "place=62",
        "place=999999",
        "place=６２０１",
        "scenario=none",
        "month=2026-13",
        "month=2019-01",
        "month=x",
        "rate=x",
    ],
)
@pytest.mark.parametrize("page", ["figures/", "figures.csv", "figures.json", "figures/public_need/"])
def test_impossible_questions_are_refused_in_words(visitor: Visitor, page: str, query: str) -> None:
    visitor.get(f"/zh/{page}?{query}")
    if query.startswith("scenario") and "public_need" in page:
        assert visitor.status == 200, "the page's own scenario counts"
    else:
        assert visitor.status in (400, 404)
        assert "Traceback" not in visitor.text


def test_csv_and_json_say_the_same(visitor: Visitor, cases: None) -> None:
    visitor.get("/zh/figures.csv")
    assert visitor.html.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(visitor.html.lstrip("\ufeff"))))
    answer = visitor.client.get("/en/figures.json").json()
    assert [row["key"] for row in rows] == [*(row["key"] for row in answer["rows"]), "total"]
    for row, told in zip(rows, [*answer["rows"], answer["total"]], strict=True):
        for name in published.TOTALS:
            assert row[name] == ("" if told[name] is None else str(told[name]))
        for rate in RATES:
            of = told["rates"][rate]["of"]
            assert row[f"{rate}_of"] == ("" if of is None else str(of))
    assert rows[-3]["key"] == "2026-02"
    assert rows[-3]["raised"] == "40"
    assert answer["rows"][-1]["raised"] is None
    assert answer["rows"][-2]["median_hours"] == 200
    assert answer["source"] == rows[0]["source"] == "own"


def fields(value: Any, prefix: str = "") -> Iterator[str]:
    """Return the names of a document's fields, as its page names them."""
    if isinstance(value, list):
        for each in value:
            yield from fields(each, prefix + "[]")
    elif isinstance(value, dict) and set(value) != {"zh", "en"}:
        for name, inner in value.items():
            path = f"{prefix}.{name}" if prefix else name
            yield from fields(inner, path)
    else:
        yield re.sub(r"\b(" + "|".join(RATES) + r")\b", "<rate>", prefix)


@pytest.mark.parametrize("path", ["figures.json", "figures/public_need.json"])
def test_every_field_is_described(visitor: Visitor, cases: None, path: str) -> None:
    answer = visitor.client.get(f"/en/{path}").json()
    assert answer["format"] == data.FORMAT
    page = (Path(__file__).parents[2] / "docs" / "offices" / "figures-data.md").read_text("utf-8")
    described = set(re.findall(r"`([^`\n]+)`", page))
    assert {*fields(answer)} <= described


def test_csv_columns_are_described(visitor: Visitor, cases: None) -> None:
    page = (Path(__file__).parents[2] / "docs" / "offices" / "figures-data.md").read_text("utf-8")
    described = set(re.findall(r"`([^`\n]+)`", page))
    header = visitor.client.get("/en/figures.csv").content.decode("utf-8-sig").splitlines()[0].split(",")
    assert {re.sub("|".join(RATES), "<rate>", name) for name in header} <= described


def test_own_indicators(visitor: Visitor, cases: None) -> None:
    visitor.get("/zh/figures/public_need/")
    assert "按时办结率" in visitor.text
    assert "目标 95%" in visitor.text
    assert "status" not in visitor.text, "every name is said in words"
    answer = visitor.client.get("/en/figures/public_need.json").json()
    found = {each["key"]: each for each in answer["indicators"]}
    assert (found["on_time"]["count"], found["on_time"]["of"]) == (35, 45)
    assert found["satisfaction"]["value"] == 4
    assert found["hours_to_accept"]["value"] == 1
    assert [month["of"] for month in found["on_time"]["months"]] == [None, 40, 0]


def test_every_indicator_of_the_shelf_is_said_in_words(visitor: Visitor, clock: Clock) -> None:
    for name, scenario in door.scenarios().items():
        visitor.get(f"/en/figures/{name}/")
        for indicator in scenario.indicators.values():
            assert indicator.title.en in visitor.text
        said = " ".join(visitor.text.split(" How it is counted ")[:1])
        assert not re.search(r"\bcase\.|form\.|[a-z]+_[a-z]+", said), name


def test_each_figure_says_where_it_is_from(visitor: Visitor, cases: None, demo: None) -> None:
    visitor.get("/en/figures/")
    assert "generated by this demonstration" in visitor.text
    assert visitor.client.get("/en/figures.json").json()["source"] == "generated"


def test_today_counts_the_local_day(visitor: Visitor, clock: Clock) -> None:
    open_need(visitor)
    start = WEDNESDAY - 11 * HOUR
    add(1, opened=start)
    add(2, opened=start - 1)
    cache.clear()
    assert count.today(WEDNESDAY).raised == 2


def test_what_models_have_found_is_not_called_raised(visitor: Visitor, clock: Clock) -> None:
    open_need(visitor)
    assert "found by models" not in visitor.get("/en/").text
    for number in (1, 2, 3):
        add(number, scenario="fire_equipment_due", opened=WEDNESDAY, channel="model")
    cache.clear()
    found = count.today(WEDNESDAY)
    assert (found.raised, found.found) == (1, 3)
    assert "raised 1 found by models 3 struck off 0" in visitor.get("/en/").text


def test_slow_figures_are_kept_for_a_while(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 100, 3))
    monkeypatch.setattr(count.time, "perf_counter", lambda: next(ticks))
    calls: list[int] = []
    for _ in range(3):
        count.remembered("x", lambda: calls.append(1) or len(calls))
    assert calls == [1]


def test_a_server_gets_ready_beforehand(
    visitor: Visitor, cases: None, caplog: pytest.LogCaptureFixture
) -> None:
    warm.warm()
    assert caplog.records == []
    kept = Figures(door.office().library, lambda: WEDNESDAY)
    assert kept.counted().cells == tables.figures().counted().cells, (
        "the next process begins with what was counted"
    )


def test_what_was_counted_is_not_read_when_it_cannot_be(cases: None) -> None:
    known = tables.figures().counted()
    cache.set("figures.counted.1", b"\x93not this", None)
    tables._FIGURES.clear()
    assert tables.figures().counted().cells == known.cells


def test_a_chart_is_drawn_with_gaps_and_without_style() -> None:
    values = (0.5, None, 0.75, 0.9)
    drawn = charts.trend(tuple(charts.Point(f"{n}月", value) for n, value in enumerate(values, 1)))
    assert drawn.startswith("<svg ")
    assert "var(--accent)" in drawn
    assert "style=" not in drawn, "the policy of the pages does not allow it"
    assert "<script" not in drawn
    assert drawn.count("M0,") + drawn.count('class="mark-symbol') > 0


@given(st.dictionaries(st.integers(0, 500), st.integers(1, 20), min_size=1, max_size=30))
def test_median_is_the_middle_one(hours: dict[int, int]) -> None:
    every = sorted(hour for hour, number in hours.items() for _ in range(number))
    assert published.median(hours) == every[(len(every) - 1) // 2]


# --- nothing that is hidden follows from what is told (docs/decisions/0012-rounded-figures.md) ---


@given(st.integers(0, 100_000))
def test_a_published_count_is_a_range_of_five_or_nothing(exact: int) -> None:
    told = published.count(exact)
    if exact == 0:
        assert told == 0
    elif exact < 5:
        assert told is None
    else:
        assert told is not None
        assert told % 5 == 0
        assert abs(told - exact) <= 2


@given(st.lists(st.one_of(st.integers(0, 9), st.integers(5, 500)), min_size=2, max_size=15))
def test_subtracting_leaves_a_range(counts: list[int]) -> None:
    """Between a total and the other rows lies a range of at least five, whatever the counts are."""
    total = published.count(sum(counts))
    told = [published.count(each) for each in counts]
    for n, each in enumerate(told):
        if each is None and total is not None:
            others = [
                (0, 0) if one == 0 else (1, 4) if one is None else (one - 2, one + 2)
                for m, one in enumerate(told)
                if m != n
            ]
            low = total - 2 - sum(high for _, high in others)
            high = total + 2 - sum(low for low, _ in others)
            assert low <= counts[n] <= high
            assert high - low >= 4


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 4), st.integers(0, 4))
def test_a_rate_tells_no_more_than_its_two_counts(part: int, whole: int, other: int, another: int) -> None:
    """Counts that are told alike have the same rate, in whatever table they stand."""

    def alike(exact: int, step: int) -> int:
        told = published.count(exact)
        return 0 if told == 0 else 1 + step % 4 if told is None else told - 2 + step

    part = min(part, whole)
    same = published.share(min(alike(part, other), alike(whole, another)), alike(whole, another))
    told = published.share(part, whole)
    if (same.count, same.of) == (told.count, told.of):
        assert same == told
    if told.rate is not None and told.count is not None and told.of:
        assert told.rate == round(told.count / told.of, 2)
        assert told.of >= published.ENOUGH


@st.composite
def towns(draw: st.DrawFn) -> Counted:
    """Cells of two cities with two counties each, two scenarios and four months, with small counts and large ones."""
    cells: dict[Key, Cell] = {}
    some = st.one_of(st.integers(0, 7), st.integers(8, 120))
    for month in range(MARCH - 3, MARCH + 1):
        for scenario in ("public_need", "small_case"):
            for county in ("620102", "620103", "620502", "620503"):
                if draw(st.booleans()):
                    cell = Cell()
                    cell.counts = [draw(some) for _ in COUNTS]
                    for rate in RATES:
                        of = COUNTS.index(rate + OF)
                        cell.counts[COUNTS.index(rate)] = min(
                            cell.counts[COUNTS.index(rate)], cell.counts[of]
                        )
                    cells[month, scenario, county] = cell
    return Counted(at=WEDNESDAY, position=1, anchor=b"", recent=frozenset(), versions={}, cells=cells)


def questions() -> Iterator[Asked]:
    """Every question that can be asked about such a town."""
    for place in ("", "6201", "6205", "620102", "620103", "620502", "620503"):
        for scenario in ("", "public_need", "small_case"):
            for month in (0, *range(MARCH - 3, MARCH + 1)):
                asked = Asked(
                    by="month", place=place, scenario=scenario, month=month, rate="response", until=MARCH
                )
                for by in tables.breakdowns(asked):
                    yield asked.but(by=by)


def narrowed(asked: Asked, key: str) -> tuple[str, str, int]:
    """Return what a row is about: place, scenario, month."""
    place, scenario, month = asked.place, asked.scenario, asked.month
    if key == "total":
        return place, scenario, month
    if asked.by == "month":
        return place, scenario, int(key[:4]) * 12 + int(key[5:]) - 1
    return (place, key, month) if asked.by == "scenario" else (key, scenario, month)


@settings(max_examples=15, deadline=None)
@given(towns())
def test_what_is_told_is_told_the_same_everywhere(town: Counted) -> None:
    """Over all tables of a city: the same cell says the same, and each count is zero, hidden, or a multiple of five.

    So no two tables can be compared to get what one of them hides: whatever is told follows from counts that were rounded one
    by one, never from an exact number. JSON, CSV and the map are made of the same rows.
    """
    known: dict[tuple[str, str, int], tuple[Any, Any]] = {}
    for asked in questions():
        found = tables.table(town, asked)
        for row in (*found.rows, found.total):
            about = narrowed(asked, row.key)
            told = (row.totals, row.rates)
            assert known.setdefault(about, told) == told
            counts = [
                *row.totals.values(),
                *(n for share in row.rates.values() for n in (share.count, share.of)),
            ]
            assert all(each is None or (each >= 0 and each % 5 == 0) for each in counts)
            for share in row.rates.values():
                if share.rate is not None:
                    assert share.count is not None
                    assert share.of is not None
                    assert share.rate == round(share.count / share.of, 2)
            as_json, as_csv = data._row(asked, row), data._cells(row)
            plain = [as_json[name] for name in published.TOTALS]
            plain += [
                each
                for rate in RATES
                for each in (as_json["rates"][rate][part] for part in ("rate", "count", "of"))
            ]
            assert as_csv[: len(plain)] == ["" if each is None else each for each in plain]


@settings(max_examples=25, deadline=None)
@given(towns(), st.data())
def test_a_change_is_told_only_where_rounding_cannot_be_the_reason(
    town: Counted, choose: st.DataObject
) -> None:
    one, other = (choose.draw(st.sampled_from(sorted(town.cells))) if town.cells else None for _ in range(2))
    if one is None or other is None:
        return
    for rate in RATES:
        pairs = [(town.cells[key][rate], town.cells[key][rate + OF]) for key in (one, other)]
        change = published.change(*(published.share(*pair) for pair in pairs))
        if change is not None and change.points:
            (part, whole), (before, all_before) = pairs
            assert (part / whole > before / all_before) == (change.points > 0)


@pytest.mark.parametrize(
    ("query", "by"),
    [
        ("", "month"),
        ("?month=2026-02", "scenario"),
        ("?by=county&place=6201", "place"),
        ("?by=county&place=620102", "month"),
        ("?by=scenario&scenario=small_case", "month"),
        ("?by=month&month=2026-02&scenario=small_case", "place"),
    ],
)
def test_a_breakdown_that_makes_no_sense_gives_the_next_best(
    visitor: Visitor, clock: Clock, query: str, by: str
) -> None:
    assert visitor.client.get(f"/en/figures.json{query}").json()["by"] == by
