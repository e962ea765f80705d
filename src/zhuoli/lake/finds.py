"""Runs the worked examples of a query: tiny registers in, exact hits out, and each hit opens a case that the scenario takes.

    failures = run_find(scenario, "five_kinds", registers)

The registers are written as real ones into a folder that is thrown away; the query runs as it does at night. The case is
opened in the core alone, with the artificial directory of worked examples.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from zhuoli.core.case.commands import Open
from zhuoli.core.case.decide import advance
from zhuoli.core.case.examples import ExampleDirectory
from zhuoli.core.case.facts import SYSTEM, Facts
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import Find, Query
from zhuoli.core.text import Text
from zhuoli.core.worktime import statutory_calendar
from zhuoli.core.worktime.instants import DAY, day_begins
from zhuoli.lake.answers import answers_of, shown
from zhuoli.lake.columns import TYPES
from zhuoli.lake.engine import BadResult
from zhuoli.lake.folder import State
from zhuoli.lake.hits import Hit
from zhuoli.lake.night import servings_of, try_out

_EPOCH = date(1970, 1, 1)
_KEY = ("serving", "subject")


def run_find(
    scenario: Scenario, name: str, registers: Mapping[str, Register], *, plan: Plan
) -> tuple[Text, ...]:
    """Run one worked example and say what differs from what it expects; empty when nothing does.

    Raises:
        KeyError: the scenario has no such example, or no query.
    """
    query, find = scenario.query, scenario.finds[name]
    if query is None:
        raise KeyError(name)
    now = day_begins((date.fromisoformat(find.today) - _EPOCH).days) + DAY // 4
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder)
        try:
            for register in query.reads:
                if register in find.registers:
                    fill(lake, registers[register], find.registers[register])
            found = try_out(lake, registers, scenario, servings_of(scenario), now=now)
        except BadResult as bad:
            return (bad.text,)
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            return (Text(f"查询失败：{first}", f"the query failed: {first}"),)
    return (*_differences(find, query, found.hits), *_refusals(plan, query, found.hits, now))


def fill(lake: Path, register: Register, text: str) -> None:
    """Write the rows of a CSV text as the register's current generation under ``lake``; columns that are not given are empty.

    Raises:
        BadResult: a column is unknown, or a row has another number of cells.
    """
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text)) if any(row)]
    heads, body = (rows[0], rows[1:]) if rows else ([], [])
    for head in heads:
        if head not in register.names:
            raise BadResult(
                Text(
                    f"登记册 {register.register} 没有列“{head}”；它有：{'、'.join(register.names)}",
                    f"the register {register.register} has no column “{head}”; it has: {', '.join(register.names)}",
                )
            )
    for number, row in enumerate(body, start=2):
        if len(row) != len(heads):
            raise BadResult(
                Text(
                    f"登记册 {register.register} 第 {number} 行有 {len(row)} 格，应有 {len(heads)} 格",
                    f"row {number} of the register {register.register} has {len(row)} cells instead of {len(heads)}",
                )
            )
    target = lake / register.register / "1"
    target.mkdir(parents=True)
    columns = ", ".join(f'"{one.name}" {TYPES[one.type]}' for one in register.fields)
    named = ", ".join(f'"{head}"' for head in heads)
    marks = ", ".join("?" for _ in heads)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE tiny ({columns})")
        for row in body:
            values = [cell or None for cell in row]
            connection.execute(f"INSERT INTO tiny ({named}) VALUES ({marks})", values)
        path = str(target / "rows.parquet").replace("'", "''")
        connection.execute(f"COPY tiny TO '{path}' (FORMAT parquet)")
    state = State(generation="1", rows=len(body), origin="generated", at=0)
    (lake / register.register / "current.json").write_bytes(msgspec.json.encode(state))


def _differences(find: Find, query: Query, hits: tuple[Hit, ...]) -> list[Text]:
    """What was not found, found without being expected, or found with other figures."""
    left = [shown(query, hit) for hit in hits]
    said = []
    unmet = []
    for wanted in find.finds:
        met = next((one for one in left if all(_same(one.get(name), wanted[name]) for name in wanted)), None)
        if met is None:
            unmet.append(wanted)
        else:
            left.remove(met)
    for wanted in unmet:
        near = next((one for one in left if all(_same(one[name], wanted[name]) for name in _KEY)), None)
        if near is None:
            said.append(
                Text(
                    f"没有找到 {wanted['serving']} / {wanted['subject']}",
                    f"{wanted['subject']} was not found by {wanted['serving']}",
                )
            )
            continue
        left.remove(near)
        said += [
            Text(
                f"{near['serving']} / {near['subject']} 的 {name} 应为 {value!r}，实为 {near.get(name)!r}",
                f"{name} of {near['subject']} ({near['serving']}) should be {value!r}, is {near.get(name)!r}",
            )
            for name, value in wanted.items()
            if not _same(near.get(name), value)
        ]
    return said + [
        Text(
            f"多找到 {one['serving']} / {one['subject']}：{one['reason_zh']}",
            f"{one['subject']} was found by {one['serving']} as well: {one['reason_en']}",
        )
        for one in left
    ]


def _same(got: Any, wanted: Any) -> bool:
    return got == wanted if isinstance(got, int | float | bool) else str(got) == str(wanted)


def _refusals(plan: Plan, query: Query, hits: tuple[Hit, ...], now: int) -> list[Text]:
    """Open a case for each hit as the night does; what the scenario refuses is a mistake of its form or its query."""
    said = []
    for hit in hits:
        facts = Facts(now=now, actor=SYSTEM, calendar=statutory_calendar(), directory=ExampleDirectory())
        command = Open(
            receipt="EXAMPLE-1", channel="model", answers=answers_of(query, hit), territory=hit.territory
        )
        try:
            advance(plan, Case(id=1), command, facts)
        except Refusal as refusal:
            zh = "；".join(f"{key}：{text.zh}" for key, text in refusal.fields.items())
            en = "; ".join(f"{key}: {text.en}" for key, text in refusal.fields.items())
            said.append(
                Text(
                    f"{hit.subject} 开不了事项：{refusal.text.zh} {zh}",
                    f"no case can be opened for {hit.subject}: {refusal.text.en} {en}",
                )
            )
    return said
