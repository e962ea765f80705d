"""The board: counted right, in few statements, by whom it concerns; orders by the same door as everywhere."""

from __future__ import annotations

import re
from collections import Counter
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.site import BUREAU, CHIEF, DISPATCHER, STREET, Clock, Visitor, open_need
from tests.web.town import NOW, replayed

from zhuoli.core.case.events import Passed
from zhuoli.core.case.rows import TaskRow, rows
from zhuoli.core.case.state import OPEN_STATUS, Case
from zhuoli.core.worktime.instants import DAY, HOUR, day_begins, day_of
from zhuoli.office import access, board, flow, inbox, read
from zhuoli.office.reach import Reach
from zhuoli.office.reach import reach as reach_of
from zhuoli.store.models import CaseRecord
from zhuoli.web import door
from zhuoli.web.board import maps

HEAD = "dispatch-6201/supervisor"
POSTS = (CHIEF, "gov-6201/supervisor", "gov-62/supervisor", "psb-620102/supervisor", HEAD, DISPATCHER)


def viewer(post: str) -> access.Viewer:
    unit, _, title = post.partition("/")
    roles = ("dispatcher",) if title == "dispatcher" else ("officer", "supervisor")
    return access.Viewer(kind="post", unit=unit, post=post, roles=roles)


def reach(post: str) -> Reach:
    directory = door.directory()
    return reach_of(viewer(post), directory, directory.units)


def seen(post: str) -> list[Case]:
    """The cases that the post may see, said by the module that says it for one case."""
    found = []
    for case in replayed():
        try:
            access.require_sight(viewer(post), case, door.directory())
        except access.Denied:
            continue
        found.append(case)
    return found


@pytest.mark.parametrize("post", POSTS)
def test_counts_equal_a_recount_from_the_ledger(town: Clock, post: str) -> None:
    own = reach(post)
    counted: Counter[tuple[str, str, str]] = Counter()
    for case in replayed():
        within = case.dispatcher == own.dispatcher if own.dispatcher else case.unit in own.units
        if case.status not in OPEN_STATUS or not within:
            continue
        row = rows(case)
        first = row.tasks.get("loop.accept") or row.tasks.get("loop.triage")
        if row.case.promised is None and row.case.due is None and not row.case.stopped and first:
            colour = inbox.colour_of(first.due, first.promised, first.stopped, first.since, NOW)
        else:
            since = row.case.accepted or row.case.opened
            colour = inbox.colour_of(row.case.due, row.case.promised, row.case.stopped, since, NOW)
        counted[case.unit, case.territory[:6], colour] += 1
    groups = board.counts(board.cases_of(own), "county", NOW)
    assert {(each.unit, each.place, each.colour): each.number for each in groups} == counted
    assert len(groups) == len(counted)
    if post != "psb-620102/supervisor":
        assert sum(counted.values()) > 3


@pytest.mark.parametrize("post", POSTS)
def test_board_shows_nothing_that_the_post_may_not_see(town: Clock, post: str) -> None:
    allowed = {case.id for case in seen(post)}
    assert set(board.cases_of(reach(post)).values_list("id", flat=True)) <= allowed


