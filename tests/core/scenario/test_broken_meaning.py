"""One tiny change of meaning in a good folder each: exactly the expected mistake, in its file, on its line."""

from __future__ import annotations

import pytest

from zhuoli.core.scenario.check.catalog import CHECKS, WARNINGS
from zhuoli.core.scenario.check.catalog_onward import EARLIER, ONWARD
from zhuoli.core.scenario.check.catalog_query import QUERY
from zhuoli.core.scenario.check.catalog_shares import FEEDS, SHARES, TEMPLATES
from zhuoli.core.scenario.check.catalog_signatures import SIGNATURES

from .helpers import changed, good_files, line_of, read

S, F, E, N, IND, T = (
    "scenario.yaml",
    "form.yaml",
    "examples.yaml",
    "notices/repaired.md",
    "indicators.yaml",
    "severity.csv",
)
FIX = "candidates: competence.urban_management"

# file, passage, replacement, code, where it is reported (file, passage on its line); None: same place as the change
MEANING = [
    # what it says of itself
    (S, "channels: [web, phone]", "channels: []", "empty_list", None),
    (S, "rows: [S5]", "rows: [S31]", "unknown_row", None),
    (S, "  en: [street lamp, lamp, dark]", "  de: [Lampe]", "unknown_language", None),
    (S, "contests: 2", "contests: 99", "bad_count", None),
    (S, "supplement: {within: 5 working days,", "supplement: {times: 0, within: 5 working days,", "bad_count", None),
    # names and ids
    (S, "milestones:\n  lit:", "milestones:\n  case: {title: {zh: 案, en: Case}, entry: {on: fix.fixed}}\n  lit:", "reserved_id", "  case:"),
    (S, "  lit:\n", "  tell:\n", "id_used_twice", "  tell:\n    title: {zh: 灯亮了"),
    (S, "form: inspection", "form: inspektion", "unknown_form", None),
    (S, "table: severity", "table: severities", "unknown_table", None),
    (S, "with: {notice: repaired,", "with: {notice: repared,", "unknown_notice", None),
    (S, "      result: repaired", "      result: repaire", "unknown_result", None),
    (S, "needs: [fix.outcome]", "needs: [fix.out]", "unknown_name_here", None),
    (S, "entry: {on: inspect.completed}", "entry: {on: inspect.complete}", "unknown_event", None),
    (S, "- {on: inspect.lamp}", "- {on: inspect.lam}", "unknown_event", None),
    (S, "- {on: inspect.lamp}", "- {on: case.withdrawn}", "too_late_event", None),
    (S, "- {on: inspect.lamp}", "- {}", "criterion_empty", "- {}"),
    # life cycle
    (S, "    title: {zh: 现场查看, en: Inspection}", "    title: {zh: 现场查看, en: Inspection}\n    entry: {on: fix.fixed}",
     "waits_for_itself", "  inspection:"),
    (S, "        after: 1 calendar days\n        entry: {on: fix.fixed}", "        after: 1 calendar days\n        entry: {on: repair.completed}",
     "never_starts", "      check_again:"),
    (S, "        form: inspection\n", "        form: inspection\n        entry: [{on: inspection.activated}, {on: inspect.cable}]\n",
     "cycle_without_repeat", "      inspect:"),
    (S, "    exit: {on: fix.impossible}\n", "", "stage_may_hang", "      tell:"),
    (S, "          lamp: {zh: 灯具坏了, en: The lamp is broken}", "          lamp: {zh: 灯具坏了, en: The lamp is broken}\n          gone: {zh: 没了, en: Gone}",
     "outcome_unused", "          gone:"),
    (S, "          fixed: {zh: 修好了, en: Fixed}", "          fixed: {zh: 修好了, en: Fixed}\n          completed: {zh: 完, en: Over}",
     "reserved_outcome", "          completed:"),
    # people
    (S, "with: {notice: repaired, to: requester}", "with: {notice: repaired, to: lead}", "unknown_party", None),
    (S, FIX, "candidates: competence", "unknown_candidate", None),
    (S, FIX, "candidates: competence.urban_managment", "unknown_competence", None),
    (S, FIX, "candidates: leed", "unknown_candidate", None),
    (S, "role: officer", "role: offizer", "unknown_role", None),
    (S, FIX, "candidates: owner\n        role: officer", "role_of_party", "role: officer\n        due"),
    (S, "place: form.place", "place: form.kind", "not_a_place", None),
    (S, "routing:\n", "subject: [form.nothing]\nrouting:\n", "not_a_subject", "form.nothing"),
    (S, "routing:\n", "subject: [form.name]\nrouting:\n", "not_a_subject", "form.name"),
    (S, '    if: form.kind != "private"\n', "", "rule_never_used", "  - {competence: housing"),
    (S, "competence: housing", "competence: Housing", "unknown_competence", None),
    # deadlines
    (S, "promised: 3 working days", "promised: 3 days", "ambiguous_days", None),
    (S, "promised: 3 working days", "promised: 30 working days", "promise_too_long", None),
    (S, "  ground: {law: 城市照明管理规定, version: \"2010\", articles: 第二十二条}\n", "", "statutory_without_ground", "  statutory: 10"),
    (S, "joint:\n", "appointment: {provider: form.place, at: form.kind}\njoint:\n", "appointment_kind", "appointment:"),
    (S, "acceptance:\n", "acceptance:\n  silence: accepted\n", "silence_without_limit", "  silence: accepted"),
    (S, "due: {promised: 2 working days, why: {zh: 承诺, en: Promised}}", "due: {why: {zh: 承诺, en: Promised}}", "due_empty", None),
    (S, "late: [urge, escalate]", "late: [urge, escalate]\n  extension: 3 months", "extension_differs", "extension:"),
    (S, "joint:\n", "issue: {repared: case.closed}\njoint:\n", "unknown_notice", "issue:"),
    (S, "joint:\n", "issue: {repaired: case.close}\njoint:\n", "unknown_event", "issue:"),
    (S, "late: [urge, escalate]", "late: [urge, escalate]\n  remind: 75", "bad_share", "remind: 75"),
    (S, "late: [urge, escalate]", "late: [urge, escalate]\n  promised_day_ends: 5pm", "bad_time_of_day", "5pm"),
    (S, "        form: inspection\n        due: 1 working days\n", "        form: inspection\n", "task_without_due", "      inspect:"),
    (S, "after: 1 calendar days", "after: tomorrow", "bad_duration", None),
    (S, "retention: 24 months", "retention: 2 years", "unknown_unit", None),
    (S, "supplement: {within: 5 working days", "supplement: {within: 五个工作日", "wrong_digits", None),
    (S, "joint:\n", "withdraw_until: fix.fixt\njoint:\n", "bad_withdraw_until", "withdraw_until"),
    # expressions
    (S, "- if: form.danger = true", "- if: form.dangr = true", "unknown_name", None),
    (S, "- if: form.danger = true", "- if: form.phone = \"1\"", "personal_in_expression", None),
    (S, "if: grade.level = \"high\"", "if: grade.level = \"hi\"", "unknown_choice", None),
    (F, 'relevant: form.kind = "private"', 'relevant: form.kind = private or', "*", None),
    # forms
    (F, "      choices:\n        road: {zh: 马路上的, en: On the road}\n        park: {zh: 公园里的, en: In a park}\n        private: {zh: 小区里的, en: Inside an estate}\n",
     "      choices: {}\n", "no_choices", "    kind:"),
    (F, "max: 365", "max: lots", "bad_bound", None),
    (F, "max: 365", "max: -1", "bad_bound", "min: 0"),
    (F, "      type: yes_no\n", "      type: yes_no\n      max_length: 3\n", "not_for_this_type", "max_length: 3"),
    (F, "    lamps:\n", "    note: {type: calculate, title: {zh: 算, en: Sum}}\n    lamps:\n", "no_calculation", "    note:"),
    (F, "    lamps:\n", "    outcome: {type: text, title: {zh: 果, en: End}}\n    lamps:\n", "reserved_id", "    outcome:"),
    (F, "inspection:\n", "spare:\n  title: {zh: 备, en: Spare}\n  questions: {a: {type: text, title: {zh: 甲, en: A}}}\ninspection:\n",
     "unused_form", "spare:"),
    # privacy
    (F, "      why: {zh: 修好后告诉您, en: To tell you when it is repaired}\n", "", "personal_without_why", "    phone:"),
    (F, "      personal: owner\n", "      personal: ownr\n", "unknown_party", "personal: ownr"),
    (S, "fields: [form.phone, form.name, inspect.owner_phone]", "fields: [form.phone, inspect.owner_phone]", "no_purpose_covers", (F, "    name:")),
    (S, "fields: [form.phone, form.name, inspect.owner_phone]", "fields: [form.phone, form.name, inspect.owner_phone, form.kind]", "not_personal", None),
    (S, "fields: [form.phone, form.name, inspect.owner_phone]", "fields: [form.phone, form.name, inspect.owner_phone, form.x]", "unknown_name_here", None),
    (F, "    danger:\n", "    religion: {type: text, title: {zh: 其他, en: Other}}\n    danger:\n", "red_line", "    religion:"),
    (F, "    danger:\n", "    more: {type: text, title: {zh: 政治面貌, en: Other}}\n    danger:\n", "red_line", "    more:"),
    (F, "    danger:\n", "    more: {type: text, title: {zh: 其他, en: Your health}}\n    danger:\n", "red_line", "    more:"),
    (F, "    danger:\n", "    trust_score: {type: integer, title: {zh: 其他, en: Other}}\n    danger:\n", "red_line", "    trust_score:"),
    # services and notices
    (S, "call: notify", "call: notfy", "unknown_capability", None),
    (S, "to: requester}\n", "to: requester, copy: 2}\n", "unknown_parameter", None),
    (S, "with: {notice: repaired, to: requester}", "with: {notice: repaired}", "missing_parameter", "      tell:"),
    (S, "with: {notice: repaired, to: requester}", "with: {notice: repaired, to: 3}", "bad_parameter", None),
    (S, "with: {notice: repaired, to: requester}", "with: {notice: repaired, to: requester}\n        attempts: 99", "bad_attempts", "attempts: 99"),
    (N, "共 {{inspect.lamps}} 盏", "共 {{inspect.lampen}} 盏", "unknown_name_here", None),
    (N, "共 {{inspect.lamps}} 盏", "共 {{inspect.lamps | lower}} 盏", "notice_form", None),
    (N, "共 {{inspect.lamps}} 盏", "共 {{form.kind | upper}} 盏", "notice_form", None),
    # tables
    (T, "when inspect.lamps", "when inspect.lampz", "unknown_name", None),
    (T, ">= 10", ">= ten", "*", None),
    (T, "else,,,\"\"\"low\"\"\",一般\n", "", "gap", "*"),
    # examples
    (E, "  start: 2026-03-02 09:00\n  steps:\n    - as: requester\n      do: open\n      with: {",
     "  start: yesterday\n  steps:\n    - as: requester\n      do: open\n      with: {", "bad_instant", "start: yesterday"),
    (E, "do: confirm", "do: konfirm", "unknown_command", None),
    (E, "{as: lead, do: accept, after: 30 minutes}", "{as: leed, do: accept, after: 30 minutes}", "unknown_actor", None),
    (E, "{as: lead, do: accept, after: 30 minutes}", "{as: lead, do: accept, after: 30 minutes, at: 2026-03-02 10:00}", "two_times", None),
    (E, "{as: lead, do: accept, after: 30 minutes}", "{as: lead, do: accept, after: soon}", "bad_duration", None),
    (E, "{as: lead, do: accept, after: 30 minutes}", "{as: lead, do: accept, with: {by: me}}", "unknown_command_key", None),
    (E, "with: {task: fix, outcome: fixed}", "with: {task: fixx, outcome: fixed}", "unknown_task", None),
    (E, "with: {task: fix, outcome: fixed}", "with: {task: fix, outcome: done}", "unknown_outcome", None),
    (E, "with: {task: inspect, outcome: lamp, answers: {lamps: 1}}", "with: {task: inspect, outcome: lamp, answers: {lamp: 1}}", "unknown_question", None),
    (E, "kind: road", "kind: roads", "bad_answer", None),
    (E, 'phone: "13900000000"', "phone: 13900000000", "bad_answer", None),
    (E, "danger: false, dark_days: 2", "danger: no, dark_days: 2", "bad_answer", None),
    (E, "expect: {status: settled, score: 5}", "expect: {state: settled, score: 5}", "unknown_expectation", None),
    (E, "with: {result: cannot, answer: 配件停产，已列入改造计划}", "with: {result: cannot}", "missing_command_key", "as: lead\n      do: close"),
    (E, "with: {result: cannot, answer", "with: {result: can, answer", "unknown_result", None),
    # figures
    (IND, "count: case.in_time", "count: case.in_tim", "unknown_name", None),
    (IND, "  count: case.in_time\n", "", "indicator_incomplete", "on_time:"),
    (IND, "target: 95%", "target: high", "bad_figure", None),
    (IND, "target: 95%", "base_period: '2018'", "base_missing", None),
    (IND, "target: 95%", "suppress_below: 3", "suppress_too_low", None),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "code", "where"), MEANING)
