"""Every row against its descriptor, many rows at once: one SQL statement made from the descriptor, run by DuckDB.

The statement gives the typed columns, and for each field the number of the first check that it fails. Checks of one
field are asked in their order; the sentences for people are made only for rows that are rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhuoli.core.registers import formats
from zhuoli.core.registers.model import Deletion, Field, Register
from zhuoli.core.registers.reasons import Reason, reason
from zhuoli.lake import check_signs
from zhuoli.lake.columns import TYPES
from zhuoli.lake.source import ROW

ARROW: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
}
CHANGE = "_change"
_YES, _NO = ("true", "1", "yes", "y", "是", "有"), ("false", "0", "no", "n", "否", "无")


def schema_of(register: Register) -> pa.Schema:
    """The explicit Arrow schema of a register's rows."""
    return pa.schema([pa.field(one.name, ARROW[one.type]) for one in register.fields])


@dataclass(frozen=True)
class _Check:
    """``fails`` is SQL over ``{s}`` (the cleaned string), ``{t}`` (the typed value) and ``{w}`` (its check sign is right)."""

    code: str
    fails: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Checked:
    """One batch: what can be taken (typed, with ``_row``), and what cannot, with its reasons in the order of rows."""

    accepted: pa.Table
    rejected: list[tuple[int, list[Reason]]]


def past_deletion(column: str, deletion: Deletion, today: str) -> str:
    """SQL that holds for a row whose time is over on the day ``today`` (ISO)."""
    return f"{column} < DATE '{today}' - INTERVAL {deletion.after_days} DAY"


