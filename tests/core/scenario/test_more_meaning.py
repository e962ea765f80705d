"""Mistakes of meaning that need more than one changed passage."""

from __future__ import annotations

import re

import pytest

from zhuoli.core.scenario.check.catalog import CHECKS
from zhuoli.core.scenario.source import Files

from .helpers import changed, good_files, line_of, read

S, F, E, T = "scenario.yaml", "form.yaml", "examples.yaml", "severity.csv"


def edited(*edits: tuple[str, str, str]) -> Files:
    files = good_files()
    for file, old, new in edits:
        text = files[file].decode()
        assert text.count(old) == 1, (old, text.count(old))
        files[file] = text.replace(old, new).encode()
    return files


def cut(file: str, start: str, end: str) -> tuple[str, str, str]:
    """An edit that takes out everything from ``start`` up to ``end``."""
    text = good_files()[file].decode()
    found = text[text.index(start) : text.index(end, text.index(start))]
    return file, found, ""


def codes(files: Files) -> list[str]:
    return [one.code for one in read(files)[1]]


def test_a_matter_without_a_time_limit() -> None:
    assert codes(edited(cut(S, "due:\n  statutory", "stages:\n"))) == ["no_due"]


def test_a_stage_without_anything_in_it() -> None:
    files = edited((S, "  repair:\n", "  rest:\n    title: {zh: 歇, en: Rest}\n  repair:\n"))
    assert codes(files) == ["stage_empty"]


def test_a_life_cycle_without_stages() -> None:
    start = good_files()[S].decode()
    stages = start[start.index("  inspection:") : start.index("milestones:\n  lit")]
    found = codes(edited((S, f"stages:\n{stages}", "stages: {}\n")))
    assert "no_stages" in found
    assert "stage_never_completes" not in found


def test_confirmation_needs_a_requester() -> None:
    files = edited((S, "  requester: {title: {zh: 报修人", "  caller: {title: {zh: 报修人"))
    assert "no_requester" in codes(files)


def test_somebody_must_be_responsible() -> None:
    text = good_files()[S].decode()
    rules = text[text.index("routing:\n") : text.index("acceptance:\n")]
    assert codes(edited((S, rules, "routing: []\n"))) == ["no_routing"]


def test_a_form_asks_something() -> None:
    files = edited(
        (F, "inspection:\n", "spare: {title: {zh: 备, en: Spare}, questions: {}}\ninspection:\n"),
        (S, "        candidates: competence.urban_management\n", "        candidates: competence.urban_management\n        form: spare\n"),
    )  # fmt: skip
    assert codes(files) == ["no_questions"]


def test_personal_data_need_a_purpose() -> None:
    text = good_files()[S].decode()
    purposes = text[text.index("  purposes:\n") : text.index("  retention:")]
    assert codes(edited((S, purposes, "  purposes: {}\n"))) == ["no_purposes"]


def test_a_phone_number_is_always_personal() -> None:
    files = edited(
        (F, "      personal: requester\n      why: {zh: 修好后告诉您, en: To tell you when it is repaired}\n", ""),
        (S, "fields: [form.phone, form.name,", "fields: [form.name,"),
    )  # fmt: skip
    assert codes(files) == ["should_be_personal"]


def test_a_proposal_is_one_of_the_outcomes() -> None:
    files = edited(
        (S, "        form: inspection\n", "        form: inspection\n        decide_with: advice\n")
    )
    files["advice.csv"] = b'F,when form.dark_days,then outcome\n1,> 7,"""cables"""\nelse,,"""lamp"""\n'
    assert codes(files) == ["wrong_outputs"]
    files["advice.csv"] = files["advice.csv"].replace(b"cables", b"cable")
    assert codes(files) == []


def test_a_proposed_answer_has_the_question_s_type() -> None:
    files = edited(
        (S, "        form: inspection\n", "        form: inspection\n        decide_with: advice\n")
    )
    files["advice.csv"] = b"F,when form.dark_days,then lamps\n1,> 7,true\nelse,,false\n"
    assert codes(files) == ["wrong_outputs"]


def test_eligibility_is_a_yes_or_no_over_the_intake_form() -> None:
    files = edited((S, "  by: unit\n  due", "  by: unit\n  eligible_with: allowed\n  due"))
    files["allowed.csv"] = b"F,when form.dark_days,then allowed\n1,> 7,true\nelse,,false\n"
    assert codes(files) == ["wrong_outputs"]
    files["allowed.csv"] = b"F,when inspect.lamps,then eligible\n1,> 7,true\nelse,,false\n"
    assert codes(files) == ["too_early"]
    files["allowed.csv"] = b"F,when form.dark_days,then eligible\n1,> 7,true\nelse,,false\n"
    assert codes(files) == []


