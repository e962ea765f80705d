"""The one door: each request has its effect once, wholly, or not at all. On SQLite and PostgreSQL."""

from __future__ import annotations

import json

import msgspec
import pytest
from django.db import connections, transaction
from tests.core.case.lamp import DAY, MINUTE, START
from tests.store.databases import PHONE, REQUESTER, TestOffice, in_threads, make_office, scenario

from zhuoli.core.case import commands as c
from zhuoli.core.case.events import Withdrawn
from zhuoli.core.case.evolve import evolve_entry
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.rows import CaseRow, PartyRow, TaskRow, WakeRow
from zhuoli.core.case.state import Case
from zhuoli.core.scenario import model as m
from zhuoli.office import read
from zhuoli.office.errors import BadKey, Conflict, KeyReused, UnknownCase, UnknownScenario
from zhuoli.office.handle import Handled
from zhuoli.office.numbers import CaseNumbers
from zhuoli.store.models import (
    CaseRecord,
    EntryRecord,
    KeyRecord,
    PartyRecord,
    ReceiptRecord,
    ScenarioRecord,
    StateRecord,
    TaskRecord,
    WakeRecord,
)
from zhuoli.store.replay import replay
from zhuoli.store.verify import verify


def sound(office: TestOffice) -> None:
    """Everything in the database is what the ledger gives, and the ledger is whole."""
    replayed = replay(office.alias)
    assert replayed.equal, replayed.differences[:3]
    verified = verify(None, office.clock(), office.alias)
    assert verified.good, verified.faults[:3]


def everything(alias: str) -> str:
    """All that the database holds, as text."""
    with connections[alias].cursor() as cursor:
        parts = []
        for table in connections[alias].introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            parts += [repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in cursor]
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("row", "record"),
    [(CaseRow, CaseRecord), (TaskRow, TaskRecord), (WakeRow, WakeRecord), (PartyRow, PartyRecord)],
)
def test_models_have_the_fields_of_rows(row: type[msgspec.Struct], record: type) -> None:
    fields = [field.name for field in record._meta.fields if field.column is not None]
    own = {"lease_until", "lease_by", "tries"} if row is WakeRow else set()
    assert list(row.__struct_fields__) == [name for name in fields if name not in own]


def test_opening_writes_one_entry_and_its_rows(office: TestOffice) -> None:
    handled = office.open()
    assert handled.seq == 1
    assert handled.repeated is False
    entry = EntryRecord.objects.using(office.alias).get()
    assert (entry.case_id, entry.seq, entry.command, entry.recorded) == (handled.case, 1, "open", START)
    assert [event["e"] for event in json.loads(entry.events)][:2] == ["opened", "recorded"]
    record = CaseRecord.objects.using(office.alias).get(id=handled.case)
    assert (record.status, record.unit, record.city, record.county) == (
        "received",
        "lamps@620102",
        "6201",
        "620102",
    )
    assert record.tasks.get().item == "loop.accept"
    assert record.roles.get().party == "p-requester"
    assert StateRecord.objects.using(office.alias).get(case_id=handled.case).seq == 1
    assert ScenarioRecord.objects.using(office.alias).get().version == "v1"
    assert office.receipts.check(handled.state.receipt, handled.code) == handled.case
    sound(office)


def test_state_is_what_its_entries_give(office: TestOffice) -> None:
    handled = office.open(answers={"since": "2026-03-01"})
    office.do(handled, c.Accept())
    office.do(handled, c.Note(text="第一行\n第二行"))
    done = office.do(handled, c.Complete(task="look", outcome="broken"))
    state = Case(id=handled.case)
    for entry in read.history(handled.case, office.alias):
        state = evolve_entry(state, entry.events, entry.at)
    assert state == done.state == read.load_state(handled.case, office.alias)
    sound(office)


