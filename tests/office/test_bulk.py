"""Many requests in one transaction, written with statements for many rows: all or nothing."""

from __future__ import annotations

import pytest
from tests.office.test_handle import everything, sound
from tests.store.databases import TestOffice

from zhuoli.core.case import commands as c
from zhuoli.core.case.refusals import Refusal
from zhuoli.office import read
from zhuoli.office.handle import Handled, Request
from zhuoli.store import driver
from zhuoli.store.driver import Duplicate
from zhuoli.store.models import CaseRecord, EntryRecord, KeyRecord, WordsRecord


@pytest.fixture
def by_threes(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite is given three rows with one statement."""
    monkeypatch.setattr(driver, "ROWS_AT_ONCE", 3)


def lived(office: TestOffice, cases: list[Handled]) -> list[Request]:
    """The next steps of every case, of each the first, then of each the second, and so on."""
    steps = (c.Accept(), c.Note(text="x"), c.Complete(task="look", outcome="broken"))
    return [office.asking(case, step) for step in steps for case in cases]


@pytest.mark.usefixtures("by_threes")
def test_what_is_written_together_is_what_is_written_alone(office: TestOffice) -> None:
    cases = office.handle_many([office.opening() for _ in range(10)])
    sound(office)
    office.handle_many(lived(office, cases))
    sound(office)
    alone = office.open()
    for request in lived(office, [alone]):
        office.handle(request)
    fields = ("status", "unit", "stage", "due", "promised", "seq")
    rows = CaseRecord.objects.using(office.alias)
    expected = rows.values(*fields).get(id=alone.case)
    for case in cases:
        assert rows.values(*fields).get(id=case.case) == expected


@pytest.mark.usefixtures("by_threes")
@pytest.mark.parametrize("wrong", [0, 2, 3, 7, 11])
def test_a_refusal_leaves_nothing(office: TestOffice, wrong: int) -> None:
    (known,) = office.handle_many([office.opening()])
    before = everything(office.alias)
    requests = [office.opening() for _ in range(12)]
    requests[wrong] = office.asking(known, c.Complete(task="look", outcome="broken"))
    with pytest.raises(Refusal) as raised:
        office.handle_many(requests)
    assert raised.value.__notes__ == [f"request {wrong}"]
    assert everything(office.alias) == before
    assert len(office.handle_many([office.opening() for _ in range(4)])) == 4
    sound(office)


@pytest.mark.usefixtures("by_threes")
@pytest.mark.parametrize("second", [1, 2, 5, 11])
def test_a_receipt_that_is_taken_leaves_nothing_either(office: TestOffice, second: int) -> None:
    before = everything(office.alias)
    requests = [office.opening() for _ in range(12)]
    for number in (0, second):
        requests[number] = office.opening(receipt="ZL-7K4M-Q2XD-9F3R")
    with pytest.raises(Duplicate):
        office.handle_many(requests)
    assert everything(office.alias) == before


def test_more_than_one_statement_takes(office: TestOffice) -> None:
    cases = office.handle_many([office.opening() for _ in range(613)])
    for model in (CaseRecord, EntryRecord, KeyRecord, WordsRecord):
        assert model.objects.using(office.alias).count() == 613
    for case in (cases[0], cases[249], cases[250], cases[612]):
        assert read.load_state(case.case, office.alias) == case.state
    sound(office)
