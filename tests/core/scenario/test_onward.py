"""What a scenario hands on is checked against the one that takes it: file, line, remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from zhuoli.core.scenario.check.onward import check_across
from zhuoli.core.scenario.folder import across, beside, read_folder
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.shelf import read_shelf
from zhuoli.core.text import Mistake

SHELF = Path(__file__).parents[3] / "scenarios"
FROM, TO, ALSO = "dispute_mediation", "legal_service_request", "administrative_review"

CASES = [
    # (folder, file, what stands there, what is written instead, code, line's passage)
    (FROM, "scenario.yaml", "scenario: legal_service_request", "scenario: legal_service", "unknown_scenario", "scenario: legal_service"),
    (FROM, "scenario.yaml", "with: {matter: legal_help}", "with: {matter: legal}", "unknown_next_matter", "with: {matter: legal}"),
    (FROM, "scenario.yaml", "with: {matter: legal_help}", "with: {matter: legal}", "unused_next_matter", "  legal_help:"),
    (FROM, "scenario.yaml", "    purpose: hand_on\n", "", "next_without_purpose", "  legal_help:"),
    (FROM, "scenario.yaml", "purpose: hand_on\n", "purpose: handon\n", "unknown_purpose", "purpose: handon"),
    (FROM, "scenario.yaml", "fields: [form.story, form.name, form.phone]", "fields: [form.name, form.phone]", "purpose_does_not_cover", "      story: =form.story"),
    (FROM, "scenario.yaml", "      story: =form.story\n", "", "next_question_unmapped", "  legal_help:"),
    (FROM, "scenario.yaml", "      need: advice\n", "      need: =hand_over.to\n", "next_does_not_fit", "      need: =hand_over.to"),
    (FROM, "scenario.yaml", "      need: advice\n", "      need: advise\n", "next_does_not_fit", "      need: advise"),
    (FROM, "scenario.yaml", "      need: advice\n", "      need: lawyer\n", "next_question_unmapped", "  legal_help:"),
    (FROM, "scenario.yaml", "      name: =form.name\n", "      nme: =form.name\n", "unknown_question", "      nme: =form.name"),
    (FROM, "scenario.yaml", "      name: =form.name\n", "      name: =form.nam\n", "unknown_name_here", "      name: =form.nam"),
    (FROM, "scenario.yaml", "files: {papers: form.photos}", "files: {papers: form.story}", "not_a_file_question", "files: {papers: form.story}"),
    (FROM, "scenario.yaml", "files: {papers: form.photos}", "files: {story: form.photos}", "not_a_file_question", "files: {story: form.photos}"),
    (FROM, "scenario.yaml", "      need: advice\n", "      need: advice\n      papers: three\n", "next_not_an_answer", "      papers: three"),
    (FROM, "scenario.yaml", "    purpose: hand_on\n", "    purpose: hand_on\n    parties: {requester: caller}\n", "unknown_party", "    parties: {requester: caller}"),
    (TO, "scenario.yaml", ", partner, handover]", ", partner]", "next_not_taken", "scenario: legal_service_request"),
    (TO, "scenario.yaml", "guardian: {title: {zh: 法定代理人, en: Legal representative}, kind: resident}", "guardian: {title: {zh: 法定代理人, en: Legal representative}, kind: resident}\n  witness: {title: {zh: 证人, en: Witness}, kind: resident, required: true}", "next_party_missing", "  legal_help:"),
    (FROM, "form.yaml", "      title: {zh: 您的电话, en: Your phone number}\n      required: true\n", "      title: {zh: 您的电话, en: Your phone number}\n", "next_may_be_empty", "      phone: =form.phone"),
    (TO, "form.yaml", "      hint: {zh: \"没有也能问。\", en: \"You can ask without any.\"}\n", "      required: true\n      relevant: form.event = \"wages\"\n", "", ""),
]  # fmt: skip


def broken(tmp_path: Path, folder: str, file: str, old: str, new: str) -> Path:
    for name in (FROM, TO, ALSO):
        shutil.copytree(SHELF / name, tmp_path / name)
    path = tmp_path / folder / file
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")
    return tmp_path


def found_in(path: Path) -> list[Mistake]:
    shelf = read_shelf(path)
    return shelf.mistakes


@pytest.mark.parametrize(("folder", "file", "old", "new", "code", "passage"), CASES)
def test_a_mistake_is_told_with_its_line_and_remedy(
    tmp_path: Path, folder: str, file: str, old: str, new: str, code: str, passage: str
) -> None:
    path = broken(tmp_path, folder, file, old, new)
    found = found_in(path)
    if not code:
        assert not [one for one in found if one.severity == "error"], "files are mapped"
        return
    mine = [one for one in found if one.code == code]
    assert mine, [one.code for one in found]
    text = (path / FROM / "scenario.yaml").read_text("utf-8").splitlines()
    assert passage.strip() in text[mine[0].line - 1], (mine[0].line, text[mine[0].line - 1])
    assert mine[0].file.endswith(f"{FROM}/scenario.yaml")
    assert mine[0].remedy.zh
    assert mine[0].remedy.en


def changed(scenario: Scenario, **changes: object) -> Scenario:
    """A scenario whose next matter differs in some of its keys."""
    matter = msgspec.structs.replace(scenario.next_matters["legal_help"], **changes)
    return msgspec.structs.replace(scenario, next_matters={"legal_help": matter})


@pytest.fixture(scope="module")
def pair() -> tuple[Scenario, Scenario]:
    one, two = (read_folder(SHELF / name)[0] for name in (FROM, TO))
    assert one is not None
    assert two is not None
    return one, two


def codes(one: Scenario, two: Scenario) -> dict[str, str]:
    return {each.code: each.severity for each in check_across(one, {two.scenario: two})}


def test_what_is_somebody_elses_stays_with_them(pair: tuple[Scenario, Scenario]) -> None:
    one, two = pair
    answers = {**one.next_matters["legal_help"].answers, "phone": "=form.other_phone"}
    assert "next_other_person" in codes(changed(one, answers=answers), two)


def test_what_is_sealed_stays_sealed(pair: tuple[Scenario, Scenario]) -> None:
    one, two = pair
    form = two.forms["intake"]
    open_story = msgspec.structs.replace(form.questions["story"], personal="")
    forms = {"intake": msgspec.structs.replace(form, questions={**form.questions, "story": open_story})}
    assert "next_personal_opened" in codes(one, msgspec.structs.replace(two, forms=forms))


def test_a_question_that_depends_is_only_a_warning(pair: tuple[Scenario, Scenario]) -> None:
    """Whether a lawyer is wanted is not a literal any more, so nobody knows whether the lawyer's questions are asked."""
    one, two = pair
    answers = {**one.next_matters["legal_help"].answers, "need": "=legal_event.need"}
    found = codes(changed(one, answers=answers), two)
    assert found["next_may_be_asked"] == "warning"