def test_one_mistake_of_meaning(file: str, old: str, new: str, code: str, where: object) -> None:
    files = changed(file, old, new)
    scenario, mistakes = read(files)
    codes = [one.code for one in mistakes]
    assert codes == [code] if code != "*" else len(codes) >= 1, codes
    mistake = mistakes[0]
    reported, passage = where if isinstance(where, tuple) else (file, where or new.split("\n")[0])
    assert mistake.file == reported
    if passage != "*":
        assert mistake.line == line_of(files, reported, passage)
    assert (scenario is None) == (mistake.severity == "error")
    for text in (mistake.message, mistake.remedy):
        assert text.zh
        assert text.en
        assert (
            "{" not in text.en.replace("{zh:", "").replace("{law:", "").replace("{as:", "").replace("{…", "")
            or code
        )


def test_every_kind_of_mistake_is_in_the_table_or_tested_below() -> None:
    elsewhere = {
        "no_due", "no_stages", "stage_empty", "no_requester", "no_routing", "no_questions", "no_purposes",
        "should_be_personal", "wrong_outputs", "too_early", "notice_to_nobody", "no_example", "no_steps",
        "first_step_not_open", "no_results", "auto_without_evidence", "unused_table", "unused_notice",
        "shared_form_refers", "stage_never_completes", "never_rests",
    }  # fmt: skip
    shown = {row[3] for row in MEANING}
    pictures = {"unknown_picture", "unused_picture", "bad_point", "self_is_nobody"}  # in test_pictures
    elsewhere |= {"unknown_step"}  # in test_lives
    elsewhere |= SHARES.keys() | TEMPLATES.keys() | SIGNATURES.keys()  # in test_shares
    elsewhere |= FEEDS.keys()  # in test_feeds and in tests/lake/test_feed_check
    elsewhere |= ONWARD.keys() | EARLIER.keys() | QUERY.keys() | pictures
    assert CHECKS.keys() - shown == elsewhere  # those have tests of their own
    assert CHECKS.keys() >= WARNINGS


def test_good_warnings_do_not_stop_a_scenario() -> None:
    files = good_files()
    files["spare.csv"] = files[T]
    scenario, mistakes = read(files)
    assert scenario is not None
    assert [(one.code, one.severity, one.file) for one in mistakes] == [
        ("unused_table", "warning", "spare.csv")
    ]