def test_the_same_request_again_changes_nothing(office: TestOffice) -> None:
    opening = office.opening()
    first = office.handle(opening)
    accepting = office.asking(first, c.Accept())
    second = office.handle(accepting)
    office.do(first, c.Complete(task="look", outcome="broken"))
    before = everything(office.alias)
    again = office.handle(opening)
    assert again.repeated
    assert (again.case, again.seq, again.events, again.state, again.code) == (
        first.case,
        1,
        first.events,
        first.state,
        first.code,
    )
    # Accepting twice would be refused; the same request is not a second acceptance.
    again = office.handle(accepting)
    assert again.repeated
    assert (again.seq, again.events, again.state) == (2, second.events, second.state)
    assert everything(office.alias) == before


def test_another_request_with_the_same_key_is_refused(office: TestOffice) -> None:
    key = office.key()
    handled = office.open()
    office.do(handled, c.Note(text="a"), key=key)
    before = everything(office.alias)
    for case, command, who in (
        (handled.case, c.Note(text="b"), "lead"),
        (handled.case, c.Note(text="a"), "dispatcher"),
        (handled.case, c.Accept(), "lead"),
    ):
        with pytest.raises(KeyReused) as raised:
            office.do(case, command, who, key=key)
        assert raised.value.remedy.zh
    with pytest.raises(KeyReused):
        office.handle(office.opening(key=key))
    assert everything(office.alias) == before


def test_a_receipt_that_was_drawn_and_files_that_were_sealed_anew_are_no_difference(
    office: TestOffice,
) -> None:
    key = office.key()
    first = office.handle(office.opening(key=key, receipt="R-1", files=(_photo(office),)))
    again = office.handle(office.opening(key=key, receipt="R-2", files=(_photo(office),)))
    assert again.repeated
    assert again.case == first.case
    assert again.state.receipt == "R-1"


def _photo(office: TestOffice) -> c.File:
    return office.files.put(
        b"light", name="a.jpg", media_type="image/jpeg", now=office.clock(), question="pictures"
    )


@pytest.mark.parametrize(
    "key", ["", "short", "with space here", "线线线线线线线线", "x" * 201, "line\nfeed-1"]
)
def test_keys_are_plain(office: TestOffice, key: str) -> None:
    with pytest.raises(BadKey):
        office.handle(msgspec.structs.replace(office.opening(), key=key))


def test_what_is_not_there_is_said(office: TestOffice) -> None:
    with pytest.raises(UnknownCase):
        office.do(99, c.Accept())
    with pytest.raises(UnknownScenario):
        office.handle(msgspec.structs.replace(office.opening(), scenario="nothing"))
    with pytest.raises(Refusal):
        office.open(answers={"kind": "moon"})
    assert EntryRecord.objects.using(office.alias).count() == 0


def test_a_refused_command_leaves_nothing(office: TestOffice) -> None:
    handled = office.open()
    before = everything(office.alias)
    with pytest.raises(Refusal):
        office.do(handled, c.Confirm(), "requester")
    assert everything(office.alias) == before


def test_a_conflict_says_who_changed_what(office: TestOffice) -> None:
    handled = office.open()
    office.clock.now += MINUTE
    office.do(handled, c.Accept(), expected_seq=1)
    office.do(handled, c.Note(text="geheim"))
    with pytest.raises(Conflict) as raised:
        office.do(handled, c.Urge(), "requester", expected_seq=1)
    conflict = raised.value
    assert (conflict.expected, conflict.seq) == (1, 3)
    assert len(conflict.changes) == 2
    assert "lamps@620102" in conflict.text.zh
    assert "09:01" in conflict.text.en
    assert "geheim" not in conflict.text.zh
    assert "z1." not in conflict.text.zh
    office.do(handled, c.Urge(), "requester", expected_seq=3)


def test_a_granted_request_is_not_a_conflict_when_it_comes_again(office: TestOffice) -> None:
    handled = office.open()
    request = office.asking(handled, c.Accept(), expected_seq=1)
    office.handle(request)
    assert office.handle(request).repeated


