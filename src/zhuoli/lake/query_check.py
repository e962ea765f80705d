"""Says what is wrong with the text of a query before it is ever run: where, why, and what to write instead.

    mistakes = check_query(scenario, registers)

Reads with SQLGlot and runs nothing. What may be used is listed in ``query_words``; what is personal is known from the registers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError, ParseError, TokenError
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from zhuoli.core.registers.model import Register
from zhuoli.core.registers.special import special_word
from zhuoli.core.scenario.catalog import did_you_mean, from_entry
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import BUILT_IN, REQUIRED, Query
from zhuoli.core.text import Mistake
from zhuoli.lake.columns import TYPES
from zhuoli.lake.query_words import ALLOWED, BY_CHANCE, BY_CHANCE_NAMES, MISTAKES, NAMES

FILE = "query.sql"
SERVING = "serving"
KEPT = 5_000
"""So many checked queries are remembered."""
_checked: dict[bytes, tuple[Mistake, ...]] = {}


def check_query(scenario: Scenario, registers: Mapping[str, Register]) -> list[Mistake]:
    """Check a scenario's query; empty for a scenario without one. Files in mistakes are relative to the folder.

    What was checked before is not checked again: the same text and declaration over the same registers.
    """
    if scenario.query is None:
        return []
    query = scenario.query
    known = sorted(registers)
    read = [registers.get(name) for name in query.reads]
    # What the check looks at, and no more: models that differ in what parameters may be are checked once.
    declared = (query.reads, sorted(query.personal), list(query.parameters), columns_of(query))
    key = msgspec.json.encode((scenario.sql, declared, known, read))
    found = _checked.get(key)
    if found is None:
        if len(_checked) >= KEPT:
            _checked.clear()
        found = _checked[key] = tuple(_check(scenario.query, scenario.sql, registers))
    return list(found)


def _check(query: Query, sql: str, registers: Mapping[str, Register]) -> list[Mistake]:
    run = _Run(query, registers)
    tree = run.parse(sql)
    if tree is None:
        return run.mistakes
    run.look_at_tables(tree)
    run.look_at_functions(tree)
    run.look_at_joins(tree)
    run.look_at_names(tree)
    if not run.mistakes:
        run.look_at_columns(tree)
    return list(dict.fromkeys(run.mistakes))


def to_spark(sql: str) -> str:
    """Translate a checked query to Spark SQL.

    Raises:
        sqlglot.errors.UnsupportedError: it cannot be translated exactly.
    """
    return sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[0]


def columns_of(query: Query) -> tuple[str, ...]:
    """The columns that a query gives, in order."""
    return tuple(dict.fromkeys([*REQUIRED, query.same, *query.evidence, *query.answers.values()]))


def fields_read(scenario: Scenario, registers: Mapping[str, Register]) -> dict[str, tuple[str, ...]]:
    """Return which fields of which registers a query reads; empty where it does not pass its check."""
    if scenario.query is None or check_query(scenario, registers):
        return {}
    run = _Run(scenario.query, registers)
    tree = run.parse(scenario.sql)
    if tree is None:
        return {}
    whole = run.qualified(tree)
    read: dict[str, dict[str, None]] = {name: {} for name in scenario.query.reads}
    for scope in traverse_scope(whole):
        for column in scope.columns:
            source = scope.sources.get(column.table)
            if isinstance(source, exp.Table) and source.name in read:
                read[source.name][column.name] = None
    return {name: tuple(found) for name, found in read.items()}


def qualified(scenario: Scenario, registers: Mapping[str, Register]) -> exp.Expr | None:
    """Return a query that has passed its check with every column named after its source; None for what cannot be read."""
    if scenario.query is None:
        return None
    run = _Run(scenario.query, registers)
    tree = run.parse(scenario.sql)
    try:
        return None if tree is None else run.qualified(tree)
    except OptimizeError:
        return None


def readable(sql: str) -> str:
    """Return a query with one part on each line; as it was written where it cannot be read."""
    try:
        return sqlglot.transpile(sql, read="duckdb", write="duckdb", pretty=True, max_text_width=100)[0]
    except (ParseError, TokenError):
        return sql


@dataclass
class _Run:
    query: Query
    registers: Mapping[str, Register]
    mistakes: list[Mistake] = field(default_factory=list)
    sql: str = ""

    def say(self, code: str, node: exp.Expr | None, **values: object) -> None:
        line, column = _place(node)
        if not line:
            line, column = _found(
                self.sql, str(values.get("name") or str(values.get("problem")).rpartition(" ")[2])
            )
        self.mistakes.append(from_entry(code, MISTAKES[code], (FILE, line, column), values))

    def parse(self, sql: str) -> exp.Query | None:
        """Read the text as one SELECT; None where it is none."""
        self.sql = sql
        try:
            found = sqlglot.parse(sql, read="duckdb")
        except (ParseError, TokenError) as error:
            told = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
            problem = str(told.get("description") or error).splitlines()[0]
            place = (FILE, int(told.get("line") or 1), int(told.get("col") or 1))
            self.mistakes.append(
                from_entry("sql_syntax", MISTAKES["sql_syntax"], place, {"problem": problem})
            )
            return None
        trees = [one for one in found if one is not None]
        if len(trees) != 1 or not isinstance(trees[0], exp.Query):
            self.say("one_select", trees[-1] if trees else None)
            return None
        return trees[0]

    def look_at_tables(self, tree: exp.Query) -> None:
        """Only declared registers, ``serving``, and what the query itself names with WITH."""
        own = {one.alias for one in tree.find_all(exp.CTE)}
        read: set[str] = set()
        for table in tree.find_all(exp.Table):
            name = table.name
            if not isinstance(table.this, exp.Identifier) or table.args.get("db"):
                self.say("file_read", table, name=table.this.sql() if table.this else table.sql())
            elif name not in own:
                read.add(name)
                if name != SERVING and name not in self.registers:
                    known = list(self.registers)
                    self.say(
                        "register_unknown",
                        table,
                        name=name,
                        nearest=did_you_mean(name, known),
                        allowed=", ".join(known),
                    )
                elif name != SERVING and name not in self.query.reads:
                    self.say("register_undeclared", table, name=name)
        if SERVING not in read:
            self.say("no_serving", None)
        for name in self.query.reads:
            if name not in read:
                self.say("register_unused", None, name=name)

    def look_at_functions(self, tree: exp.Query) -> None:
        """Only what means the same everywhere and every time."""
        for node in tree.walk():
            name = _called(node)
            if type(node) in BY_CHANCE or name.lower() in BY_CHANCE_NAMES:
                self.say("not_deterministic", node, name=name)
            elif isinstance(node, exp.Func) and type(node) not in ALLOWED:
                self.say("function_unknown", node, name=name, allowed=NAMES)
            elif (
                isinstance(node, exp.Window)
                and node.args.get("order") is None
                and isinstance(node.this, exp.RowNumber)
            ):
                self.say("not_deterministic", node.this, name="row_number() without ORDER BY")
            elif (
                isinstance(node, exp.Limit)
                and node.parent is not None
                and node.parent.args.get("order") is None
            ):
                self.say("limit_unordered", node)
            elif isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
                self.say("star", node)

    def look_at_joins(self, tree: exp.Query) -> None:
        """Every join but that of ``serving`` has an equality of columns on both sides."""
        for join in tree.find_all(exp.Join):
            name = join.alias_or_name
            on = join.args.get("on")
            equal = on is not None and any(
                isinstance(one, exp.EQ)
                and isinstance(one.left, exp.Column)
                and isinstance(one.right, exp.Column)
                and one.left.table != one.right.table
                for one in certain(on)
            )
            bounded = equal or bool(join.args.get("using"))
            serving = isinstance(join.this, exp.Table) and join.this.name == SERVING and on is not None
            if not bounded and not serving:
                self.say("cross_join", join.this, name=name)

    def look_at_names(self, tree: exp.Query) -> None:
        """No word of a special category, neither as a column nor as a name given to one."""
        for node in tree.find_all(exp.Column, exp.Alias):
            name = node.alias if isinstance(node, exp.Alias) else node.name
            word = special_word(name)
            if word:
                self.say("special_category", node, name=name, word=word)

    def look_at_columns(self, tree: exp.Query) -> None:
        """Columns exist; personal ones have a purpose; the subject is none of them; the result has what it must."""
        names = tree.named_selects
        wanted = columns_of(self.query)
        for name in wanted:
            if name not in names:
                self.say("column_missing", None, name=name)
        for name in names:
            if name not in wanted:
                self.say("column_undeclared", None, name=name)
        schema = self._schema()
        try:
            whole = self.qualified(tree)
        except OptimizeError as error:
            self.say("column_unknown", None, problem=str(error).splitlines()[0])
            return
        self._look_at_personal(whole)
        if "subject" in names and not self.mistakes:
            tree_of = lineage("subject", whole, schema=schema, dialect="duckdb")
            for node in tree_of.walk():
                source = node.source
                personal = self._personal(source.name if isinstance(source, exp.Table) else "")
                column = node.name.rpartition(".")[2]
                if column in personal:
                    self.say("person_subject", None, name=f"{source.name}.{column}")

    def qualified(self, tree: exp.Query) -> exp.Expr:
        """Return the query with every column named after its source.

        Raises:
            OptimizeError: a column is not known.
        """
        return qualify(
            tree.copy(), schema=self._schema(), dialect="duckdb", quote_identifiers=False, identify=False
        )

    def _look_at_personal(self, whole: exp.Expr) -> None:
        for scope in traverse_scope(whole):
            for column in scope.columns:
                source = scope.sources.get(column.table)
                name = source.name if isinstance(source, exp.Table) else ""
                full = f"{name}.{column.name}"
                if column.name in self._personal(name) and full not in self.query.personal:
                    self.say("personal_undeclared", column, name=full)

    def _personal(self, register: str) -> tuple[str, ...]:
        one = self.registers.get(register)
        return one.personal if one else ()

    def _schema(self) -> dict[str, object]:
        found: dict[str, object] = {
            name: {each.name: TYPES[each.type] for each in self.registers[name].fields}
            for name in self.query.reads
        }
        built_in = dict(zip(BUILT_IN, ("VARCHAR", "VARCHAR", "DATE"), strict=True))
        found[SERVING] = {**built_in, **dict.fromkeys(self.query.parameters, "INTEGER")}
        return found


def certain(on: exp.Expr) -> list[exp.Expr]:
    """The conditions that must hold: not those below OR or NOT."""
    if isinstance(on, exp.Paren):
        return certain(on.this)
    if isinstance(on, exp.And):
        return [*certain(on.left), *certain(on.right)]
    return [on]


def _called(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.this)
    return node.sql_name().lower() if isinstance(node, exp.Func) else ""


def _found(sql: str, word: str) -> tuple[int, int]:
    """Where a word stands first in the text; 0 where it does not."""
    at = sql.lower().find(word.rpartition(".")[2].lower()) if word else -1
    return (0, 0) if at < 0 else (sql.count("\n", 0, at) + 1, at - sql.rfind("\n", 0, at))


def _place(node: exp.Expr | None) -> tuple[int, int]:
    """Line and column where a node is written: its own mark, or the first one within it; 0 where there is none."""
    if node is None:
        return 0, 0
    for one in node.walk():
        meta = one.meta
        if "line" in meta:
            return int(meta["line"]), max(int(meta["col"]) - (int(meta["end"]) - int(meta["start"])), 1)
    return 0, 0
