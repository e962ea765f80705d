"""Checks what is asked about people: whose it is, why, who may look, and what is never asked.

The red lines are those of the mission: no political, ethnic, religious or health attribute, no score of a
person, no watch-list, no recognition of faces.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from zhuoli.core.scenario.check.expressions import Language
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import Question
from zhuoli.core.scenario.names import SELF, form_prefixes
from zhuoli.core.text import Text

ALWAYS_PERSONAL = ("id_number", "phone", "email", "signature")


class RedLine(NamedTuple):
    """Something that is never collected: the words that give it away, and what to ask instead."""

    what: Text
    zh: tuple[str, ...]
    en: tuple[str, ...]
    instead: Text


_LEAVE_OUT = Text("删去这个问题；办理不需要它", "Remove the question: no matter needs it")

RED_LINES: tuple[RedLine, ...] = (
    RedLine(
        Text("民族成份", "ethnicity"),
        ("民族", "族别", "族裔"),
        ("ethnicity", "ethnic", "nationality_group", "race"),
        Text(
            "删去这个问题；需要语言服务时，问“用哪种语言沟通”",
            "Remove it; to offer interpreting, ask which language to speak",
        ),
    ),
    RedLine(
        Text("宗教信仰", "religion"),
        ("宗教", "信仰", "信教"),
        ("religion", "religious", "faith", "belief"),
        _LEAVE_OUT,
    ),
    RedLine(
        Text("政治面貌和倾向", "political views"),
        ("政治", "党员", "党派", "团员", "思想状况", "忠诚"),
        ("political", "politics", "party_member", "loyalty", "ideology"),
        _LEAVE_OUT,
    ),
    RedLine(
        Text("健康状况", "health"),
        ("健康", "病史", "病情", "疾病", "患病", "精神状况", "残疾", "传染病", "孕"),
        (
            "health",
            "illness",
            "disease",
            "diagnosis",
            "disability",
            "disabled",
            "medical",
            "pregnant",
            "mental",
        ),
        Text(
            "问需要什么帮助（例如“需要无障碍通道”），不问原因",
            "Ask what help is needed (such as step-free access), not the reason",
        ),
    ),
    RedLine(
        Text("对人的评分和分级", "scores and grades of persons"),
        ("信用分", "评分", "打分", "积分", "风险等级", "风险评估分", "人员等级"),
        ("score", "scoring", "risk_level", "risk_grade", "credit_rating", "trust_rating"),
        Text(
            "删去这个问题；满意度由 confirmation 的评价收集",
            "Remove it; satisfaction is what confirmation asks for",
        ),
    ),
    RedLine(
        Text("人员名单和布控", "watch-lists"),
        ("黑名单", "重点人员", "关注人员", "布控", "上访户", "前科"),
        ("watchlist", "watch_list", "blacklist", "criminal_record"),
        _LEAVE_OUT,
    ),
    RedLine(
        Text("人脸等生物特征识别", "recognition of faces"),
        ("人脸", "虹膜", "声纹"),
        ("face_recognition", "facial", "iris", "voiceprint"),
        _LEAVE_OUT,
    ),
)
NOT_MEANT = (
    "法治体检",
    "legal health",
    "宗教活动场所",
    "宗教场所",
    "工会会员",
    "health check of the enterprise",
)
"""Phrases that hold such a word and mean something else."""


def check_privacy(report: Report, language: Language) -> None:
    """Look at personal questions, purposes, and red lines."""
    for form_id, form in report.scenario.forms.items():
        for name, question in form.questions.items():
            path = ("forms", form_id, "questions", name)
            _red_lines(report, path, name, question)
            _personal(report, path, name, question)
    _purposes(report, language)


def _red_lines(report: Report, path: Path, name: str, question: Question) -> None:
    titles = f"{question.title.zh} {question.title.en.lower()}"
    for phrase in NOT_MEANT:
        titles = titles.replace(phrase, "")
    words = "_".join(re.findall(r"[a-z]+", f"{name} {titles}"))
    for line in RED_LINES:
        chinese = next((word for word in line.zh if word in titles or word in name), "")
        english = next((word for word in line.en if f"_{word}_" in f"_{words}_"), "")
        if chinese or english:
            place = report.marks.key(*path)
            report.say("red_line", place, what=line.what, found=chinese or english, instead=line.instead)
            return


def _personal(report: Report, path: Path, name: str, question: Question) -> None:
    if question.personal:
        if question.personal == SELF:
            _own_answers(report, path)
        elif question.personal not in report.scenario.parties:
            place = report.marks.value(*path, "personal")
            report.unknown("unknown_party", place, question.personal, report.scenario.parties)
        if question.why is None:
            report.say("personal_without_why", report.marks.key(*path), question=name)
    elif question.type in ALWAYS_PERSONAL:
        party = next(iter(report.scenario.parties), "requester")
        report.say(
            "should_be_personal", report.marks.key(*path), question=name, type=question.type, party=party
        )


def _own_answers(report: Report, path: Path) -> None:
    """An answer that belongs to whoever fills in the form: every task with this form is a party's own."""
    for prefix, form in form_prefixes(report.scenario).items():
        task = report.items.tasks().get(prefix)
        if form == path[1] and (task is None or task.candidates not in report.scenario.parties):
            report.say("self_is_nobody", report.marks.value(*path, "personal"), task=prefix)


def _purposes(report: Report, language: Language) -> None:
    purposes = report.scenario.privacy.purposes
    if not purposes:
        report.say("no_purposes", report.marks.key("privacy", "purposes"))
        return
    answers = {name for name in language.names if not name.endswith(".outcome")}
    covered: set[str] = set()
    for key, purpose in purposes.items():
        covered |= set(purpose.fields or language.personal)
        for number, name in enumerate(purpose.fields):
            if name not in language.personal and not any(name.startswith(one) for one in language.doubtful):
                place = report.marks.value("privacy", "purposes", key, "fields", number)
                code = "not_personal" if name in answers else "unknown_name_here"
                report.unknown(code, place, name, sorted(language.personal))
    for name in language.personal:
        if name not in covered:
            report.say("no_purpose_covers", report.marks.key(*_question_path(report, name)), name=name)


def _question_path(report: Report, name: str) -> Path:
    prefix, _, question = name.partition(".")
    form = report.scenario.intake if prefix == "form" else report.items.tasks()[prefix].form
    return ("forms", form, "questions", question)
