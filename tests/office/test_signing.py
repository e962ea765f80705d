"""Signing with one-time codes on SQLite and on PostgreSQL: what is stored, what is refused, and what a death in between leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.office.test_accident_databases import ONE, REPORT, TOLD, TWO
from tests.shelf import project_shelf
from tests.store.databases import TestOffice, in_threads, make_office

from zhuoli.channels.messages.sender import Sender
from zhuoli.channels.messages.settings import Channels, People
from zhuoli.core.case import codes
from zhuoli.core.case import commands as c
from zhuoli.core.case.decide import decide
from zhuoli.core.case.facts import Actor, Facts
from zhuoli.core.case.proofs import Proven, Wanted
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.text import Text
from zhuoli.office import read
from zhuoli.office.handle import Request
from zhuoli.office.one_time_codes import OneTimeCodes
from zhuoli.office.outbox import to_call
from zhuoli.office.signing import OnPaper, Standing
from zhuoli.office.ways_to_sign import BadSigning, signing_system
from zhuoli.store.models import EntryRecord, KeyRecord, OutboxRecord, SigningCodeRecord
from zhuoli.store.replay import replay
from zhuoli.store.sealing import open_phone
from zhuoli.store.verify import verify

NOT_YET = (Text("还没有签", "Not signed yet"), Text("先去签", "Sign first"))
AGREED: dict[str, Any] = {"situation": "rear_end", "first": "none", "second": "full", "pay": "insurers"}


@pytest.fixture
def accident(alias: str, tmp_path: Path) -> tuple[TestOffice, int]:
    """An accident whose first side is to write the agreement and sign."""
    return begun(alias, tmp_path, REPORT)


def begun(alias: str, folder: Path, answers: dict[str, Any]) -> tuple[TestOffice, int]:
    office = make_office(alias, folder, project_shelf().scenarios["minor_accident"])
    command = c.Open(receipt="", channel="web", parties={"requester": "d1", "other": "d2"}, answers=answers)
    case = office.handle(
        Request(key=office.key(), command=command, actor=ONE, scenario="minor_accident")
    ).case
    office.do(case, c.Complete(task="first_says", answers={**TOLD, "acting": "b", "plate": "甘A12345"}), ONE)
    office.do(case, c.Complete(task="second_says", answers={**TOLD, "acting": "a"}), TWO)
    return office, case


def agree(code: str = "", **changes: Any) -> c.Complete:
    return c.Complete(task="agree", answers={**AGREED, "sign": "甲", **changes}, code=code)


class Noted:
    """Notes which signature a command wants."""

    def prove(self, wanted: Wanted, code: str) -> Proven:
        self.wanted = wanted
        return Proven(method="code")


def asked(office: TestOffice, case: int, command: c.Complete, actor: Actor) -> Wanted:
    state = read.load_state(case, office.alias)
    noted = Noted()
    facts = Facts(
        now=office.clock(),
        actor=actor,
        calendar=office.calendar,
        directory=office.directory,
        signing=noted,
    )
    decide(office.library.pinned(state.version, state.scenario), state, command, facts)
    return noted.wanted


def send(office: TestOffice, case: int, command: c.Complete, actor: Actor = ONE) -> str:
    """Ask for a code, and read it on the telephone."""
    stands = office.signing.begin(asked(office, case, command, actor))
    assert stands.to == {"d1": "139****0021", "d2": "139****0022"}[actor.party]
    record = OutboxRecord.objects.using(office.alias).filter(about__startswith="code ").latest("id")
    assert isinstance(office.signing, OneTimeCodes)
    return office.signing.code(record.about, office.clock())


def refused(office: TestOffice, case: int, command: c.Complete, actor: Actor = ONE) -> str:
    seq = read.load_state(case, office.alias).seq
    with pytest.raises(Refusal) as told:
        office.do(case, command, actor)
    assert read.load_state(case, office.alias).seq == seq, "a refusal changes nothing"
    assert told.value.text.zh
    assert told.value.text.en
    return told.value.code


def test_two_sign_and_the_ledger_keeps_everything_but_the_code(accident: tuple[TestOffice, int]) -> None:
    office, case = accident
    assert refused(office, case, agree()) == "code_missing"
    assert refused(office, case, agree("123456")) == "code_unasked"
    first = send(office, case, agree())
    key = office.key()
    done = office.do(case, agree(first), ONE, key=key)
    again = office.do(case, agree(first), ONE, key=key)
    assert (again.repeated, again.seq) == (True, done.seq), "the same request again is one signature"
    signs = c.Complete(task="second_signs", outcome="signs", answers={"sign": "乙"})
    second = send(office, case, signs, TWO)
    assert (
        refused(
            office,
            case,
            c.Complete(task="second_signs", outcome="signs", answers={"sign": "乙"}, code=first),
            TWO,
        )
        == "code_wrong"
    )
    office.do(
        case, c.Complete(task="second_signs", outcome="signs", answers={"sign": "乙"}, code=second), TWO
    )
    state = read.load_state(case, office.alias)
    assert state.items["second_signs"].state == "completed"
    assert {name: each.method for name, each in state.signatures.items()} == {
        "agree.sign": "code",
        "second_signs.sign": "code",
    }
    wrapped = bytes(KeyRecord.objects.using(office.alias).get(case_id=case, party="d2").wrapped)
    key_of_two = office.ring.key(case, "d2", wrapped)
    assert open_phone(state, "second_signs.sign", key_of_two) == "139****0022"
    ledger = "".join(EntryRecord.objects.using(office.alias).values_list("events", flat=True))
    for hidden in (first, second, "139****0022", "甲"):
        assert hidden not in ledger
    rows = SigningCodeRecord.objects.using(office.alias).order_by("id")
    assert [row.used is not None for row in rows] == [True, True]
    assert not any(first in str(value) for row in rows.values() for value in row.values())
    assert replay(office.alias).equal
    assert not verify(None, office.clock.now, office.alias).faults


def test_a_code_is_for_this_and_now_and_five_tries(accident: tuple[TestOffice, int]) -> None:
    office, case = accident
    code = send(office, case, agree())
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert refused(office, case, agree(code, pay="ourselves")) == "code_changed"
    for _ in range(codes.TRIES - 1):
        assert refused(office, case, agree(wrong)) == "code_wrong"
    assert refused(office, case, agree(code)) == "code_tries", (
        "five tries were made, so the right one is too late"
    )
    with pytest.raises(Refusal, match="code_wait"):
        send(office, case, agree())
    office.clock.now += codes.APART
    code = send(office, case, agree())
    office.clock.now += codes.GOOD_FOR
    assert refused(office, case, agree(code)) == "code_stale"
    code = send(office, case, agree())
    office.do(case, c.Record(answers={"phone": "13900000029"}), ONE)
    assert refused(office, case, agree(code)) == "code_phone"
    office.clock.now += codes.APART
    office.signing.begin(asked(office, case, agree(), ONE))
    office.clock.now += codes.APART
    office.signing.begin(asked(office, case, agree(), ONE))
    office.clock.now += codes.APART
    with pytest.raises(Refusal, match="code_wait"):
        office.signing.begin(asked(office, case, agree(), ONE))


def test_nobodys_telephone_is_rung_by_many_cases(alias: str, tmp_path: Path) -> None:
    office, case = begun(alias, tmp_path, REPORT)
    send(office, case, agree())
    row = SigningCodeRecord.objects.using(alias).get()
    SigningCodeRecord.objects.using(alias).bulk_create(
        SigningCodeRecord(
            case_id=case + each, party="x", task="t", run=1, sha256="", nonce=b"", phone=b"",
            number=row.number, to="", made=row.made,
        )
        for each in range(1, 10)
    )  # fmt: skip
    office.clock.now += codes.APART
    with pytest.raises(Refusal, match="code_wait"):
        send(office, case, agree())


def test_tries_of_whoever_acts_for_the_signer_are_counted_too(accident: tuple[TestOffice, int]) -> None:
    """Else a guardian or proxy could try a million codes that went to somebody else's telephone."""
    office, case = accident
    send(office, case, agree())
    guardian = Actor(kind="party", party="guardian of d1")
    for _ in range(3):
        office.signing.count(Request(key=office.key(), command=agree("123456"), actor=guardian, case=case))
    assert SigningCodeRecord.objects.using(office.alias).get().tries == 3


