"""Who may see or do this; receipts that forgive slips of reading and catch slips of typing."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest
import tests.web.site  # noqa: F401 - sets Django up
from hypothesis import given
from hypothesis import strategies as st

from zhuoli.core.case.commands import COMMANDS
from zhuoli.core.case.examples import ExampleDirectory
from zhuoli.core.case.state import Case, Item, JointUnit
from zhuoli.core.scenario.directory_words import OTHER_ROLES, ROLES
from zhuoli.core.scenario.model import Channel
from zhuoli.office import access, grants, receipts
from zhuoli.office.receipts import new_receipt
from zhuoli.office.search import grams, resemblance

DIRECTORY = ExampleDirectory()
LEAD = "traffic@620102"


def viewer(unit: str, *roles: str) -> access.Viewer:
    return access.Viewer(kind="post", unit=unit, post=f"{unit}/x", roles=roles)


def case() -> Case:
    return Case(
        id=7,
        receipt="ZL-1",
        unit=LEAD,
        dispatcher="dispatch@6201",
        parties={"requester": "p1"},
        joint={"housing@620102": JointUnit(since=1)},
        items={
            "loop.review": Item(kind="loop", state="active", run=1, since=1, unit="law@6201"),
            "old": Item(kind="human", state="completed", run=1, since=1, unit="gone@620102"),
        },
    )


@pytest.mark.parametrize(
    ("unit", "role", "sees"),
    [
        (LEAD, "officer", True),
        (LEAD, "clerk", True),
        ("traffic@6201", "supervisor", True),
        ("traffic@62", "supervisor", True),
        ("traffic@6201", "officer", False),
        ("traffic@6201", "clerk", False),
        ("dispatch@6201", "dispatcher", True),
        ("dispatch@6201", "phone_desk", True),
        ("housing@620102", "officer", True),
        ("housing@620102", "partner", True),
        ("law@6201", "officer", True),
        ("gone@620102", "officer", False),
        ("traffic@620103", "officer", False),
        ("traffic@620103", "supervisor", False),
        ("housing@6201", "officer", False),
        ("dispatch@6202", "dispatcher", False),
        # No role, or one that handles nothing.
        (LEAD, "", False),
        (LEAD, "author", False),
        (LEAD, "administrator", False),
        ("traffic@6201", "administrator", False),
        # Only what is given to the post itself.
        (LEAD, "auxiliary", False),
        ("law@6201", "auxiliary", False),
    ],
)
def test_who_sees_a_case(unit: str, role: str, sees: bool) -> None:
    someone = viewer(unit, *filter(None, [role]))
    if sees:
        access.require_sight(someone, case(), DIRECTORY)
    else:
        with pytest.raises(access.Denied) as denied:
            access.require_sight(someone, case(), DIRECTORY)
        assert denied.value.code in ("not_yours", "role_missing")
        assert denied.value.remedy.zh
        assert denied.value.remedy.en


def test_an_auxiliary_sees_the_case_of_its_own_task_while_it_has_it() -> None:
    someone = viewer(LEAD, "auxiliary")

    def task(state: str, post: str, role: str = "") -> Case:
        item = Item(kind="human", state=state, run=1, since=1, unit=LEAD, post=post, role=role)  # type: ignore[arg-type]
        return msgspec.structs.replace(case(), items={"visit": item})

    access.require_sight(someone, task("active", someone.post), DIRECTORY)
    access.require_sight(someone, task("active", "", "auxiliary"), DIRECTORY)
    for other in (
        task("completed", someone.post),
        task("active", "a colleague"),
        task("active", "a colleague", "auxiliary"),
        task("active", "", "officer"),
        task("active", ""),
    ):
        with pytest.raises(access.Denied):
            access.require_sight(someone, other, DIRECTORY)


def test_every_role_is_granted_something_or_nothing_on_purpose() -> None:
    assert set(grants.GRANTS) == {*ROLES, *OTHER_ROLES}
    commands = set(COMMANDS)
    for role, grant in grants.GRANTS.items():
        assert grant.commands is None or grant.commands <= commands, role
        assert grant.channels <= set(get_args(Channel)), role
    # Who handles no cases does nothing with them, and looks at nobody's data.
    for role in OTHER_ROLES:
        assert grants.granted((role,)).sees == "nothing"
        assert not grants.granted((role,)).looks
        allowed = {each for each in commands if access.permits(viewer(LEAD, role).actor(), each)}
        # What an insurer may is about what was passed on to it, and the core holds that against its unit.
        assert allowed == ({"take_share", "answer_share"} if role == "insurer" else set()), role


def test_a_role_does_not_issue_what_it_is_not_granted() -> None:
    clerk, aid = viewer(LEAD, "clerk").actor(), viewer(LEAD, "auxiliary").actor()
    assert access.permits(clerk, "note")
    assert access.permits(clerk, "open", "window")
    assert not access.permits(clerk, "open", "field")
    assert not access.permits(clerk, "close")
    assert access.permits(aid, "open", "field")
    assert not access.permits(aid, "open", "phone")
    assert access.permits(viewer(LEAD, "clerk", "officer").actor(), "close")
    assert access.permits(access.party_actor(access.Viewer(receipts={"ZL-1": 7}), case()), "confirm")
    with pytest.raises(access.Denied) as denied:
        access.require_command(aid, "close")
    assert denied.value.code == "role_missing"


def test_public_is_asked_to_sign_in() -> None:
    for ask in (
        lambda: access.require_sight(access.PUBLIC, case(), DIRECTORY),
        lambda: access.require_post(access.PUBLIC),
    ):
        with pytest.raises(access.Denied) as denied:
            ask()
        assert denied.value.code == "not_signed_in"


def test_roles() -> None:
    assert access.require_post(viewer(LEAD, "dispatcher"), "dispatcher", "officer").unit == LEAD
    with pytest.raises(access.Denied) as denied:
        access.require_post(viewer(LEAD, "officer"), "supervisor")
    assert denied.value.code == "role_missing"


def test_receipt_gives_the_rights_of_its_requester_and_of_no_other_case() -> None:
    holder = access.Viewer(receipts={"ZL-1": 7})
    assert access.party_actor(holder, case()).party == "p1"
    for other in (access.Viewer(receipts={"ZL-1": 8}), access.Viewer(receipts={"ZL-2": 7}), viewer(LEAD)):
        with pytest.raises(access.Denied) as denied:
            access.party_actor(other, case())
        assert denied.value.code == "no_receipt"


def test_post_is_not_a_party() -> None:
    actor = viewer(LEAD, "officer").actor()
    assert (actor.kind, actor.unit, actor.roles) == ("post", LEAD, ("officer",))


def test_circle_of_superiors_ends() -> None:
    class Circle(ExampleDirectory):
        def superior(self, unit: str) -> str | None:
            return {"a@1": "b@1", "b@1": "a@1"}.get(unit)

    assert access.above("a@1", Circle()) == ["b@1", "a@1"]


def test_receipts_differ() -> None:
    assert len({new_receipt() for _ in range(500)}) == 500


@given(
    st.integers(),
    st.sampled_from([str.lower, lambda s: s.replace("-", ""), lambda s: f" {s} ", lambda s: s[3:]]),
)
def test_receipt_is_read_as_people_type_it(number: int, typed: object) -> None:
    receipt = new_receipt()
    assert receipts.read_receipt(typed(receipt)) == receipt  # type: ignore[operator]


def test_misread_letters_are_forgiven() -> None:
    for _ in range(200):
        receipt = new_receipt()
        body = receipt[3:].replace("0", "O").replace("1", "I").lower()
        assert receipts.read_receipt("ZL-" + body) == receipt
        assert receipts.read_receipt("zl" + body.replace("i", "l")) == receipt


@given(st.integers(0, 11), st.sampled_from(receipts.ALPHABET))
def test_one_wrong_character_is_caught(place: int, other: str) -> None:
    receipt = new_receipt()
    plain = receipt[3:].replace("-", "")
    wrong = plain[:place] + other + plain[place + 1 :]
    assert receipts.read_receipt(wrong) == (receipt if wrong == plain else None)


@given(st.integers(0, 10))
def test_two_swapped_characters_are_caught(place: int) -> None:
    receipt = new_receipt()
    plain = receipt[3:].replace("-", "")
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    assert receipts.read_receipt(swapped) == (receipt if swapped == plain else None)


@given(st.text())
def test_anything_can_be_typed(typed: str) -> None:
    found = receipts.read_receipt(typed)
    assert found is None or receipts.read_receipt(found) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("路灯不亮", ["路灯", "灯不", "不亮"]),
        ("灯", ["灯"]),
        ("Street LIGHTS, lights", ["street", "light"]),
        ("ＡＢＣ一二", ["abc", "一二"]),
        ("3号楼 glass", ["3", "号楼", "glass"]),
        ("", []),
        ("，。!?", []),
    ],
)
def test_grams(text: str, found: list[str]) -> None:
    assert grams(text) == found


@given(st.text(), st.text())
def test_grams_of_a_whole_contain_those_of_its_parts(one: str, two: str) -> None:
    assert set(grams(one)) | set(grams(two)) <= set(grams(f"{one} {two}"))


def test_own_words_weigh_more_than_the_rest() -> None:
    asked = grams("路灯坏了")
    assert resemblance(asked, [], grams("路灯"), []) > resemblance(asked, grams("路灯"), [], [])
    assert resemblance(asked, grams("路灯"), [], []) > resemblance(asked, [], [], grams("路灯"))
    assert resemblance(asked, grams("噪声"), [], []) == 0
