"""What parties may let others read, and the words with which answers begin: each mistake is told with its place and a remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhuoli.core.scenario.folder import read_folder
from zhuoli.environment import ROOT

ACCIDENT = ROOT / "scenarios" / "minor_accident"
S, T, F = "scenario.yaml", "templates.yaml", "form.yaml"

AGAIN = "{{type: signature, personal: {}, title: {{zh: 签, en: Sign}}, why: {{zh: 要签, en: Signed}}}}"


def told(tmp_path: Path, file: str, old: str, new: str) -> list[tuple[str, str, str, str]]:
    """Return code, file, the text of the line and the remedy of what is wrong with the accidents after an edit."""
    folder = tmp_path / ACCIDENT.name
    shutil.copytree(ACCIDENT, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        (
            one.code,
            Path(one.file).name,
            lines[one.line - 1].strip() if Path(one.file).name == file else "",
            one.remedy.en,
        )
        for one in read_folder(folder)[1]
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "line", "remedy"),
    [
        (S, "    body: insurer\n", "    body: insurance\n", "unknown_body", "body: insurance", "insurer"),
        (
            S,
            "    after: [settled_on_own, determined, certified]\n",
            "    after: []\n",
            "share_empty",
            "after: []",
            "Write at least one",
        ),
        (
            S,
            "    after: [settled_on_own, determined, certified]\n",
            "    after: [settled_on_own, detremined, certified]\n",
            "unknown_milestone",
            "after: [settled_on_own, detremined, certified]",
            "determined",
        ),
        (
            T,
            "rear_end:\n  question: facts.found\n",
            "rear_end:\n  question: facts.fond\n",
            "not_in_words",
            "question: facts.fond",
            "facts.found",
        ),
        (
            T,
            'en: "A, driving along ____',
            f'en: "{"Very " * 240}long: A, driving along ____',
            "template_too_long",
            "text:",
            "Shorten it",
        ),
        (
            F,
            "      signs: [agree.situation, agree.first",
            "      signs: [agree.situation, agree.fist",
            "not_signable",
            "signs: [agree.situation, agree.fist, agree.second, agree.pay, agree.sum]",
            "agree.first",
        ),
        (
            F,
            "      signs: [agree.situation, agree.first",
            "      signs: [first_says.name, agree.first",
            "not_signable",
            "signs: [first_says.name, agree.first, agree.second, agree.pay, agree.sum]",
            "agree.first",
        ),
        (
            F,
            "    sum: {type: text, title: {zh: 约定的",
            f"    too: {AGAIN.format('self')}\n    sum: {{type: text, title: {{zh: 约定的",
            "signed_twice",
            "sign:",
            "Give each signer",
        ),
        (
            F,
            """    spot:
      type: text
""",
            f"    too: {AGAIN.format('requester')}\n    spot:\n      type: text\n",
            "signed_before_case",
            f"too: {AGAIN.format('requester')}",
            "after opening",
        ),
    ],
)
def test_a_mistake_is_told(
    tmp_path: Path, file: str, old: str, new: str, code: str, line: str, remedy: str
) -> None:
    [(found, where, shown, what)] = told(tmp_path, file, old, new)
    assert (found, where, shown) == (code, file, line)
    assert remedy in what


def test_evidence_is_passed_on_only_where_there_is_some(tmp_path: Path) -> None:
    need = ROOT / "scenarios" / "public_need"
    folder = tmp_path / need.name
    shutil.copytree(need, folder)
    path = folder / S
    path.write_text(
        path.read_text(encoding="utf-8")
        + """
shares:
  insurer:
    title: {zh: 保险公司, en: Insurer}
    consent: {zh: 我同意, en: I agree}
    body: insurer
    parties: [requester]
    after: [no_such]
    notices: [no_such]
    purpose: no_such
    evidence: true
    answers:
      seen: {zh: 看过了, en: Seen}
""",
        encoding="utf-8",
    )
    codes = [one.code for one in read_folder(folder)[1]]
    assert sorted(codes) == [
        "share_without_evidence",
        "unknown_milestone",
        "unknown_notice",
        "unknown_purpose",
    ]