def test_tries_at_once_are_all_counted(accident: tuple[TestOffice, int]) -> None:
    office, case = accident
    code = send(office, case, agree())
    wrong = f"{(int(code) + 1) % 10**6:06}"
    told = in_threads(8, lambda number: office.do(case, agree(wrong), ONE), office.alias)
    assert {each.code for each in told if isinstance(each, Refusal)} <= {"code_tries", "code_wrong"}
    assert all(isinstance(each, Refusal) for each in told)
    assert SigningCodeRecord.objects.using(office.alias).get().tries == 8
    assert refused(office, case, agree(code)) == "code_tries"


def test_a_death_between_asking_and_sending_loses_no_code(accident: tuple[TestOffice, int]) -> None:
    """The row and the message are one transaction; whoever sends later sends the same code, at night and at once."""
    office, case = accident
    office.clock.now += 14 * codes.HOUR  # eleven at night
    code = send(office, case, agree())
    said: list[tuple[str, str]] = []

    def carry(url: str, title: str, body: str) -> bool:
        said.append((url, body))
        return True

    channels = Channels(people=People(sms="json://127.0.0.1:1/{to}"))
    Sender(office, channels, send=carry).run_once()
    [(url, body)] = [each for each in said if code in each[1]]
    assert url.endswith("8613900000021")
    assert "http" not in body
    office.clock.now += codes.GOOD_FOR
    office.signing.begin(asked(office, case, agree(), ONE))
    office.clock.now += codes.GOOD_FOR
    said.clear()
    Sender(office, channels, send=carry).run_once()
    assert not said, "a code that is over is not sent"


