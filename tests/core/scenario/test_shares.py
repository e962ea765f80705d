"""What parties may let bodies outside read, and words to begin with: each mistake is told with file, line and remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhuoli.core.scenario.check.catalog_shares import SHARES, TEMPLATES
from zhuoli.core.scenario.folder import read_folder

SHELF = Path(__file__).parents[3] / "scenarios"
CASES = [
    ("exports.yaml", "source: [form.at]", "source: [form.when]", "unknown_name_here"),
    ("templates.yaml", "question: facts.found", "question: facts.unrelated", "not_in_words"),
    ("templates.yaml", "question: certificate.known", "question: certificate.knows", "not_in_words"),
    ("templates.yaml", 'text:\n    zh: "', 'text:\n    zh: "' + "长" * 1300, "template_too_long"),
    ("templates.yaml", "if: first_says.situation", "if: first_says.sitation", "unknown_name"),
    ("scenario.yaml", "body: insurer", "body: bank", "unknown_body"),
    ("scenario.yaml", "after: [settled_on_own, determined, certified]", "after: []", "share_empty"),
    ("scenario.yaml", "after: [settled_on_own,", "after: [settled,", "unknown_milestone"),
    ("scenario.yaml", "notices: [agreement,", "notices: [agrement,", "unknown_notice"),
    ("scenario.yaml", "parties: [requester, other]", "parties: [witness]", "unknown_party"),
    ("scenario.yaml", "purpose: claim", "purpose: claims", "unknown_purpose"),
    (
        "scenario.yaml",
        "call: evidence.prepare\n        with: {shots: shots}",
        "call: notice.issue\n        with: {notice: rights, to: requester}",
        "share_without_evidence",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "code"), CASES)
def test_a_mistake_is_told(tmp_path: Path, file: str, old: str, new: str, code: str) -> None:
    shutil.copytree(SHELF / "minor_accident", tmp_path / "minor_accident")
    path = tmp_path / "minor_accident" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    _, mistakes = read_folder(tmp_path / "minor_accident")
    mine = [each for each in mistakes if each.code == code]
    assert mine, [each.code for each in mistakes]
    assert mine[0].line
    assert mine[0].remedy.zh


def test_every_such_mistake_has_been_made() -> None:
    assert SHARES.keys() | TEMPLATES.keys() <= {code for *_, code in CASES}
