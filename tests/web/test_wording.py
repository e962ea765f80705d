"""Every text that a page asks for is there in both languages, and no text is there that nobody asks for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
import tests.web.site  # noqa: F401 - sets Django up
from tests.shelf import project_shelf

from zhuoli.core.case import commands as c
from zhuoli.core.case.state import ItemState, Status
from zhuoli.core.guides.model import Depth
from zhuoli.core.scenario.figures import STATUSES as CASE_STATUSES
from zhuoli.core.scenario.figures import indicator_names
from zhuoli.core.scenario.line import LINE_CSS
from zhuoli.core.scenario.model import Audience, ResultKind, Road
from zhuoli.demo.tourbook import KINDS as MARKS
from zhuoli.demo.tourbook import FigurePage, Measure
from zhuoli.evidence.kinds import Why as WhyChosen
from zhuoli.office import handover, inbox
from zhuoli.office.board import Why
from zhuoli.office.flow import SERIES
from zhuoli.office.measures import RATES
from zhuoli.office.narrow import AGES, COLOURS, Whose
from zhuoli.office.units import Wanted
from zhuoli.places.providers import KINDS as PROVIDERS
from zhuoli.web import uploads, when, wording
from zhuoli.web.asks import ASKED, SUBJECT
from zhuoli.web.board.decided import ORDERS
from zhuoli.web.board.words import brief
from zhuoli.web.design.pages import LINE_STATES, SAMPLES, SECTIONS, swatches
from zhuoli.web.desk import bulk, export, numbers, phone, phone_form
from zhuoli.web.desk import fields as case_fields
from zhuoli.web.errors import STATUSES
from zhuoli.web.evidence import capture, sketch, taking
from zhuoli.web.figures.accidents import COLUMNS as FOUR_COLUMNS
from zhuoli.web.figures.accidents import NAMES as FOUR
from zhuoli.web.figures.pages import BREAKDOWNS, COLUMNS
from zhuoli.web.messages import sent, to_call
from zhuoli.web.papers import letters
from zhuoli.web.people.personas import KINDS, PUBLIC
from zhuoli.web.places import LEVELS
from zhuoli.web.portal import urgent
from zhuoli.web.portal.matters import DOORS
from zhuoli.web.scenarios.examples import TOLD
from zhuoli.web.scenarios.pages import PARTS
from zhuoli.web.services import pages as services
from zhuoli.web.shelf import finding
from zhuoli.web.shelf import model as shelf_model
from zhuoli.web.shelf import say as shelf_words
from zhuoli.web.stories.pages import TOLD_FOR
from zhuoli.web.theme import THEMES
from zhuoli.web.tour.strip import ONWARD, STATES
from zhuoli.web.village import sheet, telling

SCENARIOS = Path(__file__).parents[2] / "scenarios"
WEB = Path(wording.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
MODULES = sorted(WEB.rglob("*.py"))
SCENARIO = project_shelf().scenarios["public_need"]
OPTIONS = {option for asks in ASKED.values() for ask in asks for option in ask.options}
GROUPS: dict[str, set[str]] = {
    "tour_kind": set(MARKS),
    "tour_kind_means": set(MARKS),
    "tour_measure": set(get_args(Measure)),
    "four_name": set(FOUR),
    "four_short": set(FOUR_COLUMNS),
    "tour_to": set(get_args(FigurePage)),
    "tour_onward": set(ONWARD),
    "tour_state": set(STATES),
    "trouble": set(get_args(Why)),
    "order": set(ORDERS),
    "order_final": set(ORDERS),
    "flow_series": set(SERIES),
    "status": set(get_args(Status)),
    "option": {option.replace(" ", "_") for option in OPTIONS},
    "door": {*DOORS, "other"},
    "door_hint": set(DOORS),
    "queue": set(get_args(inbox.Queue)),
    "queue_empty": set(get_args(inbox.Queue)),
    "colour": set(COLOURS),
    "shape": set(COLOURS),
    "persona": {*PUBLIC, *(key for key, _, _ in KINDS), "village"},
    "persona_hint": {*PUBLIC, *(key for key, _, _ in KINDS), "village"},
    "village.came": set(sheet.OUTCOMES) - {"open"},
    "village.outcome": set(sheet.OUTCOMES),
    "village.sheet": {"day", "what", "where", "receipt", "came"},
    "village_spot": set(telling.USUAL_SPOTS),
    "village_phrase": set(
        project_shelf().scenarios["village_duty"].forms["intake"].questions["kind"].choices
    ),
    "place": set(LEVELS.values()),
    "by": set(BREAKDOWNS),
    "column": {*COLUMNS, "in_work", "settled", "silent", "refused"},
    **{f"rate{part}": set(RATES) for part in ("", "_short", "_sum", "_count", "_of", "_not")},
    "figures.own_direction": {"up", "down"},
    "indicator_unit": {"hours", "days", "score"},
    "indicator_name": {name.removeprefix("case.") for name in indicator_names(SCENARIO)},
    "indicator_status": set(CASE_STATUSES),
    "indicator_kind": set(get_args(ResultKind)),
    "services.column": set(services.COLUMNS),
    "services.depth": set(get_args(Depth)),
    "score": set("12345"),
    "done": set(ASKED),
    "actor": {"party", "system"},
    "promise": {"case", "loop.accept", "loop.review"},
    "promise_office": {"case", "loop.accept", "loop.review"},
    "why": {"promised", "statutory"},
    "units": {"county", "town", "city", "province"},
    "now": {"settled", "unconfirmed", "withdrawn", "merged", "refused"},
    "unit": {"joint", "joint_done", "joint_unsigned"},
    "directory.kind": set(PROVIDERS),
    "onward": {"handed_on", "raised", "joined"},
    "status_office": set(get_args(Status)),
    "item": set(get_args(ItemState)),
    "whose": set(get_args(Whose)) - {""},
    "age": set(AGES),
    "filter": {"clock", "whose", "scenario", "place", "priority", "age"},
    "waits": set(get_args(Audience)),
    "bulk_act": set(bulk.WHAT),
    "bulk_done": set(bulk.WHAT),
    "clock_of": {"case"},
    "length": {"minutes", "hours", "days"},
    "purpose": {"own", "handling", "message", "call_back"},
    "looks": {"texts", "file", "call"},
    "field": {"login", "password", "oldpassword", "password1", "password2", "code", "name", "passwordless"},
    "confirm_by": {"reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"},
    "admin_done": {"give", "vacate", "show", "password", "second_factor", "close", "reopen", "unit", "same"},
    "unit_field": set(Wanted.__struct_fields__),
    "deferral_state": {"asked", "approved", "refused", "over"},
    "deferral_done": {"asked", "approved", "refused", "ended"},
    "party": {"proxy", "guardian", "requester"},
    "whom": {"web", "guardian", "proxy"},
    "whom_hint": {"guardian", "proxy"},
    "account_error": {"code", "password", "slow", "cannot"},
    "urgent": {row.kind for row in urgent.table()},
    "audience": set(get_args(Audience)),
    "upload": set(uploads.REASONS),
    "error": {f"{status}{end}" for status in STATUSES for end in ("", ".remedy")},
    "theme": set(THEMES),
    "source": {"cited", "generated", "own"},
    "token": {swatch.name for swatch in swatches()},
    "design_group": {group for group, _ in SECTIONS},
    "design_title": {"colour", "type", "space", *(part for _, parts in SECTIONS for part in parts)},
    "design_when": {"colour", "type", "space", *(part for _, parts in SECTIONS for part in parts)},
    "line_state": set(LINE_STATES),
    "sample": set(SAMPLES),
    "paper_kind": set(letters.KINDS),
    "caller": set(phone_form.CALLERS),
    "ring_in": set(phone.RINGS) - {""},
    "call_done": {"kept", "done", "later", "drop"},
    "handover_kind": set(handover.KINDS),
    "handover": {"done_handover", "done_signed"},
    "about": {"answer", "code", "new", "join", "share", "urge", "order", "notice"},
    "outcome": set(sent.OUTCOMES),
    "reached": set(to_call.REACHED),
    "call_noted": set(to_call.REACHED),
    "call_kept": set(to_call.REACHED),
    "sent_by": set(sent.CHANNELS),
    "column_out": {*numbers.COLUMNS, *export.COLUMNS},
    "scenario_part": set(PARTS),
    "column_role": {"when", "then", "note"},
    "limit_kind": {"promised", "statutory"},
    "expect": set(TOLD),
    "shelf.theme": set(shelf_words.THEMES),
    "shelf.state": set(finding.STATES),
    "shelf.order": set(finding.ORDERS),
    "shelf.do": set(shelf_model.DECISIONS),
    "shelf.done": set(shelf_model.DONE),
    "shelf.proposed": {"certain", "perhaps"},
    "shelf.compare": {"only_a", "only_b", "both"},
    "evidence.why": set(get_args(WhyChosen)),
    "evidence.not": set(taking.REASONS),
    "evidence.safety": set(capture.SAFETY),
    "sketch.road": set(get_args(Road)),
    "sketch.kind": set(sketch.KINDS),
    "fields": {*case_fields.COLUMNS, *case_fields.LISTED},
    "custody": {"erased", "same", "differs"},
    "stories_for": set(TOLD_FOR),
    "story": {"lead", "dispatcher", "superior", "reviewer", "open", "report_service", "fire_timer"},
}
"""Texts whose names are put together at run time: everything that can come after the dot."""


def literal_keys() -> set[str]:
    found: set[str] = {f"figures.{bound}" for bound in ("about", "percent", "above", "below")}
    for template in TEMPLATES:
        found.update(re.findall(r"""\{%\s*t\s+["']([^"']+)["']""", template.read_text("utf-8")))
    for module in MODULES:
        found.update(re.findall(r"""\b(?:text|maybe)\(\s*"([a-z0-9_.]+)\"""", module.read_text("utf-8")))
    found.update(
        {
            "figures.up",
            "figures.down",
            "figures.met",
            "figures.not_met",
            "figures.map_counties",
            "figures.map_cities",
            "figures.change_year",
            "figures.change_last_month",
            "next.answer",
            "next.answer_running",
            "length.hours",
            "length.days",
            "login.wrong",
            "login.too_often",
        }
    )
    return found


