"""The desk's tools: likely duplicates, numbers of other systems, exports."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.site import BUREAU, DISPATCHER, Clock, Form, Visitor, open_need

from zhuoli.office import partner_keys
from zhuoli.store.models import CaseRecord, ExportRecord, NotSameRecord, ReferenceRecord
from zhuoli.store.replay import replay
from zhuoli.web import door
from zhuoli.web.desk import export, numbers, sheets

HOUR = 3_600_000


def case_of(receipt: str) -> int:
    return CaseRecord.objects.get(receipt=receipt).id


# --- duplicates


def test_duplicate_is_suggested_merged_and_taken_apart_again(
    visitor: Visitor, clock: Clock, demo: None
) -> None:
    first = case_of(open_need(visitor))
    clock.pass_hours(2)
    second = case_of(open_need(visitor))
    noise = case_of(open_need(visitor, a_category="housing"))
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{second}/")
    assert "Possibly the same matter" in officer.text
    assert "2 h apart" in officer.text
    assert "both in Jiuquanlu Subdistrict" in officer.text
    assert f"/desk/cases/{noise}/" not in officer.html
    officer.send(f"/{second}/merge/")
    row = CaseRecord.objects.get(pk=second)
    assert (row.status, row.merged_into) == ("merged", first)
    officer.get(f"/en/desk/cases/{second}/")
    assert "This case goes on in" in officer.text
    lead = Visitor().be(BUREAU).get(f"/en/desk/cases/{first}/")
    assert "Merged into this case" in lead.text
    officer.send(f"/{second}/split/")
    assert officer.status == 200, officer.text
    assert CaseRecord.objects.get(pk=second).status == "received"
    assert replay().equal


def test_earlier_case_takes_the_later_one_in(visitor: Visitor, clock: Clock, demo: None) -> None:
    first = case_of(open_need(visitor))
    clock.pass_hours(2)
    second = case_of(open_need(visitor))
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{first}/")
    assert "take it in here" in officer.text
    officer.send(f"/{second}/merge/")
    assert CaseRecord.objects.get(pk=second).merged_into == first


def test_what_is_not_the_same_is_said_once_for_both(visitor: Visitor, clock: Clock, demo: None) -> None:
    first = case_of(open_need(visitor))
    clock.pass_hours(2)
    second = case_of(open_need(visitor))
    third = case_of(open_need(visitor))
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{second}/")
    officer.send("/not-same/", other=str(first))
    assert officer.path == f"/en/desk/cases/{second}/"
    assert "Noted: not the same." in officer.text
    for case, other in ((first, second), (second, first)):
        page = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
        suggested = page.html.split("Judged not to be the same")[0]
        assert f"/desk/cases/{other}/" not in suggested
        assert f"/desk/cases/{third}/" in suggested, "the third is still suggested on both"
        assert "Judged not to be the same (1)" in page.text
        assert "2026-03-04" in page.html.split("Judged not to be the same")[1]
    kept = NotSameRecord.objects.get()
    assert (kept.first, kept.second, kept.at, kept.post) == (first, second, clock.now, BUREAU)
    token = officer.client.cookies["csrftoken"].value
    path = f"/en/desk/cases/{second}/not-same/"
    again = Visitor().be(DISPATCHER).get(f"/en/desk/cases/{second}/")
    clock.pass_hours(1)
    again.send("/not-same/", other=str(first))
    assert NotSameRecord.objects.get() == kept, "whoever said so first stays named"
    for bad, status in ((str(second), 400), ("x", 400), (str(1 << 62), 404), (str(1 << 64), 400)):
        answer = officer.client.post(path, {"csrfmiddlewaretoken": token, "other": bad})
        assert answer.status_code == status, bad


def beside(visitor: Visitor, form: Form, case: int, **values: str) -> str:
    """Send a form of the case pane as htmx does; return what comes back."""
    headers = {
        "HX-Request": "true",
        "HX-Target": "case",
        "HX-Current-URL": f"http://testserver/en/desk/?queue=all&case={case}",
    }
    answer = visitor.client.post(form.action, {**dict(form.fields), **values}, headers=headers)
    visitor.status = answer.status_code
    return answer.content.decode()


def pane(visitor: Visitor, case: int) -> Visitor:
    return visitor.get(f"/en/desk/?queue=all&case={case}")


def test_tools_of_the_pane_bring_only_what_changed(visitor: Visitor, clock: Clock, demo: None) -> None:
    """Taking in, taking apart, entering a number, saying “not the same”: the case that is open stays open."""
    first = case_of(open_need(visitor))
    clock.pass_hours(2)
    second = case_of(open_need(visitor))
    officer = pane(Visitor().be(BUREAU), first)
    assert officer.html.count(f'hx-post="/en/desk/cases/{second}/merge/"') == 1
    got = beside(officer, officer.form(f"/{second}/merge/"), first)
    assert CaseRecord.objects.get(pk=second).merged_into == first
    assert "<html" not in got
    assert f'data-gone="row-{second}"' in got
    assert f'data-row="row-{first}"' in got
    assert "Merged into this case" in got, "the case that was open is still the one that is shown"
    split = re.search(rf'<form[^>]*hx-post="/en/desk/cases/{second}/split/".*?</form>', got, re.DOTALL)
    assert split, "and the way back is offered"
    assert f'name="_from" value="{first}"' in split[0]
    pane(officer, first)
    got = beside(officer, officer.form(f"/{second}/split/"), first)
    assert CaseRecord.objects.get(pk=second).merged_into is None
    assert f'data-row="row-{second}"' in got
    assert "Possibly the same matter" in got
    pane(officer, first)
    got = beside(officer, officer.form(f"/{first}/not-same/"), first)
    assert "Possibly the same matter" not in got
    assert "Noted: not the same." in got
    pane(officer, first)
    got = beside(officer, officer.form(f"/{first}/numbers/"), first, system="hotline", number="13909310000")
    assert officer.status == 422
    assert "<html" not in got
    assert 'value="13909310000"' in got
    assert "not a case number" in got
    got = beside(officer, officer.form(f"/{first}/numbers/"), first, system="hotline", number="LZ-7")
    assert officer.status == 200
    assert "LZ-7" in got
    assert f'data-row="row-{first}"' in got


def test_late_merge_from_the_pane_is_told_beside_the_open_case(
    visitor: Visitor, clock: Clock, demo: None
) -> None:
    first = case_of(open_need(visitor))
    clock.pass_hours(2)
    second = case_of(open_need(visitor))
    late = pane(Visitor().be(BUREAU), first)
    Visitor().be(BUREAU).get(f"/en/desk/cases/{second}/").send("/accept/")
    got = beside(late, late.form(f"/{second}/merge/"), first)
    assert late.status == 409
    assert CaseRecord.objects.get(pk=second).merged_into is None
    assert "Possibly the same matter" in got
    assert f'action="/en/desk/cases/{first}/note/"' in got, "the open case is still there"
    assert f'action="/en/desk/cases/{second}/note/"' not in got
    bad = dict(late.form(f"/{second}/merge/").fields) | {"_from": "x"}
    assert late.client.post(f"/en/desk/cases/{second}/merge/", bad).status_code == 400


def test_nobody_is_shown_what_they_may_not_see(visitor: Visitor, clock: Clock, demo: None) -> None:
    """A case that another unit leads is no suggestion to this one, though it is as near as can be."""
    first = case_of(open_need(visitor))
    door.perform(
        key="0" * 8 + "-route",
        case=first,
        actor=_actor("dispatch-6201", "dispatcher"),
        command=_route("housing-620102"),
        expected_seq=None,
    )
    second = case_of(open_need(visitor))
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{second}/")
    assert "Possibly the same matter" not in officer.text
    dispatcher = Visitor().be(DISPATCHER).get(f"/en/desk/cases/{second}/")
    assert "Possibly the same matter" in dispatcher.text


def _actor(unit: str, role: str) -> Any:
    from zhuoli.core.case.facts import Actor

    return Actor(kind="post", unit=unit, post=f"{unit}/{role}", roles=(role,))


def _route(unit: str) -> Any:
    from zhuoli.core.case.commands import Route

    return Route(unit=unit, reason="theirs")


# --- numbers of other systems


def test_number_is_entered_found_and_shown(visitor: Visitor, demo: None) -> None:
    case = case_of(open_need(visitor))
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    officer.send(f"/{case}/numbers/", system="hotline", number=" lz20260304-0315 ")
    assert officer.path == f"/en/desk/cases/{case}/", officer.text
    assert "LZ20260304-0315" in officer.text
    assert "Its number in 12345 hotline is LZ20260304-0315" in officer.text
    officer.get("/en/desk/?q=lz20260304-0315")
    assert officer.query == {"queue": "all", "case": str(case)}
    other = Visitor().be("housing-620102/officer").get("/en/desk/?q=lz20260304-0315")
    assert other.path == "/en/desk/"
    assert "LZ20260304-0315" not in visitor.get("/en/").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"system": "", "number": "LZ-1"}, "Please fill this in"),
        ({"system": "hotline", "number": ""}, "does not look like a number"),
        ({"system": "hotline", "number": "13909310000"}, "not a case number"),
        ({"system": "hotline", "number": "=HYPERLINK(1)"}, "does not look like a number"),
    ],
)
def test_wrong_number_is_told_beside_its_field(
    visitor: Visitor, demo: None, typed: dict[str, str], said: str
) -> None:
    case = case_of(open_need(visitor))
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    officer.send(f"/{case}/numbers/", **typed)
    assert officer.status == 422
    assert said in officer.text
    assert typed["number"].replace('"', "&quot;") in officer.html
    assert not ReferenceRecord.objects.exists()


def test_second_case_with_the_same_number_is_a_likely_duplicate(visitor: Visitor, demo: None) -> None:
    first = case_of(open_need(visitor))
    second = case_of(open_need(visitor, a_place=["620100000000", "620102000000", "620102007000"]))
    officer = Visitor().be(BUREAU)
    officer.get(f"/en/desk/cases/{first}/").send(f"/{first}/numbers/", system="hotline", number="LZ-1")
    officer.get(f"/en/desk/cases/{second}/").send(f"/{second}/numbers/", system="hotline", number="LZ-1")
    assert officer.status == 422
    assert f"/desk/cases/{first}/" in officer.html
    officer.send(f"/{second}/numbers/", reason="The hotline gave one number to two callers.")
    assert officer.status == 200, officer.text
    assert "the same number LZ-1" in officer.text
    officer.get("/en/desk/?q=LZ-1")
    assert officer.path == "/en/desk/", "two cases have it: the list shows what there is"


def test_number_is_changed_only_with_a_reason_and_a_late_form_is_told(visitor: Visitor, demo: None) -> None:
    case = case_of(open_need(visitor))
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    stale = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    officer.send(f"/{case}/numbers/", system="hotline", number="LZ-1")
    officer.send(f"/{case}/numbers/", system="hotline", number="LZ-2")
    assert officer.status == 422
    assert "needs a reason" in officer.text
    officer.send(f"/{case}/numbers/", reason="A slip.")
    assert ReferenceRecord.objects.get().number == "LZ-2"
    stale.send(f"/{case}/numbers/", system="petition", number="XF-1")
    assert stale.status == 422
    assert "XF-1" in stale.html


def test_progress_goes_back_without_anything_of_a_person(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt = open_need(visitor)
    case = case_of(receipt)
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    officer.send(f"/{case}/numbers/", system="hotline", number="LZ-1")
    clock.pass_hours(1)
    officer.send("/accept/")
    officer.get("/en/desk/numbers/?system=hotline&since=2026-03-01")
    assert receipt in officer.text
    answer = officer.client.get("/en/desk/numbers/?system=hotline&since=2026-03-01&form=csv")
    table = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert table[0][:3] == ["对方编号 / Their number", "回执号 / Receipt", "状态 / Status"]
    assert table[1][:3] == ["LZ-1", receipt, "办理中 / In work"]
    assert "个人信息" in table[-1][0]
    answer = officer.client.get("/en/desk/numbers/?system=hotline&since=2026-03-01&form=json")
    body = json.loads(answer.content)
    (row,) = body["cases"]
    assert (row["number"], row["receipt"], row["status"]) == ("LZ-1", receipt, "accepted")
    assert row["changed"] == row["accepted"] == "2026-03-04T12:00:00+08:00"
    assert [each.what for each in ExportRecord.objects.order_by("id")] == [
        "numbers:hotline since 2026-03-01"
    ] * 2
    other = Visitor().be("housing-620102/officer").get("/en/desk/numbers/?system=hotline&since=2026-03-01")
    assert receipt not in other.text
    for bad in ("system=x", "since=yesterday", "since=9999-01-01", "form=pdf"):
        assert officer.get(f"/en/desk/numbers/?{bad}").status == 400, bad


def test_what_goes_back_is_a_closed_list() -> None:
    personal = {"parties", "answer", "answers", "personal", "contact", "phone", "name", "words"}
    assert not personal & set(numbers.COLUMNS)
    assert set(numbers.COLUMNS) <= set(numbers.Row.__struct_fields__)


def test_partner_asks_with_a_key(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt = open_need(visitor)
    case = case_of(receipt)
    Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/").send(
        f"/{case}/numbers/", system="hotline", number="LZ-1"
    )
    office = door.office()
    key = partner_keys.make(office.master, "hotline", "12345 centre", clock.now, clock.now + 1000 * HOUR)
    client = visitor.client

    def ask(path: str, with_key: str = key) -> Any:
        return client.get(path, headers={"Authorization": f"Bearer {with_key}"})

    answer = ask("/api/numbers/hotline/?since=2026-03-01T00:00:00%2B08:00")
    assert answer.status_code == 200
    body = answer.json()
    assert [each["number"] for each in body["cases"]] == ["LZ-1"]
    assert body["next"] is None
    assert set(body["cases"][0]) == {
        *numbers.COLUMNS,
        "status_text",
        "result_text",
    }
    assert ask("/api/numbers/hotline/?since=2026-03-05").json()["cases"] == []
    assert ask("/api/numbers/petition/").status_code == 403
    assert ask("/api/numbers/hotline/?since=now").status_code == 400
    assert ask("/api/numbers/hotline/?after=1").status_code == 400
    assert client.get("/api/numbers/hotline/").status_code == 401
    assert client.post("/api/numbers/hotline/").status_code == 405
    assert ask("/api/numbers/hotline/", "zlp_wrong").status_code == 401
    clock.pass_hours(1001)
    assert ask("/api/numbers/hotline/").status_code == 401
    clock.pass_hours(-1001)
    from zhuoli.store.models import PartnerKeyRecord

    partner_keys.revoke(PartnerKeyRecord.objects.get().hash[:12], clock.now)
    assert ask("/api/numbers/hotline/").status_code == 401
    for _ in range(60):
        last = ask("/api/numbers/hotline/", "zlp_wrong").status_code
    assert last == 429


# --- the list as a file


def test_list_leaves_as_csv_and_excel(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipts = {open_need(visitor) for _ in range(3)}
    case = case_of(min(receipts))
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    officer.send(f"/{case}/numbers/", system="hotline", number="LZ-1")
    officer.get("/en/desk/?queue=new")
    assert re.search(r"/en/desk/export/\?[^\"]*queue=new", officer.html)
    answer = officer.client.get("/en/desk/export/?queue=new&form=csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="list-New-2026-03-04.csv"'
    raw = b"".join(answer.streaming_content)
    assert raw.startswith("\ufeff".encode())
    table = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert len(table[0]) == len(export.COLUMNS)
    assert {row[0] for row in table[1:4]} == receipts
    assert any("hotline: LZ-1" in row for row in table[1:4])
    assert "lamp" not in raw.decode(), "what the person said stays here"
    answer = officer.client.get("/zh/desk/export/?queue=new&form=xlsx")
    assert "filename*=UTF-8''%E6%B8%85%E5%8D%95-" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet, about = book.worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "回执号 / Receipt"
    assert {row[0] for row in rows[1:]} == receipts
    assert ["" if cell is None else str(cell) for cell in rows[1]] == [str(cell) for cell in table[1]]
    assert "个人信息" in str(about["A2"].value)
    kept = list(ExportRecord.objects.order_by("id").values_list("post", "what", "form", "rows"))
    assert kept == [(BUREAU, "queue:new", "csv", 3), (BUREAU, "queue:new", "xlsx", 3)]
    assert officer.get("/en/desk/export/?form=pdf").status == 400
    assert officer.get("/en/desk/export/?queue=nothing").status == 400


def test_long_list_is_cut_and_says_so(
    visitor: Visitor, clock: Clock, demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST", 2)
    monkeypatch.setattr(export, "PAGE", 1)
    for _ in range(4):
        open_need(visitor)
    officer = Visitor().be(BUREAU)
    answer = officer.client.get("/en/desk/export/?queue=new&form=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.count("ZL-") == 2
    assert "only its 2 most urgent rows" in text


def test_filter_holds_for_the_file(visitor: Visitor, clock: Clock, demo: None) -> None:
    here = open_need(visitor)
    there = open_need(visitor, a_place=["620100000000", "620102000000", "620102007000"])
    officer = Visitor().be(BUREAU)
    answer = officer.client.get("/en/desk/export/", {"queue": "new", "q": "酒泉路街道", "form": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert here in text
    assert there not in text


@given(
    st.lists(
        st.lists(st.text(max_size=30) | st.integers(-9, 9) | st.none(), min_size=2, max_size=2), max_size=6
    )
)
def test_no_cell_is_a_formula_whatever_it_holds(rows: list[list[Any]]) -> None:
    from zhuoli.core.text import Text

    headings = [Text("甲", "A"), Text("乙", "B")]
    name = Text("甲", "x")
    body = b"".join(sheets.as_csv(name, headings, rows, [], "zh").streaming_content).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(body)):
        for cell in row:
            assert not cell.lstrip().startswith(tuple("=+@＝＋－＠")), cell
            assert not cell.startswith(("\t", "\r")), cell
            assert not cell.lstrip().startswith("-") or re.fullmatch(r"-\d+", cell), cell
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(sheets.as_xlsx(name, headings, rows, [], "zh").streaming_content))
    )
    for line in book.worksheets[0].iter_rows():
        for cell in line:
            assert cell.data_type != "f"
            if isinstance(cell.value, str):
                assert not cell.value.lstrip().startswith(sheets.RISKY), cell.value