def test_many_are_handled_together_or_not_at_all(office: TestOffice) -> None:
    openings = [office.opening() for _ in range(40)]
    handled = office.handle_many(openings)
    assert len({each.case for each in handled}) == 40
    requests = [office.asking(each, c.Accept()) for each in handled]
    requests += [office.asking(handled[0], c.Note(text="x")), requests[3], openings[5]]
    results = office.handle_many(requests)
    assert [each.repeated for each in results] == [False] * 41 + [True, True]
    assert results[40].seq == 3
    assert results[41].state == results[3].state
    sound(office)
    before = everything(office.alias)
    with pytest.raises(Refusal) as raised:
        office.handle_many(
            [
                office.opening(),
                office.asking(handled[1], c.Note(text="y")),
                office.asking(handled[2], c.Accept()),
            ]
        )
    assert raised.value.__notes__ == ["request 2"]
    twice = [office.opening(), office.asking(handled[2], c.Note(text="z"))]
    twice[1] = msgspec.structs.replace(twice[1], key=twice[0].key)
    with pytest.raises(KeyReused):
        office.handle_many(twice)
    assert everything(office.alias) == before
    assert office.handle_many([]) == []


def test_bulk_and_single_write_the_same(office: TestOffice) -> None:
    single, (bulk,) = office.open(), office.handle_many([office.opening()])
    steps = (c.Accept(), c.Complete(task="look", outcome="broken"))
    for step in steps:
        office.do(single, step)
    office.handle_many([office.asking(bulk, step) for step in steps])
    one, other = (read.load_state(each.case, office.alias) for each in (single, bulk))
    assert list(one.items) == list(other.items)
    assert one.happened == other.happened
    fields = ("status", "unit", "stage", "due", "promised", "seq")
    records = CaseRecord.objects.using(office.alias)
    assert records.values(*fields).get(id=single.case) == records.values(*fields).get(id=bulk.case)
    sound(office)


def test_nothing_of_a_person_is_stored_in_plain(office: TestOffice) -> None:
    handled = office.open()
    office.do(handled, c.Accept())
    office.do(handled, c.Note(text="她住在酒泉路"))
    office.do(handled, c.RequestSupplement(items=("结婚证复印件",), text="请补充"))
    office.do(handled, c.Supply(text="李秀英的证件"), "requester")
    photo = office.files.put(b"\xff\xd8 Li", name="李秀英.jpg", media_type="image/jpeg", now=START)
    office.do(handled, c.Attach(files=(photo,), note="门口"), "requester")
    stored = everything(office.alias)
    for plain in (PHONE, "酒泉路", "结婚证", "请补充", "李秀英", "门口", handled.code):
        assert plain not in stored
        assert plain.encode().hex() not in stored
        assert json.dumps(plain)[1:-1] not in stored
    folder = office.files.folder
    assert all(b"Li" not in place.read_bytes() for place in folder.glob("*/*"))
    sound(office)