def asks() -> tuple[set[str], set[str]]:
    """Labels that fields must have, and labels and hints that they may have."""
    needed: set[str] = set()
    possible: set[str] = set()
    for command, fields in ASKED.items():
        for field in fields:
            possible |= {
                f"ask.{command}.{field.name}",
                f"ask_hint.{command}.{field.name}",
                f"ask.{field.name}",
            }
            if f"ask.{command}.{field.name}" not in wording.texts():
                needed.add(f"ask.{field.name}")
    return needed, possible


def grouped() -> set[str]:
    return {f"{group}.{name}" for group, names in GROUPS.items() for name in names}


def test_every_key_that_is_used_exists() -> None:
    needed, _ = asks()
    assert (literal_keys() | grouped() | needed) - set(wording.texts()) == set()


def test_every_key_that_exists_is_used() -> None:
    _, possible = asks()
    assert set(wording.texts()) - literal_keys() - grouped() - possible == set()


def test_groups_in_templates_are_known_here() -> None:
    used = {
        name
        for template in TEMPLATES
        for name in re.findall(r'\{%\s*word\s+"([^"]+)"', template.read_text("utf-8"))
    }
    assert used <= set(GROUPS)


def test_no_template_holds_words_of_its_own() -> None:
    for template in TEMPLATES:
        chinese = re.findall(r"[\u4e00-\u9fff]+", template.read_text("utf-8"))
        assert set(chinese) <= {"中文"}, template