def test_a_folder_alone_looks_at_those_beside_it(tmp_path: Path) -> None:
    path = broken(tmp_path, TO, "scenario.yaml", ", partner, handover]", ", partner]")
    one, mistakes = read_folder(path / FROM)
    assert one is not None
    assert not mistakes
    assert [each.code for each in across(path / FROM, one, beside(path / FROM, one))] == ["next_not_taken"]


def test_a_broken_hand_over_takes_no_scenario_off_the_shelf(tmp_path: Path) -> None:
    path = broken(tmp_path, FROM, "scenario.yaml", "scenario: legal_service_request", "scenario: nowhere")
    assert set(read_shelf(path).scenarios) == {FROM, TO, ALSO}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("scenario: public_need\n", "scenario: public_needs\n", "unknown_scenario"),
        ("channel: field\n          requester", "channel: model\n          requester", "next_not_taken"),
        ("          answer_story: =form.note\n", "", "next_question_unmapped"),
        ("answer_category: =sort.category", "answer_category: =form.kind", "next_does_not_fit"),
        ("photos: photos", "photos: story", "not_a_file_question"),
        ("answer_spot: =form.spot", "answer_spots: =form.spot", "unknown_question"),
    ],
)
def test_a_task_that_raises_another_matter_is_checked_too(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    for name in ("village_duty", "public_need"):
        shutil.copytree(SHELF / name, tmp_path / name)
    path = tmp_path / "village_duty" / "scenario.yaml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    (mine,) = [each for each in read_shelf(tmp_path).mistakes if each.code == code]
    line = path.read_text("utf-8").splitlines()[mine.line - 1]
    wanted = "open_need:" if not new else "scenario:" if "channel" in new else new.strip()
    assert wanted in line


def test_a_question_that_no_choice_leads_to_is_not_missed() -> None:
    """Whatever the table says, it is never noise, so nobody is asked where the noise comes from."""
    assert not read_shelf(SHELF).mistakes
