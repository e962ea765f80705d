"""Checks what a scenario declares of its query: parameters, servings, and the case that a hit opens."""

from __future__ import annotations

from datetime import date

from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.queries import BUILT_IN, REQUIRED, Query, read_servings

FILE = "query.yaml"


def check_query(report: Report) -> None:
    """Look at ``query.yaml`` and ``servings.csv``; the text of ``query.sql`` is looked at where registers are known."""
    scenario = report.scenario
    query = scenario.query
    if query is None:
        if scenario.sql or scenario.servings_text:
            report.say("query_undeclared", ("query.sql" if scenario.sql else "servings.csv", 0, 0))
        if "model" in scenario.channels:
            report.say("model_without_query", report.marks.key("channels"))
        return
    if not scenario.sql.strip():
        report.say("query_missing", (FILE, 0, 0))
    if "model" not in scenario.channels:
        report.say("query_without_channel", report.marks.key("channels"))
    _check_declared(report, query)
    _check_case(report, query)
    if not scenario.servings_text.strip():
        report.say("servings_missing", (FILE, 0, 0))
        return
    servings, wrong = read_servings(scenario.servings_text, query)
    _check_finds(report, query, [one.id for one in servings])
    for one in wrong:
        report.say(one.code, ("servings.csv", one.line, one.column), **one.values)


def _check_finds(report: Report, query: Query, servings: list[str]) -> None:
    marks, finds = report.marks, report.scenario.finds
    if not finds:
        report.say("query_without_find", (FILE, 0, 0))
    columns = sorted({*REQUIRED, *query.evidence, *query.answers.values()})
    for name, one in finds.items():
        if not _is_date(one.today):
            report.say("find_day", marks.value("finds", name, "today"), value=one.today)
        for register in one.registers:
            if register not in query.reads:
                place = marks.key("finds", name, "registers", register)
                report.unknown("find_register", place, register, query.reads)
        for number, hit in enumerate(one.finds):
            place = marks.value("finds", name, "finds", number)
            for column in hit:
                if column not in columns:
                    report.unknown("query_unknown_column", place, column, columns)
            for column in ("serving", "subject"):
                if column not in hit:
                    report.say("find_incomplete", place, name=column)
            if "serving" in hit and str(hit["serving"]) not in servings:
                report.unknown("find_serving", place, str(hit["serving"]), servings)


def _is_date(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _check_declared(report: Report, query: Query) -> None:
    marks = report.marks
    if not query.reads:
        report.say("query_reads_nothing", marks.key("query", "reads"))
    for name, one in query.parameters.items():
        if name in BUILT_IN:
            report.say("parameter_reserved", marks.key("query", "parameters", name), name=name)
        if not one.minimum <= one.default <= one.maximum:
            report.say(
                "parameter_range",
                marks.value("query", "parameters", name, "default"),
                value=one.default,
                least=one.minimum,
                most=one.maximum,
            )
    if not 1 <= query.most <= 10_000:
        report.say("query_most", marks.value("query", "most"), value=query.most)
    aim = query.precision
    if not 1 <= aim.floor <= 100:
        report.say("query_floor", marks.value("query", "precision", "floor"), value=aim.floor)
    if not 1 <= aim.verdicts <= 10_000:
        report.say("query_verdicts", marks.value("query", "precision", "verdicts"), value=aim.verdicts)


def _check_case(report: Report, query: Query) -> None:
    scenario, marks = report.scenario, report.marks
    form = scenario.forms.get(scenario.intake)
    questions = form.questions if form else {}
    for name in query.answers:
        if name not in questions:
            report.unknown("query_unknown_question", marks.key("query", "answers", name), name, questions)
    for name, question in questions.items():
        if question.required is True and not question.relevant and name not in query.answers:
            report.say("query_lacks_answer", marks.key("query", "answers"), name=name)
    said: dict[str, str] = {}
    for key in ("confirmed", "not_so", "duplicate"):
        for at, result in enumerate(getattr(query, key)):
            if said.setdefault(result, key) != key:
                report.say(
                    "query_two_verdicts",
                    marks.value("query", key, at),
                    name=result,
                    first=said[result],
                    second=key,
                )
            if result not in scenario.closing.results:
                report.unknown(
                    "query_unknown_result", marks.value("query", key, at), result, scenario.closing.results
                )
    for role, party in scenario.parties.items():
        if party.required:
            report.say("query_party", marks.key("parties", role), role=role)