class Checker:
    """Checks batches of one register. ``others`` gives the Parquet files of a register that a foreign key names."""

    def __init__(
        self,
        register: Register,
        others: Callable[[str], list[str]],
        titles: Mapping[str, str],
        *,
        today: str,
        changes: bool = False,
        threads: int | None = None,
    ) -> None:
        self.register = register
        self.connection = duckdb.connect(config={} if threads is None else {"threads": threads})
        self._changes = changes
        self._checks: dict[str, list[_Check]] = {one.name: _checks_of(one) for one in register.fields}
        self._add_foreign_keys(others, titles)
        if register.deletion is not None:
            late = past_deletion("{t}", register.deletion, today)
            self._checks[register.deletion.by].append(
                _Check("past_deletion", late, {"limit": register.deletion.after_days})
            )
        if changes:
            self._checks = {CHANGE: [_Check("bad_change", "{t} IS NULL", {})], **self._checks}
        self._sql = self._statement()

    def check(self, batch: pa.Table) -> Checked:
        """Check rows given as strings; columns that the batch lacks count as not filled in."""
        batch = self._cleaned(batch)
        self._look_up_birthplaces(batch)
        made = self._ask(
            batch, [ROW, *([CHANGE] if self._changes else []), *map(_name, self.register.names)], "_bad"
        )
        bad = made.column("_bad")
        accepted = made.drop_columns("_bad")
        if not pc.any(bad).as_py():
            return Checked(accepted, [])
        refused = batch.filter(pc.is_in(batch.column(ROW), made.column(ROW).filter(bad).combine_chunks()))
        why = self._ask(refused, [ROW, *(_name(f"{kind}_{name}") for name in self._checks for kind in "ps")])
        return Checked(accepted.filter(pc.invert(bad)), self._tell(why.sort_by(ROW)))

    def _ask(self, batch: pa.Table, *shown: str | list[str]) -> pa.Table:
        """Columns of the statement for these rows. What a field failed and how it was written is asked of refused rows only."""
        columns = [name for one in shown for name in ([one] if isinstance(one, str) else one)]
        self.connection.register("batch", batch)
        try:
            return self.connection.sql(f"SELECT {', '.join(columns)} FROM ({self._sql})").to_arrow_table()
        finally:
            self.connection.unregister("batch")

    def _cleaned(self, batch: pa.Table) -> pa.Table:
        """The columns that are asked for, without blanks at their ends (full-width ones, too)."""
        columns = {ROW: batch.column(ROW)}
        for name in (*self.register.names, *([CHANGE] if self._changes else [])):
            there = name in batch.schema.names
            column = trimmed(batch.column(name)) if there else pa.nulls(batch.num_rows, pa.string())
            columns[name] = column
            one = self.register.field(name)
            if one is not None and one.format in _SCHEMES:
                columns["w_" + name] = check_signs.right(column, _SCHEMES[one.format])
        return pa.table(columns)

    def _statement(self) -> str:
        missing = _list(("", *self.register.missing_values))
        clean, typed, failed, shown = [ROW], [ROW], [ROW], []
        for one in self.register.fields:
            column = _name(one.name)
            clean.append(
                f"CASE WHEN {column} NOT IN ({missing}) THEN {column} END AS {_name('s_' + one.name)}"
            )
            typed.append(f"{_name('s_' + one.name)}, {_typed(one)} AS {_name(one.name)}")
            if one.format in _SCHEMES:
                clean.append(_name("w_" + one.name))
                typed.append(_name("w_" + one.name))
        if self._changes:
            clean.append(f"lower(coalesce(nullif({CHANGE}, ''), 'put')) AS s_{CHANGE}")
            typed.append(
                f"s_{CHANGE}, CASE WHEN s_{CHANGE} IN ('put', '新增', '修改') THEN 'put' "
                f"WHEN s_{CHANGE} IN ('remove', '删除') THEN 'remove' END AS {CHANGE}"
            )
        for name, checks in self._checks.items():
            failed.append(
                f"{name if name == CHANGE else _name(name)}, {self._first_failed(name, checks)} AS {_name('p_' + name)}"
            )
            failed.append(_name("s_" + name))
            shown.append(f"{_name('p_' + name)} IS NOT NULL")
        return (
            f"WITH a AS (SELECT {', '.join(clean)} FROM batch), b AS (SELECT {', '.join(typed)} FROM a), "
            f"c AS (SELECT {', '.join(failed)} FROM b) SELECT *, ({' OR '.join(shown)}) AS _bad FROM c"
        )

    def _first_failed(self, name: str, checks: list[_Check]) -> str:
        if not checks:
            return "NULL::UTINYINT"
        marks = {
            "s": _name("s_" + name),
            "t": CHANGE if name == CHANGE else _name(name),
            "w": _name("w_" + name),
        }
        cases = " ".join(
            f"WHEN {check.fails.format(**marks)} THEN {number}::UTINYINT"
            for number, check in enumerate(checks)
        )
        whole = f"CASE {cases} END"
        # What is to be removed needs its key only.
        if self._changes and name != CHANGE and name not in self.register.primary_key:
            whole = f"CASE WHEN {CHANGE} = 'remove' THEN NULL ELSE {whole} END"
        return whole

    def _tell(self, rows: pa.Table) -> list[tuple[int, list[Reason]]]:
        found: list[tuple[int, list[Reason]]] = []
        for row in rows.to_pylist():
            reasons = []
            for name, checks in self._checks.items():
                number = row[f"p_{name}"]
                if number is not None:
                    check = checks[number]
                    field = self.register.field(name)
                    title = field.title if field else name
                    reasons.append(
                        reason(check.code, name, value=row[f"s_{name}"] or "", title=title, **check.values)
                    )
            found.append((row[ROW], reasons))
        return found

    def _add_foreign_keys(self, others: Callable[[str], list[str]], titles: Mapping[str, str]) -> None:
        for number, key in enumerate(self.register.foreign_keys):
            other = key.reference.resource
            if not other or other == self.register.register:
                continue  # within the file itself: looked at when all rows are there
            there = ", ".join(_name(one) for one in key.reference.fields)
            files = others(other)
            self.connection.execute(
                f"CREATE TEMP TABLE fk_{number} AS "
                + (
                    f"SELECT DISTINCT {there} FROM read_parquet(?)"
                    if files
                    else f"SELECT {', '.join(f'NULL AS {_name(one)}' for one in key.reference.fields)} LIMIT 0"
                ),
                [files] if files else [],
            )
            joined = " AND ".join(
                f"k.{_name(one)} = {_name(here)}"
                for here, one in zip(key.fields, key.reference.fields, strict=True)
            )
            filled = " AND ".join(f"{_name(one)} IS NOT NULL" for one in key.fields)
            fails = f"({filled}) AND NOT EXISTS (SELECT 1 FROM fk_{number} k WHERE {joined})"
            self._checks[key.fields[-1]].append(
                _Check(
                    "foreign_key",
                    fails.replace("{", "{{").replace("}", "}}"),
                    {"other": titles.get(other, other)},
                )
            )

    def _look_up_birthplaces(self, batch: pa.Table) -> None:
        """Ask python-stdnum which of the places and years of birth in this batch there are."""
        fields = [one.name for one in self.register.fields if one.format == "resident_id"]
        if not fields:
            return
        from stdnum.cn import ric
        from stdnum.exceptions import ValidationError

        bad: list[str] = []
        for name in fields:
            starts = pc.unique(pc.utf8_slice_codeunits(batch.column(name), 0, 10))
            for start in starts.to_pylist():
                if start and len(start) == 10 and start.isdigit():
                    try:
                        ric.get_birth_place(f"{start}01010000")
                    except (
                        ValidationError,
                        KeyError,
                    ):  # a province without that county raises KeyError in 2.x
                        bad.append(start)
        self.connection.register("unborn", pa.table({"start": pa.array(bad, pa.string())}))


def trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The strings without blanks at their ends; those of a column that holds no blank at all are given back as they are."""
    if any(_may_hold_blanks(chunk) for chunk in column.chunks):
        return pc.utf8_trim_whitespace(column)
    return column


def _may_hold_blanks(chunk: pa.Array) -> bool:
    """Whether any byte of the strings is a blank of ASCII, or begins a sign among which Unicode has blanks (C2, E1 to E3)."""
    data = chunk.buffers()[2]
    if data is None or not data.size:
        return False
    signs = np.frombuffer(data, np.uint8)
    return bool((signs <= 0x20).any() or (signs == 0xC2).any() or (signs - np.uint8(0xE1) < 3).any())


def _typed(field: Field) -> str:
    s = _name("s_" + field.name)
    match field.type:
        case "integer":
            return f"CASE WHEN regexp_full_match({s}, '[+-]?[0-9]{{1,18}}') THEN TRY_CAST({s} AS BIGINT) END"
        case "number":
            return f"CASE WHEN regexp_full_match({s}, '[+-]?[0-9]{{1,18}}([.][0-9]{{1,18}})?') THEN TRY_CAST({s} AS DOUBLE) END"
        case "boolean":
            return f"CASE WHEN lower({s}) IN ({_list(_YES)}) THEN true WHEN lower({s}) IN ({_list(_NO)}) THEN false END"
        case "date":
            loose = f"TRY_CAST(try_strptime({s}, ['%Y%m%d', '%Y.%m.%d', '%Y年%m月%d日']) AS DATE)"
            return f"CASE WHEN regexp_full_match({s}, '[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}( 00?:00(:00)?)?') THEN TRY_CAST(split_part({s}, ' ', 1) AS DATE) ELSE {loose} END"
        case "datetime":
            return f"CASE WHEN regexp_full_match({s}, '[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}([ T][0-9]{{1,2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]{{1,6}})?)?)?') THEN TRY_CAST(replace({s}, '/', '-') AS TIMESTAMP) END"
    if field.format:
        return f"upper({s})"
    if field.categories:
        cases = " ".join(
            f"WHEN {s} IN ({_list((one.value, one.label.zh, one.label.en))}) THEN {_quoted(one.value)}"
            for one in field.categories
        )
        return f"CASE {cases} END"
    return s


def _checks_of(field: Field) -> list[_Check]:
    """What a field is asked, in order; a value that is not filled in fails nothing but ``missing``."""
    limits, found = field.constraints, []
    if limits.required:
        found.append(_Check("missing", "{s} IS NULL", {}))
    if field.type != "string":
        found.append(_Check(f"not_{field.type}", "{s} IS NOT NULL AND {t} IS NULL", {}))
    if field.type in ("date", "datetime"):
        outside = "{t} < DATE '1900-01-01' OR {t} >= DATE '2101-01-01'"
        found.append(_Check(f"not_{field.type}", outside, {}))
    if field.categories:
        allowed = "、".join(f"{one.value}（{one.label.zh}）" for one in field.categories[:12])
        found.append(_Check("category", "{s} IS NOT NULL AND {t} IS NULL", {"limit": allowed}))
    if field.format:
        found.append(_Check(field.format, f"{{s}} IS NOT NULL AND NOT ({_FORMATS[field.format]})", {}))
    if limits.shortest is not None:
        found.append(_Check("too_short", f"length({{t}}) < {limits.shortest}", {"limit": limits.shortest}))
    if limits.longest is not None:
        found.append(_Check("too_long", f"length({{t}}) > {limits.longest}", {"limit": limits.longest}))
    if limits.pattern:
        pattern = _quoted(limits.pattern).replace("{", "{{").replace("}", "}}")
        found.append(_Check("pattern", f"NOT regexp_full_match({{t}}, {pattern})", {"limit": limits.pattern}))
    if limits.minimum is not None:
        found.append(
            _Check("too_small", f"{{t}} < {_limit(field, limits.minimum)}", {"limit": limits.minimum})
        )
    if limits.maximum is not None:
        found.append(
            _Check("too_great", f"{{t}} > {_limit(field, limits.maximum)}", {"limit": limits.maximum})
        )
    return found


def _limit(field: Field, value: int | float | str) -> str:
    return f"{TYPES[field.type]} {_quoted(str(value))}" if isinstance(value, str) else repr(value)


def _matches(pattern: str) -> str:
    escaped = pattern.replace("{", "{{").replace("}", "}}")
    return f"regexp_full_match({{t}}, {_quoted(escaped)})"


def _name(name: str) -> str:
    return f'"{name}"'


def _list(values: Iterable[str]) -> str:
    return ", ".join(_quoted(value) for value in dict.fromkeys(values))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


_SCHEMES = {"credit_code": check_signs.CREDIT, "resident_id": check_signs.RESIDENT}
_FORMATS: dict[str, str] = {
    "plate": _matches(formats.PLATE),
    "division": _matches(formats.DIVISION),
    "credit_code": "{w}",
    "resident_id": "{w} AND try_strptime(substr({t}, 7, 8), '%Y%m%d') IS NOT NULL"
    " AND substr({t}, 1, 10) NOT IN (SELECT start FROM unborn)",
}