def test_flow_equals_a_recount_from_the_ledger(town: Clock) -> None:
    start = day_begins(day_of(NOW))
    for week in range(4):
        begin = start - week * 7 * DAY
        counted = {series: [0] * 24 for series in flow.SERIES}
        for case in replayed():
            passed = [
                entry.at
                for entry in read.history(case.id)
                for event in entry.events
                if isinstance(event, Passed) and event.clock == "case"
            ]
            instants = {
                "raised": case.opened,
                "settled": case.ended if case.status == "settled" else None,
                # The clock's own instant, not that of the worker who noticed.
                "late": _ran_out(case) if passed else None,
            }
            for series, at in instants.items():
                if at is not None and begin <= at < begin + DAY:
                    counted[series][(at - begin) // HOUR] += 1
        cases = CaseRecord.objects.all()
        assert flow.today(cases, begin + DAY - 1) == {key: tuple(hours) for key, hours in counted.items()}


def _ran_out(case: Case) -> int | None:
    clock = case.clocks["case"]
    term = clock.promised or clock.statutory
    return term.due if term else None


def test_usual_is_the_middle_of_days_like_this(town: Clock) -> None:
    calendar = door.calendar()
    cases = CaseRecord.objects.all()
    usual, days = flow.usual(cases, NOW, calendar)
    starts = flow.like_days(NOW, calendar, cases.order_by("opened").first().opened)
    assert days == len(starts) >= flow.ENOUGH
    assert usual is not None
    totals = sorted(sum(flow.today(cases, start)["raised"]) for start in starts)
    assert totals[0] <= usual["raised"].middle[-1] <= totals[-1]
    for series in flow.SERIES:
        low, middle, high = usual[series].low, usual[series].middle, usual[series].high
        assert all(a <= b <= c for a, b, c in zip(low, middle, high, strict=True))
        assert list(middle) == sorted(middle)


def test_like_days_are_working_days_as_today_is(clock: Clock) -> None:
    calendar = door.calendar()
    # Wednesday 2026-02-18 lay in the Spring Festival.
    starts = flow.like_days(NOW, calendar, 0)
    assert all(calendar.is_working(day_of(start)) for start in starts)
    assert day_begins(day_of(NOW) - 14) not in starts
    assert flow.like_days(NOW, calendar, None) == []
    assert flow.like_days(NOW, calendar, NOW - 3 * DAY) == []


def test_decisions_are_the_late_and_the_forgotten_the_worst_first(town: Clock) -> None:
    cases = board.cases_of(reach("gov-62/supervisor"))
    found = board.decisions(cases, "gov-62", NOW)
    states = {case.id: case for case in replayed()}
    listed = {each.case for each in found.found}
    for each in found.found:
        case = states[each.case]
        assert case.status in OPEN_STATUS
        assert each.reasons[0].weight == each.weight == min(reason.weight for reason in each.reasons)
        assert each.weight < board.EXPLAINS
    assert [each.weight for each in found.found] == sorted(each.weight for each in found.found)
    red = {row.id for row in board.open_of(cases, NOW) if row.colour == "red" and row.status == "accepted"}
    ordered = {
        case.id
        for case in states.values()
        if any(
            name.startswith("loop.supervision:")
            and item.state == "active"
            and name in (tasks := rows(case).tasks)
            and _instant(tasks[name]) >= NOW
            for name, item in case.items.items()
        )
    }
    assert red, "the town is too punctual for this test"
    assert red - listed <= ordered, "what is late is listed, unless somebody has an order to answer"


def _instant(task: TaskRow) -> int:
    return task.promised or task.due or board.LAST


def test_statements_do_not_grow(town: Clock, visitor_of_town: Visitor) -> None:
    for path, most in (("board/", 16), ("board/matters/", 7), ("board/matters/?need=decision", 9)):
        with CaptureQueriesContext(connection) as captured:
            visitor_of_town.get(f"/zh/{path}")
        assert visitor_of_town.status == 200
        assert len(captured) <= most, (path, [each["sql"][:90] for each in captured])


@pytest.fixture
def visitor_of_town(town: Clock, demo: None) -> Visitor:
    visitor = Visitor()
    visitor.be(DISPATCHER)
    return visitor


def test_open_screen_is_told_only_what_changed(town: Clock, visitor_of_town: Visitor) -> None:
    client = visitor_of_town.client
    first = client.get("/zh/board/live/")
    assert first.status_code == 200
    tag = first.headers["ETag"]
    with CaptureQueriesContext(connection) as captured:
        again = client.get("/zh/board/live/", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.headers["X-As-Of"]
    assert again.headers["Cache-Control"] == "no-store"
    assert len(captured) <= 3, "session, post, and the number of the last entry"
    top, *rest = tag.strip('"').split(".")
    part = client.get("/zh/board/live/", headers={"If-None-Match": '"' + ".".join(["x", *rest]) + '"'})
    assert part.content.decode().count("hx-swap-oob") == 1
    assert f'id="board-top" class="part board-top" data-mark="{top}"' in part.content.decode()


@pytest.fixture
def late(visitor: Visitor, clock: Clock, demo: None) -> int:
    """A lamp that a bureau should have taken up days ago."""
    open_need(visitor)
    clock.pass_hours(24 * 6)
    return CaseRecord.objects.get().id


def test_board_says_what_is_wrong_and_who_has_it(visitor: Visitor, late: int) -> None:
    visitor.be(CHIEF)
    visitor.get("/en/board/")
    assert re.search(r"not taken up, \d+ (days|h) late", visitor.text)
    assert "Chengguan District Urban Management Bureau" in visitor.text
    visitor.get(f"/en/board/matters/?place={STREET[:9]}&colour=red")
    assert visitor.html.count("<td><a href") == 1
    visitor.get("/en/board/matters/?colour=green")
    assert "There are none." in visitor.text
    visitor.get("/en/board/units/")
    assert "Chengguan District Urban Management Bureau" in visitor.text


def test_order_is_given_without_script(visitor: Visitor, late: int) -> None:
    visitor.be(CHIEF)
    visitor.get(f"/en/board/cases/{late}/supervise/")
    visitor.send("/supervise/", order="")
    assert visitor.status == 422
    assert "Please fill this in" in visitor.text
    visitor.send("/supervise/", order="Go there today.", within="4 hours")
    assert visitor.path == "/en/board/"
    assert "The order was given." in visitor.text
    assert "Nothing needs a decision now." in visitor.text
    assert "1 more have an order" in visitor.text
    assert door.load(late).supervisions == 1


def test_unanswered_order_comes_back(visitor: Visitor, late: int, clock: Clock) -> None:
    visitor.be(CHIEF)
    visitor.get(f"/en/board/cases/{late}/supervise/")
    visitor.send("/supervise/", order="Go there today.", within="4 hours")
    clock.pass_hours(5)
    visitor.get("/en/board/")
    assert "order not answered, 1 h" in visitor.text


def test_reroute_can_be_taken_back_until_something_happens(visitor: Visitor, late: int, clock: Clock) -> None:
    visitor.be(DISPATCHER)
    visitor.get(f"/en/board/cases/{late}/route/")
    visitor.send("/route/", unit="psb-620102", reason="It is a traffic light.")
    assert door.load(late).unit == "psb-620102"
    form = visitor.form("/undo/")
    stale = dict(form.fields)
    visitor.send("/undo/")
    assert "taken back" in visitor.text
    assert door.load(late).unit == "urban-620102"
    token = {**stale, "csrfmiddlewaretoken": visitor.client.cookies["csrftoken"].value}
    again = visitor.client.post(form.action, token)
    assert again.status_code == 409
    assert door.load(late).unit == "urban-620102"


def test_somebody_else_was_faster(visitor: Visitor, late: int) -> None:
    visitor.be(CHIEF)
    visitor.get(f"/en/board/cases/{late}/supervise/")
    other = Visitor()
    other.be(DISPATCHER)
    other.get(f"/en/board/cases/{late}/urge/")
    other.send("/urge/")
    visitor.send("/supervise/", order="Go there today.")
    assert visitor.status == 409
    assert "Go there today." in visitor.html, "what was typed is still there"
    assert door.load(late).supervisions == 0


@pytest.mark.parametrize("command", ["close", "accept", "nonsense", "erase"])
def test_board_gives_orders_and_nothing_else(visitor: Visitor, late: int, command: str) -> None:
    visitor.be(CHIEF)
    visitor.get(f"/en/board/cases/{late}/{command}/")
    assert visitor.status == 409


def test_who_has_a_board(visitor: Visitor, late: int) -> None:
    visitor.get("/en/board/")
    assert visitor.status == 403
    visitor.be(BUREAU)
    assert "/en/board/" not in visitor.html
    visitor.get("/en/board/")
    assert visitor.status == 403
    visitor.be("gov-620103/supervisor")
    visitor.get("/en/board/")
    assert visitor.status == 200
    assert "Nothing needs a decision now." in visitor.text
    visitor.get(f"/en/board/cases/{late}/urge/")
    assert visitor.status == 403


@pytest.mark.parametrize(
    "query",
    ["place=620199", "place=63", "place=6201020010", "place=x", "place=620103", "colour=blue", "unit=none-1"],
)
def test_impossible_parameters_are_told(visitor: Visitor, late: int, query: str) -> None:
    visitor.be(CHIEF)
    visitor.get(f"/en/board/matters/?{query}")
    assert visitor.status == 400


@pytest.mark.parametrize("after", ["x", "1", "1.x", "9" * 30 + ".1", "1." + "9" * 30, "-1.1"])
def test_impossible_cursors_are_told(visitor: Visitor, late: int, after: str) -> None:
    visitor.be(CHIEF)
    visitor.get(f"/en/board/matters/?after={after}")
    assert visitor.status == 400


def test_list_is_read_page_by_page(
    town: Clock, visitor_of_town: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhuoli.web.board import lists

    monkeypatch.setattr(lists, "PAGE", 7)
    found: list[str] = []
    path = "/zh/board/matters/"
    for _ in range(30):
        visitor_of_town.get(path)
        found += re.findall(r'<td><a href="/zh/desk/cases/(\d+)/"', visitor_of_town.html)
        more = re.search(r'href="([^"]+)" rel="next"', visitor_of_town.html)
        if not more:
            break
        path = more[1].replace("&amp;", "&")
    open_cases = board.open_of(board.cases_of(reach(DISPATCHER)), NOW)
    assert sorted(map(int, found)) == sorted(row.id for row in open_cases)


def test_a_case_begun_again_was_late_and_is_not_said_to_be() -> None:
    row = SimpleNamespace(
        unit="u", priority="normal", status="accepted", late_statutory=True, due=NOW + 2 * DAY, colour="amber",
        instant=NOW + 2 * DAY, opened=NOW - 40 * DAY, urges=0, reopenings=1,
    )  # fmt: skip
    assert [each.why for each in board._reasons(row, [], "u", NOW)] == ["was_late", "reopened"]
    row.due, row.instant, row.colour = NOW - DAY, NOW - DAY, "red"
    assert board._reasons(row, [], "u", NOW)[0].why == "statutory"


@pytest.mark.parametrize("post", [*POSTS, "urban-620102/officer"])
def test_the_menu_leads_to_each_page_once(town: Clock, demo: None, post: str) -> None:
    visitor = Visitor()
    visitor.be(post)
    menu = visitor.get("/zh/desk/").html.split('class="menu"')[1].split("</ul>")[0]
    links = re.findall(r'href="([^"]+)"', menu)
    assert len(links) == len(set(links)) >= 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whatever_is_late_has_its_number_on_the_map(town: Clock, lang: str) -> None:
    """Names never take the room of a number: where there is none, nothing is late."""
    found = maps._shapes("6201")
    assert found is not None
    names = {
        one.territory[:6]: door.places().full_name(one.territory, skip=2) for one in found[1] if one.territory
    }
    areas = {
        code: maps.Area(
            code=code,
            name=name.in_language(lang) if name else code,
            url="",
            colours={"red": 1},
            late=1,
            open=1,
            step=1,
            said="",
        )
        for code, name in names.items()
    }
    drawn = maps._labelled(found[1], areas, maps.WIDTH / 25, lang)
    assert [one.area.name for one in drawn if one.area and not one.numbered] == []
    assert sum(one.named for one in drawn) >= 4
