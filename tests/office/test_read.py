"""Opening what is sealed: only for a purpose, and never without a record of the look."""

from __future__ import annotations

import pytest
from tests.core.case.lamp import DAY, START
from tests.store.databases import PHONE, REQUESTER, TestOffice

from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import SYSTEM, Actor
from zhuoli.office import outbox, read
from zhuoli.office.errors import OfficeError, UnknownCase
from zhuoli.store.driver import Driver, open_driver
from zhuoli.store.models import LookRecord

LEAD = Actor(kind="post", unit="lamps@620102", post="post-1", roles=("officer",))


def test_a_look_has_a_purpose_and_leaves_a_record(office: TestOffice) -> None:
    case = office.open()
    office.clock.now += 1000
    seen = read.open_personal(office, case.case, "p-requester", ["form.phone"], "call_back", LEAD)
    assert seen == {"form.phone": PHONE}
    (look,) = read.looks(case.case, "p-requester", now=office.clock(), alias=office.alias)
    assert (look.at, look.actor, look.party, look.fields, look.purpose) == (
        START + 1000,
        LEAD,
        "p-requester",
        ("form.phone",),
        "call_back",
    )
    # Reading is no command: whoever looked at the case before may still act on it.
    assert office.do(case, c.Accept(), expected_seq=1).seq == 2


@pytest.mark.parametrize(
    ("purpose", "code"),
    [("curiosity", "unknown_purpose"), ("visit", "purpose_too_narrow"), ("own", "unknown_purpose")],
)
def test_without_a_fitting_purpose_nothing_is_opened(office: TestOffice, purpose: str, code: str) -> None:
    case = office.open()
    with pytest.raises(OfficeError) as raised:
        read.open_personal(office, case.case, "p-requester", ["form.phone"], purpose, LEAD)
    assert raised.value.code == code
    assert not LookRecord.objects.using(office.alias).exists()


def test_a_party_may_look_at_its_own_data_only(office: TestOffice) -> None:
    case = office.open(parties={"requester": "p-requester", "witness": "p-witness"})
    witness = Actor(kind="party", party="p-witness")
    fields = ["form.phone"]
    assert read.open_personal(office, case.case, "p-requester", fields, "own", REQUESTER) == {
        "form.phone": PHONE
    }
    with pytest.raises(OfficeError):
        read.open_personal(office, case.case, "p-requester", fields, "own", witness)
    assert read.open_personal(office, case.case, "p-witness", fields, "own", witness) == {}


def test_nobody_sees_what_could_not_be_recorded(office: TestOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    case = office.open()

    def broken(driver: Driver, look: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(read, "append_look", broken)
    for open_it in (
        lambda: read.open_personal(office, case.case, "p-requester", ["form.phone"], "call_back", LEAD),
        lambda: read.open_case(office, case.case, LEAD),
    ):
        with pytest.raises(OSError, match="disk full"):
            open_it()


def test_a_deferred_look_is_disclosed_when_its_time_is_over(office: TestOffice) -> None:
    case = office.open()
    until = START + 30 * DAY
    deferral = read.Deferral(until=until, ground="law, art. 1\nsecond line", approver="post-9")
    read.open_personal(office, case.case, "p-requester", ["form.phone"], "call_back", LEAD, deferral=deferral)
    assert read.looks(case.case, now=until - 1, alias=office.alias) == []
    (look,) = read.looks(case.case, "p-requester", now=until, alias=office.alias)
    assert (look.deferred_until, look.ground) == (until, deferral.ground)


def test_opening_a_case(office: TestOffice) -> None:
    case = office.open()
    office.do(case, c.Accept())
    office.do(case, c.Note(text="第二根灯杆"))
    opened = read.open_case(office, case.case, LEAD, purpose="call_back", fields=["form.phone", "form.pole"])
    assert opened.history[2].events[0].text == "第二根灯杆"
    assert opened.personal == {"form.phone": PHONE}
    assert opened.state.personal["form.phone"].value.startswith("z1.")
    looks = read.looks(case.case, now=START, alias=office.alias)
    assert [(look.party, look.fields) for look in looks] == [
        ("", ("texts",)),
        ("p-requester", ("form.phone",)),
    ]
    # The party reads its own case, and the software does its work, without a look at texts being recorded.
    for actor in (REQUESTER, SYSTEM):
        assert read.open_case(office, case.case, actor).history[2].events[0].text == "第二根灯杆"
    assert len(read.looks(case.case, now=START, alias=office.alias)) == 2


def test_names_of_files_and_the_answer_open_with_the_case(office: TestOffice) -> None:
    case = office.open()
    file = office.files.put(b"x", name="门口.jpg", media_type="image/jpeg", now=START)
    office.do(case, c.Attach(files=(file,)), "requester")
    office.do(case, c.Refuse(reason="private", text="这是小区自己的灯"))
    opened = read.open_case(office, case.case, LEAD).state
    assert opened.answer == "这是小区自己的灯"
    assert [attachment.name for attachment in opened.files.values()] == ["门口.jpg"]
    assert read.open_answer(office, read.load_state(case.case, office.alias)) == "这是小区自己的灯"


def test_there_is_nothing_to_read_of_what_is_not_there(office: TestOffice) -> None:
    for read_it in (
        lambda: read.load_state(5, office.alias),
        lambda: read.open_case(office, 5, LEAD),
        lambda: read.open_personal(office, 5, "p", ["form.phone"], "call_back", LEAD),
    ):
        with pytest.raises(UnknownCase):
            read_it()
    assert read.history(5, office.alias) == []
    assert read.find_key("no-such-key", office.alias) is None


def test_an_erasure_by_another_process_is_seen_at_once(office: TestOffice) -> None:
    """The key is still in this process's memory; its row is gone, so it is not used."""
    case = office.open()
    assert read.open_personal(office, case.case, "p-requester", ["form.phone"], "call_back", LEAD)
    driver = open_driver(office.alias)
    driver.begin()
    driver.run("DELETE FROM store_key WHERE case_id = ?", (case.case,))
    driver.commit()
    assert office.ring.remembered(case.case, "p-requester") is not None
    assert read.open_personal(office, case.case, "p-requester", ["form.phone"], "call_back", LEAD) == {}


def test_messages_are_sealed_once_and_for_the_party(office: TestOffice) -> None:
    from zhuoli.core.text import Text

    case = office.open()
    state = case.state
    for _ in range(2):
        assert outbox.enqueue(
            office,
            state,
            key="m:1",
            notice="told",
            title=Text("告知", "Told"),
            body=Text("您好", "Hello"),
            party="p-requester",
        )
    (message,) = outbox.messages(office, case.case, "p-requester")
    assert (message.title.zh, message.body.en, message.sent) == ("告知", "Hello", None)
    assert outbox.messages(office, case.case, "p-witness") == []
    assert [each.id for each in outbox.waiting(office)] == [message.id]
    outbox.mark_sent(office, message.id, START + 5)
    outbox.mark_sent(office, message.id, START + 9)
    assert outbox.waiting(office) == []
    assert outbox.messages(office, case.case, "p-requester")[0].sent == START + 5
    office.do(case, c.Withdraw(), "requester")
    office.clock.now += 800 * DAY
    office.do(case, c.Erase(party="p-requester", reason="asked"), "requester")
    assert outbox.messages(office, case.case, "p-requester") == []
    late = outbox.enqueue(
        office,
        state,
        key="m:2",
        notice="told",
        title=Text("a", "a"),
        body=Text("b", "b"),
        party="p-requester",
    )
    assert late is False