def test_a_table_never_reads_personal_data() -> None:
    files = edited((T, "when form.dark_days", "when form.phone"), (T, "> 7", '"""1"""'))
    assert "personal_in_expression" in codes(files)


def test_personal_data_in_a_notice_need_a_party() -> None:
    files = changed("notices/repaired.md", "共 {{inspect.lamps}} 盏", "{{form.name}}")
    assert codes(files) == []
    files[S] = files[S].replace(
        b"with: {notice: repaired, to: requester}", b"with: {notice: repaired, to: lead}"
    )
    assert set(codes(files)) == {"unknown_party", "notice_to_nobody"}


def test_an_example_there_must_be_and_it_begins_by_opening() -> None:
    files = good_files()
    files[E] = b"{}\n"
    assert "no_example" in codes(files)
    files = good_files()
    text = files[E].decode()
    files[E] = re.sub(r"\{as: lead, do: accept\}\n", "{do: wait}\n", text, count=1).encode()
    files[E] = files[E].replace(b"no_spare_part:", b"nothing:\n  title: {zh: a, en: b}\n  start: 2026-03-02 09:00\n  steps: []\nno_spare_part:")  # fmt: skip
    assert codes(files) == ["no_steps"]
    files = edited((E, "repaired_in_two_days:", "late_start:\n  title: {zh: a, en: b}\n  start: 2026-03-02 09:00\n  steps: [{do: wait}]\nrepaired_in_two_days:"))  # fmt: skip
    assert codes(files) == ["first_step_not_open"]


def test_a_case_can_end() -> None:
    text = good_files()[S].decode()
    closing = text[text.index("closing:\n") : text.index("confirmation:")]
    assert "no_results" in codes(edited((S, closing, "closing: {results: {}}\n")))


def test_closing_by_itself_brings_no_evidence() -> None:
    files = edited((S, "needs: [fix.outcome]}", "needs: [fix.outcome], evidence: true}"))
    assert codes(files) == ["auto_without_evidence"]


def test_a_notice_that_is_never_sent() -> None:
    files = good_files()
    files["notices/spare.md"] = "# 备用 | Spare\n\n甲\n\n---en---\n\nA\n".encode()
    scenario, mistakes = read(files)
    assert scenario is not None
    assert [(one.code, one.file) for one in mistakes] == [("unused_notice", "notices/spare.md")]


def test_a_shared_form_cannot_name_one_of_its_tasks() -> None:
    shared = edited(
        (S, "        candidates: competence.urban_management\n", "        candidates: competence.urban_management\n        form: inspection\n"),
        (S, "inspect.owner_phone]", "inspect.owner_phone, fix.owner_phone]"),
    )  # fmt: skip
    assert codes(shared) == []
    text = shared[F].decode()
    shared[F] = text.replace('relevant: form.kind = "private"', "relevant: inspect.lamps > 1").encode()
    found = read(shared)[1]
    assert [one.code for one in found] == ["shared_form_refers"]
    assert found[0].line == line_of(shared, F, "relevant:")


def test_a_timer_that_starts_itself_keeps_its_stage_open() -> None:
    files = edited(
        (S, "        after: 1 calendar days\n        entry: {on: fix.fixed}\n",
         "        after: 1 calendar days\n        entry: [{on: fix.fixed}, {on: check_again.occurred}]\n        repeat: true\n"),
        (S, "    exit: {on: fix.impossible}\n", ""),
        (S, "        with: {notice: repaired, to: requester}\n", "        with: {notice: repaired, to: requester}\n        required: false\n"),
    )  # fmt: skip
    assert codes(files) == ["stage_never_completes"]


def test_a_circle_without_people_or_time_never_rests() -> None:
    files = changed(
        S,
        "milestones:\n  lit:",
        "milestones:\n"
        "  a: {title: {zh: 甲, en: A}, entry: [{on: fix.fixed}, {on: b.occurred}], repeat: true}\n"
        "  b: {title: {zh: 乙, en: B}, entry: {on: a.occurred}, repeat: true}\n"
        "  lit:",
    )
    assert codes(files) == ["never_rests"]


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_every_mistake_speaks_both_languages(code: str) -> None:
    for text in CHECKS[code]:
        assert text.zh.strip()
        assert text.en.strip()
        assert set(re.findall(r"(?<!\{)\{(\w+)\}", text.zh)) == set(re.findall(r"(?<!\{)\{(\w+)\}", text.en))