def test_erasing_destroys_one_key_and_leaves_the_others(office: TestOffice) -> None:
    parties = {"requester": "p-requester", "witness": "p-witness"}
    handled = office.open(parties=parties)
    photo = office.files.put(b"face", name="a.jpg", media_type="image/jpeg", now=START)
    office.do(handled, c.Attach(files=(photo,)), "requester")
    office.do(handled, c.Attach(files=(_photo(office),)), "lead")
    office.do(handled, c.Withdraw(reason="没事了"), "requester")
    with pytest.raises(Refusal):
        office.do(handled, c.Erase(party="p-requester", reason="asked"), "requester")
    office.clock.now += 800 * DAY
    assert read.open_personal(office, handled.case, "p-requester", ["form.phone"], "call_back", _lead()) == {
        "form.phone": PHONE
    }
    office.do(handled, c.Erase(party="p-requester", reason="asked"), "requester")
    keys = KeyRecord.objects.using(office.alias).filter(case_id=handled.case)
    assert set(keys.values_list("party", flat=True)) == {""}
    assert read.open_personal(office, handled.case, "p-requester", ["form.phone"], "call_back", _lead()) == {}
    with pytest.raises(FileNotFoundError):
        office.files.read(photo.file, handled.case)
    assert len(list(office.files.folder.glob("*/*"))) == 1
    assert _reason(office, handled) == "没事了"
    sound(office)
    # The last party takes the case's own key with it: free text speaks of people, too.
    office.do(handled, c.Erase(party="p-witness", reason="asked"), "dispatcher")
    assert not keys.exists()
    assert not list(office.files.folder.glob("*/*"))
    assert _reason(office, handled).startswith("z1.")
    sound(office)
    # The case can still be spoken of; what is said now has a key of its own.
    office.do(handled, c.Note(text="来电询问"), "dispatcher")
    assert keys.get().party == ""
    sound(office)


def _reason(office: TestOffice, handled: Handled) -> str:
    entries = read.open_case(office, handled.case, _lead()).history
    (withdrawn,) = [event for event in entries[3].events if isinstance(event, Withdrawn)]
    return withdrawn.reason


def test_an_erased_party_gets_no_new_data(office: TestOffice) -> None:
    handled = office.open(parties={"requester": "p-requester", "witness": "p-witness"})
    office.do(handled, c.Withdraw(), "requester")
    office.clock.now += 800 * DAY
    office.do(handled, c.Erase(party="p-requester", reason="asked"), "requester")
    with pytest.raises(Refusal):
        office.do(handled, c.Record(answers={"phone": PHONE}), "dispatcher")
    assert PHONE not in everything(office.alias)
    sound(office)


def _lead() -> Actor:
    return Actor(kind="post", unit="lamps@620102", post="post-1", roles=("officer",))


def test_files_belong_to_one_case(office: TestOffice) -> None:
    one, other = office.open(), office.open()
    photo = _photo(office)
    office.do(one, c.Attach(files=(photo,)), "requester")
    for file in (photo, msgspec.structs.replace(photo, file="0" * 64)):
        with pytest.raises(Refusal) as raised:
            office.do(other, c.Attach(files=(file,)), "requester")
        assert raised.value.code == "unknown_file"
    assert b"".join(office.files.read(photo.file, one.case)) == b"light"
    with pytest.raises(FileNotFoundError):
        office.files.read(photo.file, other.case)


def test_a_case_stays_with_the_version_that_it_began_with(office: TestOffice) -> None:
    handled = office.open()
    at_once = scenario(version="v2", acceptance=m.Acceptance(by="opening"))
    newer = make_office(office.alias, office.files.folder.parent, at_once)
    fresh = newer.open()
    assert (fresh.state.version, fresh.state.status) == ("v2", "accepted")
    done = newer.do(handled, c.Accept())
    assert (done.state.version, done.state.status) == ("v1", "accepted")
    assert set(ScenarioRecord.objects.using(office.alias).values_list("version", flat=True)) == {"v1", "v2"}
    sound(newer)


def test_merging_looks_at_the_other_case(office: TestOffice) -> None:
    one, other = office.open(), office.open()
    with pytest.raises(Refusal):
        office.do(one, c.Merge(into=12345, reason="same"), "dispatcher")
    office.do(one, c.Merge(into=other.case, reason="same"), "dispatcher")
    assert CaseRecord.objects.using(office.alias).get(id=one.case).merged_into == other.case
    with pytest.raises(Refusal):
        office.do(other, c.Merge(into=one.case, reason="same"), "dispatcher")
    sound(office)


