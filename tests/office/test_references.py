"""Numbers of other systems: through the ledger, found again, exported back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store.databases import TestOffice

from zhuoli.core.case import commands as c
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.story import tell
from zhuoli.environment import read_environment
from zhuoli.office import read, references
from zhuoli.store.replay import replay

NUMBER = "兰公（城）受案字〔2026〕 12号"
KEPT = "兰公(城)受案字〔2026〕12号"


def test_a_number_is_entered_once_found_and_rebuilt(office: TestOffice) -> None:
    case = office.open().case
    done = office.do(case, c.Refer(system="police", number=NUMBER))
    assert done.state.references == {"police": KEPT}
    assert [each.case for each in references.holders(" " + NUMBER, alias=office.alias)] == [case]
    assert references.holders(KEPT, "hotline", alias=office.alias) == []
    assert replay(office.alias).equal

    plan = office.library.current("lamp")
    (entry,) = read.history(case, office.alias, after=1)
    (line,) = tell(plan, entry.events, entry.at, office.directory, "office")
    assert line.text.zh == f"在执法办案系统的编号是 {KEPT}"
    assert line.text.en == f"Its number in Police case system is {KEPT}"
    assert tell(plan, entry.events, entry.at, office.directory, "party") == []


def test_it_is_changed_and_taken_back_only_with_a_reason(office: TestOffice) -> None:
    case = office.open().case
    office.do(case, c.Refer(system="hotline", number="lz-1"))
    for number in ("LZ-2", ""):
        with pytest.raises(Refusal) as refused:
            office.do(case, c.Refer(system="hotline", number=number))
        assert refused.value.code == "words_missing"
    with pytest.raises(Refusal) as refused:
        office.do(case, c.Refer(system="hotline", number="LZ- 1"))
    assert refused.value.code == "nothing_changes"
    office.do(case, c.Refer(system="hotline", number="LZ-2", reason="a slip of the pen"))
    assert references.holders("LZ-1", alias=office.alias) == []
    done = office.do(case, c.Refer(system="hotline", number="", reason="belongs to another case"))
    assert done.state.references == {}
    assert references.holders("LZ-2", alias=office.alias) == []
    (event,) = done.events
    assert "another case" not in event.reason, "the reason is sealed"
    assert replay(office.alias).equal


@pytest.mark.parametrize(
    ("system", "number", "code"),
    [
        ("nobody", "1", "unknown_system"),
        ("police", "13909310000", "personal_number"),
        ("police", "+86 139 0931 0000", "personal_number"),
        ("police", "11010519491231002X", "personal_number"),
        ("police", "=1+1", "bad_number"),
        ("police", "a\x00b", "bad_number"),
        ("police", "x" * 65, "bad_number"),
    ],
)
def test_what_cannot_be_a_number_is_refused(office: TestOffice, system: str, number: str, code: str) -> None:
    case = office.open().case
    with pytest.raises(Refusal) as refused:
        office.do(case, c.Refer(system=system, number=number))
    assert refused.value.code == code
    assert refused.value.remedy.zh
    assert refused.value.remedy.en


def test_export_goes_by_last_change_page_by_page(office: TestOffice) -> None:
    cases = []
    for number in range(7):
        office.clock.now += 60_000
        case = office.open().case
        # Two at the same instant: the order must still be one.
        office.clock.now += 0 if number % 2 else 60_000
        office.do(case, c.Refer(system="hotline", number=f"LZ-{number}"))
        cases.append(case)
    office.do(office.open().case, c.Refer(system="petition", number="XF-1"))
    office.clock.now += 60_000
    office.do(cases[0], c.Accept())
    seen = list(references.export_all("hotline", since=0, most=100, alias=office.alias))
    assert [each.case for each in seen] == [*cases[1:], cases[0]]
    assert (seen[-1].number, seen[-1].status, seen[-1].changed) == ("LZ-0", "accepted", office.clock.now)

    paged, after = [], (0, 0)
    while page := references.exported("hotline", since=0, after=after, size=2, alias=office.alias):
        paged += page
        after = (page[-1].changed, page[-1].case)
    assert paged == seen
    late = references.export_all("hotline", since=office.clock.now, most=100, alias=office.alias)
    assert [each.case for each in late] == [cases[0]]
    assert len(list(references.export_all("hotline", since=0, most=3, alias=office.alias))) == 3


def test_an_installation_has_its_own_list() -> None:
    own = read_environment().data / references.FILE
    own.write_text(
        "desk: {title: {zh: 台账, en: Our register}, number: 'T[0-9]{4}', example: T0001}\n", "utf-8"
    )
    try:
        assert list(references.systems()) == ["desk"]
        assert references.named(c.Refer(system="desk", number="t0001")).title == ("台账", "Our register")
        with pytest.raises(Refusal) as refused:
            references.named(c.Refer(system="desk", number="X1"))
        assert "T0001" in refused.value.remedy.en
    finally:
        own.unlink()
    assert "hotline" in references.systems()


@pytest.mark.parametrize(
    "content", ["[]", "A b: {title: {zh: 甲, en: A}}", "a: {title: {zh: 甲, en: A}, number: '['}"]
)
def test_a_wrong_list_is_told(content: str, tmp_path: Path) -> None:
    path = tmp_path / "systems.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(references.BadSystems):
        references._read(path, 0)
