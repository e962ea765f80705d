"""A notice filled in: what is chosen begins small within an English sentence where the notice asks for it, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from zhuoli.capabilities.notices import _fill, _instant
from zhuoli.core.case.compile import compile_plan
from zhuoli.core.scenario.folder import read_folder
from zhuoli.environment import ROOT

CAMPAIGN = ROOT / "scenarios" / "van_safety_campaign"


def filled(folder: Path, notice: str, **answers: Any) -> tuple[str, str]:
    """Fill in a notice of a scenario with these answers; whatever else it says stays open."""
    scenario, _ = read_folder(folder)
    assert scenario is not None
    case = SimpleNamespace(
        id=1, receipt="ZL-1", unit="u", clocks={}, personal={}, answers=answers, files={}, booking=None
    )
    directory = SimpleNamespace(name=lambda unit: None, place=lambda code: None)
    job: Any = SimpleNamespace(
        plan=compile_plan(scenario),
        case=case,
        office=SimpleNamespace(directory=directory),
        now=1_772_593_200_000,
        given={"notice": notice},
    )
    text = _fill(job, scenario.notices[notice], "")
    return text.zh, text.en


def test_a_term_stands_small_within_its_sentence() -> None:
    answers = {
        "findings.term": "soon",
        "inspect.failings": ["belts", "brakes"],
        "form.wave": "operating",
        "inspect.seen": "SOMEBODY wrote this",
    }
    zh, en = filled(CAMPAIGN, "order", **answers)
    assert "15日" in zh
    assert "within **fifteen days** from" in en
    assert "not in order: belts or extinguisher missing, brakes or tyres." in en
    assert "(First: operating vans)" in en, "what stands by itself keeps its capital"
    assert "Seen: SOMEBODY wrote this" in en


def test_a_paper_tells_its_year() -> None:
    zh, en = filled(CAMPAIGN, "order")
    assert "日期：2026年3月4日" in zh
    assert "Date: 4 Mar 2026" in en
    job: Any = SimpleNamespace(now=1_772_593_200_000)
    assert _instant(job, 1_772_593_200_000 + 330 * 86_400_000).zh.startswith("2027年1月28日")
    assert _instant(job, 1_772_593_200_000).zh.startswith("3月4日")
