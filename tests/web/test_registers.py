"""Registers on pages: what is kept is told to everybody; a sample, masked, to posts that handle cases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from tests.web.site import Clock, Visitor, clock, demo, site_template, visitor  # noqa: F401

from zhuoli.lake.importing import import_file
from zhuoli.web.registers import pages
from zhuoli.web.registers.known import registers


def fill(clock: Clock, tmp_path: Path) -> None:  # noqa: F811
    """Import a county, an operator and a van."""
    rows = {
        "divisions": "code,name,level,parent\n620000000000,甘肃省,province,\n620102000000,城关区,county,620000000000\n",
        "vans": "vehicle,plate,seats,use,county,registered,inspection_due,scrap_due\n"
        "V0000001,甘A12345,7,private,620102000000,2020-01-01,2030-01-01,2035-01-01\n",
    }
    for name, text in rows.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        made = import_file(settings.ENVIRONMENT.data / "lake", registers(), name, path, now=clock.now)
        assert made.rejected == 0


def test_what_is_kept_is_told_to_all(clock: Clock, visitor: Visitor, tmp_path: Path) -> None:  # noqa: F811
    fill(clock, tmp_path)
    listed = visitor.get("/zh/registers/")
    assert listed.status == 200
    assert "7–9座面包车" in listed.text
    page = visitor.get("/zh/registers/vans/")
    assert page.status == 200
    assert "检查人员在路边核对车辆" in page.text
    assert "面包车逾期未检" in page.text
    assert "个人信息 检查人员在路边核对车辆" in page.text
    assert 'href="/zh/scenarios/van_inspection_overdue/"' in page.html
    assert "样例" not in page.text
    assert "甘A12345" not in page.text
    assert visitor.get("/en/registers/nothing/").status == 404


def test_the_last_imports_are_told_and_their_files_to_posts_only(
    clock: Clock,  # noqa: F811
    visitor: Visitor,  # noqa: F811
    demo: None,  # noqa: F811
    tmp_path: Path,
) -> None:
    fill(clock, tmp_path)
    lake, known = settings.ENVIRONMENT.data / "lake", registers()
    second = tmp_path / "车管所5月.csv"
    second.write_text(
        (tmp_path / "vans.csv").read_text("utf-8").replace(",7,", ",8,")
        + "V0000002,甘A54321,99,private,620102000000,2020-01-01,2030-01-01,2035-01-01\n",
        encoding="utf-8",
    )
    made = import_file(lake, known, "vans", second, now=clock.now, by="数据岗")
    third = tmp_path / "改好的.csv"
    third.write_text(Path(made.rejects).read_text("utf-8-sig").replace(",99,", ",9,"), encoding="utf-8")
    import_file(lake, known, "vans", third, now=clock.now, by="数据岗", mode="changes")
    told = visitor.get("/zh/registers/vans/").html
    for words in ("最近的导入", "整份换掉", "只改这些行", "改动 1", "新增 1", "改好又收下 1："):
        assert words in told, words
    for words in ("车管所5月", "改好的", "数据岗", "夜间自动", str(tmp_path), "rejects"):
        assert words not in told, words
    seen = Visitor().be("gov-620103/supervisor").get("/en/registers/vans/").html
    for words in (
        "车管所5月.csv",
        "数据岗",
        "the night, by itself",
        "1 changed",
        "1 came in when corrected:",
    ):
        assert words in seen, words
    again = made.state.imports[0].id if made.state else ""
    assert f'id="import-{again}"' in seen
    assert str(tmp_path) not in seen
    assert visitor.get("/zh/registers/permits/").text.count("最近的导入") == 0


def test_an_import_of_which_nothing_was_taken_is_told_where_there_are_no_rows_yet(
    clock: Clock,  # noqa: F811
    visitor: Visitor,  # noqa: F811
    demo: None,  # noqa: F811
    tmp_path: Path,
) -> None:
    file = tmp_path / "第一次.csv"
    file.write_text("violation,vehicle,happened,kind,county,settled\n1,2,3,4,5,6\n", encoding="utf-8")
    made = import_file(
        settings.ENVIRONMENT.data / "lake", registers(), "violations", file, now=clock.now, by="数据岗"
    )
    assert made.state is None
    told = visitor.get("/zh/registers/violations/").html
    for words in ("最近的导入", "一行也没收下", "还没有数据"):
        assert words in told, words
    assert "第一次.csv" not in told
    seen = Visitor().be("gov-620103/supervisor").get("/zh/registers/violations/").html
    for words in ("第一次.csv", "数据岗"):
        assert words in seen, words


def test_a_post_sees_a_masked_sample(clock: Clock, demo: None, tmp_path: Path) -> None:  # noqa: F811
    fill(clock, tmp_path)
    page = Visitor().be("gov-620103/supervisor").get("/zh/registers/vans/")
    assert "样例" in page.text
    assert "V0000001" in page.text
    assert 'href="/zh/shelf/van_inspection_overdue/"' in page.html, "a post goes on to the model on the shelf"
    assert "甘A12345" not in page.text


def test_a_sample_with_many_fields_is_shown_field_by_field(clock: Clock, demo: None) -> None:  # noqa: F811
    cases = registers()["loop_cases"]
    row: dict[str, object] = dict.fromkeys(cases.names)
    row |= {"case_id": 7, "late": False, "opened": datetime(2026, 3, 4, 9, 5, 1, 7)}  # noqa: DTZ001 - local
    turned = dict(pages._turned([pages._shown(cases, row)] * 2))
    said = {title.en: [one.en for one in cells] for title, cells in turned.items()}
    assert len(said) == len(cases.fields)
    assert said["Case"] == ["7", "7"]
    assert said["Late"] == ["no", "no"]
    assert said["Opened"] == ["2026-03-04 09:05"] * 2
    assert said["Score"] == ["", ""]
