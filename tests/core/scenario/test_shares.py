"""What parties may let bodies outside read is checked: whom, when, what, why; each mistake with file, line and remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhuoli.core.scenario.check.catalog_shares import SHARES
from zhuoli.core.scenario.folder import read_folder

SHELF = Path(__file__).parents[3] / "scenarios"
CASES = [
    ("body: insurer", "body: bank", "unknown_body"),
    ("after: [settled_on_own, determined, certified]", "after: []", "share_empty"),
    ("after: [settled_on_own,", "after: [settled,", "unknown_milestone"),
    ("notices: [agreement,", "notices: [agrement,", "unknown_notice"),
    ("parties: [requester, other]", "parties: [witness]", "unknown_party"),
    ("purpose: claim", "purpose: claims", "unknown_purpose"),
    (
        "call: evidence.prepare\n        with: {shots: shots}",
        "call: notice.issue\n        with: {notice: rights, to: requester}",
        "share_without_evidence",
    ),
]


@pytest.mark.parametrize(("old", "new", "code"), CASES)
def test_a_mistake_is_told(tmp_path: Path, old: str, new: str, code: str) -> None:
    shutil.copytree(SHELF / "minor_accident", tmp_path / "minor_accident")
    path = tmp_path / "minor_accident" / "scenario.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    _, mistakes = read_folder(tmp_path / "minor_accident")
    mine = [each for each in mistakes if each.code == code]
    assert mine, [each.code for each in mistakes]
    assert mine[0].line
    assert mine[0].remedy.zh


def test_every_such_mistake_has_been_made() -> None:
    assert SHARES.keys() <= {code for *_, code in CASES}