def test_templates_have_no_inline_script_or_style() -> None:
    for template in TEMPLATES:
        source = template.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|<style|javascript:", source), (
            template
        )


def test_english_has_no_chinese_and_chinese_has_some() -> None:
    for key, pair in wording.texts().items():
        if key in ("site.mark_second", "figures.source_generated"):
            continue
        assert not re.search(r"[\u4e00-\u9fff，。：；？！]", pair.en), key
        if re.search(r"[a-z]{4}", pair.en) and key != "site.mark_second":
            assert re.search(r"[\u4e00-\u9fff]", pair.zh), key


def test_numbers_in_chinese_are_set_off_by_spaces() -> None:
    """One rule for all screens: 还有 2 个工作日, 已超期 17 天; only what is put in as a date or a name stands close."""
    number = r"\{(?:n|time|length|ago|took|limit|days|hours|minutes)\}"
    counted = r"(?:天|小时|分钟|个工作日)"
    for key, pair in wording.texts().items():
        assert not re.search(rf"[\u4e00-\u9fff]{number}|\d{counted}|[\u4e00-\u9fff]\d+ {counted}", pair.zh), (
            key
        )
    assert when.length(26 * 3_600_000).zh == "1 天 2 小时"
    assert brief(17 * 86_400_000).zh == "17 天"
    assert wording.text("progress.since", task="甲", ago=brief(17 * 86_400_000)).zh == "甲，已超期 17 天"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: {zh: 甲}", "zh and en"),
        ("a: {zh: 甲, en: ''}", "empty"),
        ("a: {zh: '甲{n}', en: one}", "places"),
        ("a: {zh: 甲, en: one}\nb: 3", "zh and en"),
        ("a: {zh: 甲, en: one}\na: {zh: 乙, en: two}", "twice"),
    ],
)
def test_wrong_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, said: str
) -> None:
    (tmp_path / "x.yaml").write_text(content, "utf-8")
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    with pytest.raises(wording.BadWording, match=said):
        wording.texts.__wrapped__()


def test_every_command_that_a_person_can_issue_has_a_form() -> None:
    by_software = {"open", "fire_timer", "report_service"}
    assert set(ASKED) == set(c.COMMANDS) - by_software


def test_fields_of_forms_are_fields_of_commands() -> None:
    for command, fields in ASKED.items():
        known = set(c.COMMANDS[command].__struct_fields__)
        for field in fields:
            assert field.name in known, (command, field.name)
        if command in SUBJECT:
            assert SUBJECT[command] in known


def test_style_sheet_knows_every_class_of_the_line() -> None:
    sheet = (WEB / "static" / "css" / "line.css").read_text("utf-8")
    for name in set(re.findall(r"\.(zl-[a-z-]+)", LINE_CSS)) - {"zl-paper", "zl-line--alone"}:
        assert re.search(rf"^\.{name} ", sheet, re.M), name
