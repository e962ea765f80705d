"""The sheets of the life cycle and of the worked examples on their way into the files; see ``process``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhuoli.channels.workbook import lines, process
from zhuoli.channels.workbook.model import Line, Read
from zhuoli.channels.workbook.process import EXAMPLES, KINDS, outcome_of, paired, parts_of, record_of
from zhuoli.channels.workbook.run import Path, Run
from zhuoli.channels.workbook.words import code_of, offered
from zhuoli.core.scenario.source import MAIN
from zhuoli.core.scenario.yamledit import meant


def take_process(run: Run) -> None:
    """Take stages, what is done in them, and its outcomes."""
    for sheet in run.read.of_kind("process"):
        rows = run.ids(sheet, ("stage", "item"), "item")
        outcomes = _outcomes(run, rows)

        def change(tree: Any, sheet: Read = sheet, rows: Any = rows, outcomes: Any = outcomes) -> Any:
            stages = _stages(run, sheet, tree.get("stages") or {}, rows, outcomes)
            return {key: stages if key == "stages" else value for key, value in tree.items()}

        run.yaml(MAIN, change, meant)


def _outcomes(
    run: Run, rows: dict[tuple[str, ...], Line]
) -> dict[tuple[str, str], dict[str, tuple[Read, Line]]]:
    found: dict[tuple[str, str], dict[str, tuple[Read, Line]]] = {}
    for sheet in run.read.of_kind("outcomes"):
        for (stage, item, outcome), line in run.ids(sheet, ("stage", "item", "outcome"), "").items():
            if (stage, item) not in rows:
                run.say("outcome_without_task", sheet.at(line.number, "item"), stage=stage, item=item)
            found.setdefault((stage, item), {})[outcome] = (sheet, line)
    return found


def _stages(
    run: Run,
    sheet: Read,
    old: dict[str, Any],
    rows: dict[tuple[str, ...], Line],
    outcomes: dict[tuple[str, str], dict[str, tuple[Read, Line]]],
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    kinds: dict[str, dict[str, dict[str, Any]]] = {}
    before = {
        (stage, item): what
        for stage, body in old.items()
        for kind in KINDS
        for item, what in (body.get(kind) or {}).items()
    }
    for (stage, item), line in rows.items():
        if not item:
            body = _record(run, sheet, line, "process", old.get(stage), frozenset(KINDS))
            made[stage] = {key: value for key, value in body.items() if key not in KINDS}
            _mark(run, MAIN, ("stages", stage), sheet, line, "process")
            continue
        kind = code_of(line["kind"], (offered(code, title) for code, title in KINDS.items()))
        if kind not in KINDS:
            allowed = "、".join(f"{code} {title.zh}" for code, title in KINDS.items())
            run.say("value_unknown", sheet.at(line.number, "kind"), value=line["kind"], allowed=allowed)
            continue
        what = _record(run, sheet, line, "process", before.get((stage, item)), frozenset({"outcomes"}))
        path = ("stages", stage, kind, item)
        _mark(run, MAIN, path, sheet, line, "process")
        kinds.setdefault(stage, {}).setdefault(kind, {})[item] = _with_outcomes(
            run, what, outcomes.get((stage, item), {}), path
        )
    for stage, line in {stage: line for (stage, _), line in reversed(rows.items())}.items():
        if stage not in made:
            run.say("stage_missing", sheet.at(line.number, "stage"), stage=stage)
    return {stage: _in_order(body, kinds.get(stage, {}), old.get(stage, {})) for stage, body in made.items()}


def _with_outcomes(
    run: Run, what: dict[str, Any], rows: dict[str, tuple[Read, Line]], path: Path
) -> dict[str, Any]:
    old = what.get("outcomes") or {}
    made: dict[str, Any] = {}
    for outcome, (sheet, line) in rows.items():
        try:
            made[outcome] = outcome_of(old.get(outcome), line)
        except lines.Unreadable as error:
            run.say("line_unreadable", sheet.at(line.number, str(error.args[1])), line=error.args[0])
        _mark(run, MAIN, (*path, "outcomes", outcome), sheet, line, "outcomes")
    if not made:
        return {key: value for key, value in what.items() if key != "outcomes"}
    if "outcomes" in what:
        return {key: made if key == "outcomes" else value for key, value in what.items()}
    return {**what, "outcomes": made}


def _in_order(body: dict[str, Any], kinds: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """A stage with what is done in it where that stood, new kinds behind."""
    whole = {**body, **kinds}
    return {key: whole[key] for key in dict.fromkeys([*old, *whole]) if key in whole}


def take_examples(run: Run, *, keep: bool = False) -> None:
    """Take the worked examples and their steps; with ``keep`` those that the sheet does not name stay."""
    for sheet in run.read.of_kind("examples"):
        heads = {name: line for (name,), line in run.ids(sheet, ("example",), "").items()}
        steps: dict[str, list[tuple[Read, Line]]] = {name: [] for name in heads}
        for page in run.read.of_kind("steps"):
            for line in page.lines:
                name = line["example"]
                if name not in steps:
                    run.say("example_unknown", page.at(line.number, "example"), example=name)
                    continue
                steps[name].append((page, line))
        for name, line in heads.items():
            if not steps[name]:
                run.say("example_without_steps", sheet.at(line.number, "example"), example=name)

        def change(tree: Any, sheet: Read = sheet, heads: Any = heads, steps: Any = steps) -> Any:
            made = {
                name: _example(run, sheet, name, line, tree.get(name), steps[name])
                for name, line in heads.items()
            }
            return {**{name: one for name, one in tree.items() if keep}, **made}

        run.yaml(EXAMPLES, change, meant)


def _example(
    run: Run, sheet: Read, name: str, line: Line, before: Any, rows: list[tuple[Read, Line]]
) -> dict[str, Any]:
    made = _record(run, sheet, line, "examples", before, frozenset({"steps"}))
    _mark(run, EXAMPLES, (name,), sheet, line, "examples")
    steps = []
    for at, (old, (page, row)) in enumerate(
        zip(paired((before or {}).get("steps", []), [row for _, row in rows]), rows, strict=True)
    ):
        steps.append(_record(run, page, row, "steps", old, frozenset()))
        _mark(run, EXAMPLES, (name, "steps", at), page, row, "steps")
    if "steps" in made:
        return {key: steps if key == "steps" else value for key, value in made.items()}
    return {**made, "steps": steps}


def _record(
    run: Run, sheet: Read, line: Line, kind: str, before: Any, skip: frozenset[str]
) -> dict[str, Any]:
    try:
        return record_of(before, kind, line, skip)
    except lines.Unreadable as error:
        run.say("line_unreadable", sheet.at(line.number, str(error.args[1])), line=error.args[0])
        return dict(before or {})


def _mark(run: Run, file: str, path: Path, sheet: Read, line: Line, kind: str) -> None:
    """Remember in which cell each part of a record stands."""
    say: Callable[..., None] = run.mark
    say(file, path, sheet, line)
    for part in parts_of(kind):
        if part.kind == "text":
            say(file, (*path, part.key), sheet, line, f"{part.key}.zh")
            for language in ("zh", "en"):
                say(file, (*path, part.key, language), sheet, line, f"{part.key}.{language}")
        elif part.key != process.MORE.key:
            say(file, (*path, part.key), sheet, line, part.key)
