"""Near or not near: worked examples of what is suggested as a duplicate, and what is not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.shelf import project_shelf
from tests.store.databases import TestOffice

from zhuoli.core.case import commands as c
from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.facts import Actor
from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import HOUR
from zhuoli.office import duplicates, read
from zhuoli.office.likeness import LIKELY, Matter, joined, likeness, matter_of, matter_of_form
from zhuoli.office.search import grams
from zhuoli.places import Places

SHELF = project_shelf()
NEED = compile_plan(SHELF.scenarios["public_need"])
CARD = compile_plan(SHELF.scenarios["exam_id_green_channel"])
STREET, NEXT = "620102001000", "620102007000"
HOME, OTHER_HOME = "620102001003", "620102001004"
NOW = 1_772_593_200_000


def name(code: str) -> Text | None:
    return {STREET: Text("酒泉路街道", "Jiuquanlu Subdistrict"), HOME: Text("某社区", "A Community")}.get(
        code
    )


def need(place: str = STREET, hours: float = 0, said: str = "", **answers: Any) -> Matter:
    known = {key.replace("__", "."): value for key, value in answers.items()}
    return matter_of_form(NEED, known, said, place, NOW + int(hours * HOUR))


def lights(*args: Any, **more: Any) -> Matter:
    return need(*args, form__category="road_lighting", **more)


# What is compared, is it suggested, and a word that the reasons hold.
EXAMPLES: dict[str, tuple[Matter, Matter, bool, str]] = {
    "same street, same kind, two hours apart": (lights(), lights(hours=2), True, "相隔 2 小时"),
    "same street, same kind, three days apart": (lights(), lights(hours=72), True, "相隔 3 天"),
    "same street, same kind, three weeks apart": (lights(), lights(hours=21 * 24), False, ""),
    "same community, same kind, two weeks apart": (lights(HOME), lights(HOME, hours=14 * 24), True, "某社区"),
    "same street, other community, same hour": (lights(HOME), lights(OTHER_HOME, hours=1), False, ""),
    "next street, same kind, same minute": (lights(), lights(NEXT), False, ""),
    "same street, other kind, same hour": (
        lights(),
        need(hours=1, form__category="noise", form__noise_from="people"),
        False,
        "",
    ),
    "same noise from two sources": (
        need(form__category="noise", form__noise_from="people"),
        need(form__category="noise", form__noise_from="factory"),
        False,
        "",
    ),
    "heard in the caller's words before a kind is chosen": (
        need(said="我们这儿路灯不亮，黑了一个星期"),
        lights(hours=-0.3),
        True,
        "路灯",
    ),
    "the caller's words say something else": (
        need(said="楼上装修吵得睡不着"),
        lights(hours=-0.3),
        False,
        "",
    ),
    "words agree with what an officer saw": (
        lights(said="第二根灯杆不亮"),
        lights(hours=-20, look__seen="第二根灯杆不亮，灯头老化"),
        True,
        "第二根灯杆不亮",
    ),
    "same kind, but the words are about another thing": (
        lights(said="人行道上井盖丢了"),
        lights(hours=-2, look__seen="第二根灯杆不亮，灯头老化"),
        False,
        "",
    ),
    "kind “other”, without words": (
        need(form__category="other"),
        need(form__category="other", hours=1),
        False,
        "",
    ),
    "only the county is known": (lights("620102000000"), lights("620102000000"), False, ""),
    "more than two months apart": (lights(HOME), lights(HOME, hours=61 * 24), False, ""),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_near_or_not_near(example: str) -> None:
    one, other, near, word = EXAMPLES[example]
    found = likeness(one, other, name)
    assert (found is not None and found.score >= LIKELY) is near, found
    if near:
        assert found is not None
        assert any(word in each.zh for each in found.why), found.why
        assert all(each.en for each in found.why)


@pytest.mark.parametrize(
    ("metres", "near"), [(0, True), (90, True), (480, True), (520, False), (5_000, False)]
)
def test_points_within_five_hundred_metres_are_near(metres: float, near: bool) -> None:
    def at(north: float, place: str) -> Matter:
        return Matter(
            scenario="x",
            territory=place,
            at=NOW,
            point=(103.834, 36.061 + north / 111_195),
            kinds={"form.kind": ("a", Text("甲", "A"))},
        )

    # Across the border of two streets as well.
    found = likeness(at(0, STREET), at(metres, NEXT), name)
    assert (found is not None and found.score >= LIKELY) is near, found


def test_two_people_with_the_same_wish_are_not_the_same_matter() -> None:
    """A matter that is about a person, not about a place, has nothing that could make two of them one."""
    answers = {"form.exam": "gaokao", "form.card": "lost", "form.place": STREET}
    one = matter_of_form(CARD, answers, "", STREET, NOW)
    assert likeness(one, one, name) is None
    # Nor has what officers note while they handle it: both go to the same counter.
    answers["appoint.point"] = "酒泉路派出所户籍窗口"
    one = matter_of_form(CARD, answers, "", STREET, NOW)
    assert likeness(one, one, name) is None


def test_personal_answers_are_never_compared() -> None:
    matter = matter_of_form(NEED, {"form.story": "secret", "form.phone": "1"}, "", STREET, NOW)
    assert matter.words == ()


def test_one_number_of_another_system_is_one_matter() -> None:
    one, other = lights(), need(NEXT, hours=500, form__category="noise")
    both = frozenset({("hotline", "LZ-1")})
    marked = [msgspec.structs.replace(each, numbers=both) for each in (one, other)]
    found = likeness(*marked, name)
    assert found is not None
    assert found.score == 1.0
    assert "LZ-1" in found.why[0].en


MATTERS = st.builds(
    Matter,
    scenario=st.just("s"),
    territory=st.sampled_from([STREET, NEXT, HOME, OTHER_HOME, "620102000000", ""]),
    at=st.integers(NOW - 70 * 24 * HOUR, NOW),
    point=st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    kinds=st.dictionaries(
        st.sampled_from(["a", "b"]), st.tuples(st.sampled_from("xy"), st.just(Text("甲乙", "kind")))
    ),
    words=st.lists(st.text(max_size=12), max_size=2).map(tuple),
)


@given(MATTERS, MATTERS)
def test_likeness_is_a_share_and_the_same_both_ways(one: Matter, other: Matter) -> None:
    here, there = likeness(one, other, name), likeness(other, one, name)
    assert (here is None) == (there is None)
    if here is not None and there is not None:
        assert 0 <= here.score <= 1
        assert here.score == pytest.approx(there.score, abs=0.002)


def test_runs_of_shared_words_are_put_together_again() -> None:
    first = grams("路灯不亮了 street light")
    shared = set(grams("这里路灯不亮 street"))
    assert joined(first, shared) == ["street", "路灯不亮"]


def test_a_fixed_number_of_statements(office: TestOffice) -> None:
    for number in range(12):
        office.clock.now += HOUR
        office.open(answers={"pole": number + 1})
    case = office.open().case
    office.do(case, c.Refer(system="hotline", number="LZ-1"))
    other = office.open(answers={"place": "620103001000"}).case
    office.do(other, c.Refer(system="hotline", number="LZ-1"), "dispatcher")
    plan = office.library.current("lamp")
    state = read.load_state(case, office.alias)
    with CaptureQueriesContext(connections[office.alias]) as asked:
        found = duplicates.suggest(
            matter_of(plan, state),
            lambda version, scenario: office.library.pinned(version, scenario),
            Places(()),
            lambda _: True,
            alias=office.alias,
        )
    assert len(asked) == 8
    assert found[0].case == other
    assert found[0].score == 1.0
    assert len(found) == duplicates.SHOWN
    assert all(each.case != case for each in found)
    nobody = duplicates.suggest(
        matter_of(plan, state),
        lambda version, scenario: office.library.pinned(version, scenario),
        Places(()),
        lambda _: False,
        alias=office.alias,
    )
    assert nobody == []


def test_what_was_told_apart_comes_no_more_on_either(office: TestOffice) -> None:
    one, other, third = (office.open().case for _ in range(3))
    actor = Actor(kind="post", unit="u", post="u/officer", roles=("officer",))
    first = duplicates.tell_apart(other, one, actor, NOW, alias=office.alias)
    again = duplicates.tell_apart(
        one, other, msgspec.structs.replace(actor, post="u/x"), NOW + 1, alias=office.alias
    )
    assert (first.other, again.other) == (one, other)
    assert (again.at, again.post) == (NOW, "u/officer"), "whoever said so first stays named"
    with pytest.raises(ValueError, match=str(one)):
        duplicates.tell_apart(one, one, actor, NOW, alias=office.alias)
    plan = office.library.current("lamp")
    for case, gone in ((one, other), (other, one)):
        subject = matter_of(plan, read.load_state(case, office.alias))
        apart = [each.other for each in duplicates.not_same(case, alias=office.alias)]
        assert apart == [gone]
        found = duplicates.suggest(
            subject, office.library.pinned, Places(()), lambda _: True, apart=apart, alias=office.alias
        )
        assert [each.case for each in found] == [third], gone
