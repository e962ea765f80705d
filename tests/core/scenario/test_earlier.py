"""Earlier cases are counted of organisations and places only; mistakes have file, line and remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhuoli.core.scenario.check.catalog_onward import EARLIER
from zhuoli.core.scenario.folder import read_folder

SHELF = Path(__file__).parents[3] / "scenarios"
CASES = [
    ("scenario.yaml", "about: form.credit_code", "about: form.contact_phone", "about_a_person"),
    ("scenario.yaml", "about: form.credit_code", "about: form.enterprise", "about_a_person"),
    ("scenario.yaml", "about: form.credit_code\n", "", "earlier_about_nobody"),
    ("scenario.yaml", "reached: planned_visit_made", "reached: visit", "unknown_milestone"),
    ("scenario.yaml", "without: visited", "without: visitd", "unknown_milestone"),
    ("scenario.yaml", "within: 12 months", "within: 12 working days", "count_in_working_days"),
    ("scenario.yaml", "within: 12 months", "within: 12 years", "unknown_unit"),
    ("examples.yaml", "earlier: {planned_visits: 4,", "earlier: {visits: 4,", "unknown_count"),
    ("risk.csv", "when earlier.ordered", "when earlier.orders", "unknown_name"),
]


@pytest.mark.parametrize(("file", "old", "new", "code"), CASES)
def test_a_mistake_is_told(tmp_path: Path, file: str, old: str, new: str, code: str) -> None:
    shutil.copytree(SHELF / "enterprise_visit", tmp_path / "enterprise_visit")
    path = tmp_path / "enterprise_visit" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    _, mistakes = read_folder(tmp_path / "enterprise_visit")
    mine = [each for each in mistakes if code in each.code]
    assert mine, [each.code for each in mistakes]
    assert mine[0].line
    assert mine[0].remedy.zh


def test_every_such_mistake_has_been_made() -> None:
    assert EARLIER.keys() <= {code for *_, code in CASES}