def test_a_message_that_is_not_taken_is_told(accident: tuple[TestOffice, int]) -> None:
    """Whoever waits for a code reads that it was refused, and soon that it was given up; then another one may be asked for."""
    office, case = accident
    send(office, case, agree())
    state = read.load_state(case, office.alias)

    def stands() -> str:
        return str(office.signing.standing(state, "agree", "d1").out)

    works = False
    channels = Channels(people=People(sms="json://127.0.0.1:1/{to}"))
    hand = Sender(office, channels, send=lambda *_: works)
    assert stands() == "waiting"
    hand.run_once()
    assert stands() == "refused"
    begun = office.clock.now
    while stands() != "given_up":
        office.clock.now += 1000
        hand.run_once()
        assert office.clock.now - begun < codes.APART, "told before another one may be asked for"
    assert not to_call(state.unit).using(office.alias).exists(), "nobody need call: it is told in the form"
    office.clock.now += codes.APART
    works = True
    code = send(office, case, agree())
    hand.run_once()
    assert stands() == "gone"
    office.do(case, agree(code), ONE)


def test_without_a_channel_a_code_is_given_up_at_once(accident: tuple[TestOffice, int]) -> None:
    office, case = accident
    send(office, case, agree())
    Sender(office, Channels(), send=lambda *_: True).run_once()
    assert office.signing.standing(read.load_state(case, office.alias), "agree", "d1").out == "given_up"


def test_without_a_telephone_paper(alias: str, tmp_path: Path) -> None:
    office, case = begun(
        alias, tmp_path, {name: each for name, each in REPORT.items() if name != "other_phone"}
    )
    office.do(case, agree(send(office, case, agree())), ONE)
    signs = c.Complete(task="second_signs", outcome="signs", answers={"sign": "乙"})
    state = read.load_state(case, alias)
    assert office.signing.standing(state, "second_signs", "d2").why is not None
    with pytest.raises(Refusal, match="code_nowhere"):
        office.signing.begin(asked(office, case, signs, TWO))
    officer = Actor(kind="post", unit=state.unit, post="p", roles=("officer",))
    stranger = Actor(kind="post", unit="lamps@620102", post="p", roles=("officer",))
    assert refused(office, case, signs, officer) == "paper_missing"
    sheet = office.files.put(b"x", name="signed.png", media_type="image/png", now=office.clock())
    on_paper = c.Complete(task="second_signs", outcome="signs", answers={"sign": "乙"}, files=(sheet,))
    assert refused(office, case, on_paper, stranger) == "not_yours"
    office.do(case, on_paper, officer)
    state = read.load_state(case, alias)
    assert state.items["second_signs"].state == "completed"
    assert state.signatures["second_signs.sign"].method == "paper"


def test_an_erased_party_leaves_no_number(accident: tuple[TestOffice, int]) -> None:
    office, case = accident
    office.do(case, agree(send(office, case, agree())), ONE)
    office.do(case, c.Withdraw(reason="x"), ONE)
    office.clock.now += 1200 * 24 * codes.HOUR
    office.do(case, c.Erase(party="d1", reason="x"), ONE)
    state = read.load_state(case, office.alias)
    assert state.signatures["agree.sign"].phone is None
    assert not SigningCodeRecord.objects.using(office.alias).exists()
    assert replay(office.alias).equal


class Elsewhere(OnPaper):
    """An office's own system: it has a page of its own, and knows who has signed there."""

    def __init__(self, office: object) -> None:
        self.signed = False

    def standing(self, case: object, task: str, party: str) -> Standing:
        return Standing(page="https://sign.example.org/1")

    def within(self, store: object, case: object) -> Elsewhere:
        return self

    def prove(self, wanted: Wanted, code: str) -> Proven:
        if not self.signed:
            raise Refusal("code_unasked", *NOT_YET)
        return Proven(method="system", reference="S-1")


def test_an_office_plugs_its_own_system_in(accident: tuple[TestOffice, int]) -> None:
    office, case = accident
    office.signing = own = signing_system(office, f"{__name__}:Elsewhere")
    assert refused(office, case, agree()) == "code_unasked"
    own.signed = True  # type: ignore[attr-defined]
    office.do(case, agree(), ONE)
    signature = read.load_state(case, office.alias).signatures["agree.sign"]
    assert (signature.method, signature.reference) == ("system", "S-1")
    assert isinstance(signing_system(office, "off"), OnPaper)
    for wrong in ("nonsense", "no.such.module:x", f"{__name__}:nothing"):
        with pytest.raises(BadSigning):
            signing_system(office, wrong)
