"""Registers on pages: what is kept is told to everybody; a sample, masked, to posts that handle cases."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from tests.web.site import Clock, Visitor, clock, demo, site_template, visitor  # noqa: F401

from zhuoli.lake.importing import import_file
from zhuoli.web.registers import pages


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
        made = import_file(settings.ENVIRONMENT.data / "lake", pages.registers(), name, path, now=clock.now)
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
    assert "样例" not in page.text
    assert "甘A12345" not in page.text
    assert visitor.get("/en/registers/nothing/").status == 404


def test_a_post_sees_a_masked_sample(clock: Clock, demo: None, tmp_path: Path) -> None:  # noqa: F811
    fill(clock, tmp_path)
    page = Visitor().be("gov-620103/supervisor").get("/zh/registers/vans/")
    assert "样例" in page.text
    assert "V0000001" in page.text
    assert "甘A12345" not in page.text
