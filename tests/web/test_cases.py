"""How answers are said on pages."""

from __future__ import annotations

import pytest
from tests.web.site import Clock

from zhuoli.core.scenario.model import Question
from zhuoli.core.text import Text
from zhuoli.web import door
from zhuoli.web.cases import Now, in_words
from zhuoli.web.wording import text


@pytest.mark.parametrize("kind", ["yes_no", "calculate"])
def test_a_conclusion_is_yes_or_no_not_a_word_of_the_program(kind: str) -> None:
    question = Question(type=kind, title=Text("不足七日", "Less than seven days"))  # type: ignore[arg-type]
    assert in_words(question, True, None) == Text("是", "Yes")
    assert in_words(question, False, None) == Text("否", "No")


def test_needs_are_what_the_public_raises(clock: Clock) -> None:
    own = door.own_work()
    rounds, found, campaigns = (
        "village_duty",
        "van_inspection_overdue",
        {"van_safety_campaign", "van_campaign_order"},
    )
    assert {rounds, found, *campaigns} <= own
    assert not own & {"public_need", "enterprise_problem_list", "minor_accident", "legal_service_request"}


@pytest.mark.parametrize(
    ("who", "acting", "told"),
    [
        ("Yuzhong station", True, "Yuzhong station is looking at it"),
        ("Yuzhong station", False, None),
        (None, True, None),
    ],
)
def test_an_office_reads_who_acts_unless_it_is_the_person_or_nobody(
    who: str | None, acting: bool, told: str | None
) -> None:
    now = Now(
        who=Text("榆中派出所", who) if who else text("now.you"),
        what=Text("正在核实", "is looking at it"),
        open=acting,
    )
    assert now.told == (Text("榆中派出所正在核实", told) if told else None)
