"""A campaign on the board: counted right by wave and place, what is overdue with its task, and what was learned."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.site import BUREAU, Clock, Visitor
from tests.web.town import NOW, replayed

from zhuoli.core.case.state import OPEN_STATUS, Case
from zhuoli.office import board, progress
from zhuoli.office.access import Viewer
from zhuoli.office.reach import Reach
from zhuoli.office.reach import reach as reach_of
from zhuoli.store.models import CaseRecord
from zhuoli.web import door

HEAD = "dispatch-6201/supervisor"
NAME = "van_safety_campaign"
PAGE = f"board/progress/?scenario={NAME}"


def reach(post: str) -> Reach:
    directory = door.directory()
    viewer = Viewer(kind="post", unit=post.partition("/")[0], post=post, roles=("officer", "supervisor"))
    return reach_of(viewer, directory, directory.units)


def signed_in(post: str) -> Visitor:
    visitor = Visitor()
    visitor.be(post)
    return visitor


def targets() -> list[Case]:
    return [
        case for case in replayed() if case.scenario == NAME and case.dispatcher == reach(HEAD).dispatcher
    ]


def behind(case: Case) -> bool:
    """Whether a unit has a task in the case whose time has passed, told by the clocks of the state."""
    if case.status not in OPEN_STATUS:
        return False
    for name, item in case.items.items():
        clock = case.clocks.get(name)
        if (
            item.state != "active"
            or not item.unit
            or clock is None
            or clock.stopped
            or clock.ended is not None
        ):
            continue
        term = clock.promised or clock.statutory
        if term is not None and term.due is not None and term.due < NOW:
            return True
    return False


def test_progress_equals_a_recount_from_the_ledger(town: Clock, demo: None) -> None:
    found = targets()
    assert len(found) > 5
    plan = door.office().library.current(NAME)
    assert plan.scenario.progress is not None
    own = board.cases_of(reach(HEAD)).filter(scenario=NAME)
    stands = progress.standing(own, plan.scenario.progress, "county", NOW, door.office().library.pinned)
    cells = {key: (count.cases, count.steps, count.open, count.late) for key, count in stands.by.items()}
    expected: dict[tuple[str, str], tuple[int, list[int], int, int]] = {}
    for case in found:
        answers = case.answers
        wrong = answers.get("findings.term") not in (None, "nothing")
        steps = [
            "assign.team" in answers,
            "inspect.vans_checked" in answers,
            wrong,
            wrong and case.result == "fixed" and case.status in ("closed", "settled"),
            wrong and case.result == "handed_on" and case.status in ("closed", "settled"),
        ]
        key = (str(answers["form.wave"]), case.territory[:6])
        cases, sums, open_, late = expected.get(key, (0, [0] * 5, 0, 0))
        expected[key] = (
            cases + 1,
            [a + b for a, b in zip(sums, steps, strict=True)],
            open_ + (case.status in OPEN_STATUS),
            late + behind(case),
        )
    assert cells == expected
    stages = Counter(case.status in OPEN_STATUS for case in found)
    assert sum(number for number, _ in stands.stages.values()) == stages[True]


def test_the_page_tells_waves_places_and_what_is_stuck(town: Clock, demo: None) -> None:
    visitor = signed_in(HEAD)
    for lang, words in (
        ("zh", ("按波次", "第一波：营运车", "卡在哪里")),
        ("en", ("By wave", "Third: frequent fixed lines")),
    ):
        text = visitor.get(f"/{lang}/{PAGE}").html
        assert visitor.status == 200
        assert all(word in text for word in words)
        assert re.search(
            r"<tfoot>.*?<td class=\"number\"[^>]*>" + str(len(targets())) + "</td>", text, re.DOTALL
        )
    place = Counter(case.territory[:6] for case in targets()).most_common(1)[0][0]
    narrowed = visitor.get(f"/zh/{PAGE}&place={place}").html
    one = [case for case in targets() if case.territory.startswith(place)]
    assert re.search(r"<tfoot>.*?<td class=\"number\"[^>]*>" + str(len(one)) + "</td>", narrowed, re.DOTALL)


def test_a_campaign_without_a_target_says_so(clock: Clock, demo: None) -> None:
    visitor = signed_in(HEAD)
    for path in (PAGE, f"board/progress/after/?scenario={NAME}"):
        assert "还没有目标" in visitor.get(f"/zh/{path}").text
        assert visitor.status == 200


def test_it_takes_few_statements_however_many_cases(town: Clock, demo: None) -> None:
    visitor = signed_in(HEAD)
    visitor.get(f"/zh/{PAGE}")
    with CaptureQueriesContext(connection) as asked:
        visitor.get(f"/zh/{PAGE}")
    assert len(asked) <= 16


def test_looking_back_tells_what_was_written_down(town: Clock, demo: None) -> None:
    order = CaseRecord.objects.filter(scenario="van_campaign_order").get()
    page = signed_in("psb-62/supervisor").get(f"/zh/board/progress/after/?scenario={NAME}").html
    assert "面包车交通安全整治（演示）" in page
    assert str(order.id) in page
    assert "evaluate" in page
    other = signed_in("psb-620102/supervisor").get(f"/zh/board/progress/after/?scenario={NAME}")
    assert "还没有这次行动的命令" in other.html


def test_without_a_name_the_first_campaign_is_shown(town: Clock, demo: None) -> None:
    visitor = signed_in(HEAD)
    assert visitor.get("/zh/board/progress/").text == visitor.get(f"/zh/{PAGE}").text


@pytest.mark.parametrize(
    "query", ["?scenario=public_need", "?scenario=nothing", f"?scenario={NAME}&place=99"]
)
def test_what_is_no_campaign_or_no_place(town: Clock, demo: None, query: str) -> None:
    visitor = signed_in(HEAD)
    for name in ("board/progress/", "board/progress/after/"):
        assert visitor.get(f"/zh/{name}{query}").status == (400 if "place" in query else 404)


def test_the_board_leads_there_and_nobody_else_gets_in(town: Clock, demo: None) -> None:
    assert f"scenario={NAME}" in signed_in(HEAD).get("/zh/board/").html
    assert signed_in(BUREAU).get(f"/zh/{PAGE}").status == 403