def test_two_cases_cannot_merge_into_each_other_at_once(office: TestOffice) -> None:
    one, other = office.open(), office.open()
    pairs = ((one, other), (other, one))
    results = in_threads(
        2,
        lambda n: office.do(pairs[n][0], c.Merge(into=pairs[n][1].case, reason="same"), "dispatcher"),
        office.alias,
    )
    assert sum(isinstance(result, Handled) for result in results) == 1, results
    assert sum(isinstance(result, Refusal) for result in results) == 1, results
    sound(office)


def test_commands_at_once_form_one_chain(office: TestOffice) -> None:
    handled = office.open()
    results = in_threads(
        4, lambda n: [office.do(handled, c.Note(text=f"{n}")).seq for _ in range(10)], office.alias
    )
    assert sorted(seq for each in results for seq in each) == list(range(2, 42))
    sound(office)


def test_the_same_key_at_once_is_one_entry(office: TestOffice) -> None:
    for _ in range(5):
        opening = office.opening()
        results = in_threads(4, lambda n, opening=opening: office.handle(opening), office.alias)
        assert len({result.case for result in results}) == 1, results
        assert sorted(result.repeated for result in results) == [False, True, True, True]
    assert CaseRecord.objects.using(office.alias).count() == 5
    assert EntryRecord.objects.using(office.alias).count() == 5
    sound(office)


def test_a_slow_clock_never_turns_time_back_in_a_case(office: TestOffice) -> None:
    handled = office.open()
    office.clock.now -= 5 * MINUTE
    office.do(handled, c.Accept())
    assert [entry.at for entry in read.history(handled.case, office.alias)] == [START, START]


def test_the_door_is_not_to_be_used_inside_another_transaction(office: TestOffice) -> None:
    with transaction.atomic(using=office.alias), pytest.raises(RuntimeError):
        office.open()


def test_a_taken_receipt_is_refused_and_leaves_nothing(office: TestOffice) -> None:
    from zhuoli.store.driver import Duplicate

    office.open(receipt="R-1")
    before = everything(office.alias)
    with pytest.raises(Duplicate):
        office.open(receipt="R-1")
    assert everything(office.alias) == before


def test_case_numbers_that_meet_are_drawn_again(office: TestOffice) -> None:
    first = office.open()

    class Stuck:
        numbers = iter([first.case, first.case, first.case + 1])

        def next(self, now: int) -> int:
            return next(self.numbers)

        def stir(self) -> None:
            """Nothing: the test says what comes next."""

    office.numbers = Stuck()
    assert office.open().case == first.case + 1
    sound(office)


def test_case_numbers_grow_and_fit() -> None:
    numbers = CaseNumbers(shard=5)
    found = [numbers.next(now) for now in (START, START, START - DAY, START + 1) for _ in range(20_000)]
    assert found == sorted(set(found))
    assert found[-1] < 2**63
    assert {number >> 14 & 63 for number in found} == {5}
    numbers.stir()
    assert numbers.next(START) > found[-1]
    with pytest.raises(ValueError, match="shard"):
        CaseNumbers(shard=64)


def test_a_code_can_be_made_anew(office: TestOffice) -> None:
    opening = office.opening()
    handled = office.handle(opening)
    receipt = handled.state.receipt
    fresh = office.receipts.renew(receipt, START)
    assert fresh is not None
    assert office.receipts.check(receipt, fresh.lower().replace("-", " ")) == handled.case
    assert office.receipts.check(receipt, handled.code) is None
    assert office.receipts.check("ZL-0000-0000-0000", fresh) is None
    assert office.receipts.renew("ZL-0000-0000-0000", START) is None
    assert office.handle(opening).code == ""
    assert fresh not in everything(office.alias)
    assert bytes(ReceiptRecord.objects.using(office.alias).get().hash) not in (b"", bytes(32))


def test_actors_are_kept(office: TestOffice) -> None:
    handled = office.open()
    office.do(handled, c.Accept())
    actors = [entry.actor for entry in read.history(handled.case, office.alias)]
    assert actors[0] == REQUESTER
    assert (actors[1].unit, actors[1].post) == ("lamps@620102", "post-1")
