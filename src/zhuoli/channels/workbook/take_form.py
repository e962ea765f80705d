"""The sheets of questions and choices on their way into ``form.yaml``."""

from __future__ import annotations

from typing import Any

from zhuoli.channels.workbook import records
from zhuoli.channels.workbook.book import FORM
from zhuoli.channels.workbook.model import Line, Read
from zhuoli.channels.workbook.run import Run


def take_form(run: Run, *, keep: bool = False) -> None:
    """Take questions and choices; with ``keep`` forms that the sheet does not name stay."""
    for sheet in run.read.of_kind("questions"):
        rows = run.ids(sheet, ("form", "question"), "question")
        chosen: dict[tuple[str, str], dict[str, Line]] = {}
        for choices in run.read.of_kind("choices"):
            for (form, question, choice), line in run.ids(
                choices, ("form", "question", "choice"), ""
            ).items():
                if (form, question) not in rows:
                    at = choices.at(line.number, "question")
                    run.say("choice_without_question", at, form=form, question=question)
                chosen.setdefault((form, question), {})[choice] = line
                place = (form, "questions", question, "choices", choice)
                run.mark_record(FORM, place, choices, line, records.CHOICE)
        for (form, question), line in rows.items():
            path = (form, "questions", question) if question else (form,)
            run.mark_record(FORM, path, sheet, line, records.QUESTION)

        def change(tree: Any, sheet: Read = sheet, rows: Any = rows, chosen: Any = chosen) -> Any:
            made = _forms(run, tree, sheet, rows, chosen)
            return {**made, **{form: tree[form] for form in tree if form not in made}} if keep else made

        run.yaml(FORM, change)


def _forms(
    run: Run,
    tree: dict[str, Any],
    sheet: Read,
    rows: dict[tuple[str, ...], Line],
    chosen: dict[tuple[str, str], dict[str, Line]],
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for (form, question), line in rows.items():
        old = tree.get(form, {})
        if form not in made:
            made[form] = {key: value for key, value in old.items() if key != "questions"}
            made[form]["questions"] = {}
        if not question:
            title = (records.PART_TITLE,)
            made[form] |= records.merged({"title": old.get("title", {})}, title, line.cells)
            continue
        before = old.get("questions", {}).get(question)
        after = records.merged(before, records.QUESTION, line.cells)
        choices = _choices(before, chosen.get((form, question), {}))
        made[form]["questions"][question] = _with_choices(after, choices)
    for form, body in made.items():
        if not body.get("title"):
            first = next(line for (one, _), line in rows.items() if one == form)
            run.say("form_without_title", sheet.at(first.number, "form"), form=form)
        made[form] = _in_order(body, tree.get(form, {}))
    return made


def _choices(question: Any, lines: dict[str, Line]) -> dict[str, Any]:
    old = (question or {}).get("choices", {})
    return {
        key: records.merged(old.get(key), records.CHOICE, line.cells, short=True)
        for key, line in lines.items()
    }


def _with_choices(question: dict[str, Any], choices: dict[str, Any]) -> dict[str, Any]:
    """A question with its choices where they stood, or at its end."""
    if "choices" not in question:
        return {**question, "choices": choices} if choices else question
    if choices:
        return {key: choices if key == "choices" else value for key, value in question.items()}
    return {key: value for key, value in question.items() if key != "choices"}


def _in_order(made: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """The keys as they stood before, new ones behind."""
    return {
        key: made[key]
        for key in [*(key for key in old if key in made), *(key for key in made if key not in old)]
    }
