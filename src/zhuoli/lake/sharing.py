"""Which queries may be run for the servings of several models at once, and how their territories are looked up.

    shape = shape_of(scenario, registers)

Two models that have the same text and read the same may be run as one query over the servings of both, if what it gives for one serving
depends on no other one. That is *shown* here from the text: wherever ``serving`` takes part, rows are grouped, numbered and joined by
it. What cannot be shown is run for each model by itself, so a wrong guess costs time and never a wrong hit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.scope import Scope, traverse_scope

from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.model import Scenario
from zhuoli.lake.query_check import SERVING, certain, qualified
from zhuoli.lake.shapes import DIGITS, PREFIX, Places, Shape


def shape_of(scenario: Scenario, registers: Mapping[str, Register]) -> Shape:
    """Look at a query that has passed its check."""
    tree = qualified(scenario, registers)
    if tree is None:
        return Shape(separable=False)
    try:
        scopes = traverse_scope(tree)
    except OptimizeError:
        return Shape(separable=False)
    separable = _is_separable(tree, scopes)
    places = _put_places(scopes)
    text = tree.sql(dialect="duckdb", identify=True) if places else ""
    return Shape(separable=separable, by_places=text, places=places)


# --- whether one serving's rows depend on another's


def _is_separable(tree: exp.Expr, scopes: list[Scope]) -> bool:
    carrying: set[int] = set()
    for scope in scopes:  # what is read from comes before what reads it
        carriers = {
            name for name, (_, source) in scope.selected_sources.items() if _carries(source, carrying)
        }
        if not _keeps_apart(scope, carriers):
            return False
        if carriers:
            carrying.add(id(scope))
    root = scopes[-1]
    return id(root) in carrying and root.expression is tree


def _carries(source: object, carrying: set[int]) -> bool:
    if isinstance(source, exp.Table):
        return source.name == SERVING
    return id(source) in carrying


def _keeps_apart(scope: Scope, carriers: set[str]) -> bool:
    select = scope.expression
    if not isinstance(select, exp.Select):
        # Of UNION and its kind only what has no serving in it is known to be sound.
        return isinstance(select, exp.Table) or not _any_serving(select)
    if any(select.args.get(part) is not None for part in ("limit", "offset", "qualify")) and carriers:
        return False
    if not _names_are_only_compared(select, carriers):
        return False
    if not carriers:
        return True
    if scope.is_subquery or scope.external_columns:
        return False
    return (
        _gives_serving(select, carriers)
        and _joins_by_serving(select, carriers)
        and _groups_by_serving(select, carriers)
        and _numbers_by_serving(select, carriers)
    )


def _any_serving(node: exp.Expr) -> bool:
    return any(table.name == SERVING for table in node.find_all(exp.Table)) or any(
        column.name == SERVING for column in node.find_all(exp.Column)
    )


def _is_serving(node: exp.Expr | None, carriers: set[str]) -> bool:
    return isinstance(node, exp.Column) and node.name == SERVING and node.table in carriers


def _names_are_only_compared(select: exp.Select, carriers: set[str]) -> bool:
    """A serving's own id is given, grouped by or compared with itself; nothing is made of it, so another name changes nothing."""
    for column in select.find_all(exp.Column):
        if column.name != SERVING or column.find_ancestor(exp.Select) is not select:
            continue
        above = column.parent
        if column.table not in carriers:
            return False  # a field of a register may be called so
        if isinstance(above, exp.Alias):
            if above.alias != SERVING or not isinstance(above.parent, exp.Select):
                return False
        elif isinstance(above, exp.EQ):
            if not all(_is_serving(one, carriers) for one in (above.left, above.right)):
                return False
        elif isinstance(above, exp.Window):
            if above.this is column or not any(
                each is column for each in above.args.get("partition_by") or ()
            ):
                return False
        elif not isinstance(above, exp.Select | exp.Group):
            return False
    return True


def _gives_serving(select: exp.Select, carriers: set[str]) -> bool:
    given = [one for one in select.selects if one.alias_or_name == SERVING]
    return len(given) == 1 and _is_serving(given[0].unalias(), carriers)


def _joins_by_serving(select: exp.Select, carriers: set[str]) -> bool:
    """Of several sources with servings each is joined to one before by its serving; none may be empty where it does not fit."""
    first = select.args.get("from_")
    joined = {first.this.alias_or_name} & carriers if first is not None else set()
    where = select.args.get("where")
    for join in select.args.get("joins") or ():
        side, kind = str(join.side).upper(), str(join.kind).upper()
        if (
            side in ("RIGHT", "FULL")
            or kind in ("SEMI", "ANTI")
            or join.args.get("using")
            or join.args.get("method")
        ):
            return False
        name = join.alias_or_name
        if name not in carriers:
            continue
        conditions = list(certain(join.args["on"])) if join.args.get("on") is not None else []
        if side != "LEFT" and where is not None:
            conditions += certain(where.this)
        with_others = any(
            _is_serving(left, {name}) and _is_serving(right, joined)
            for one in conditions
            if isinstance(one, exp.EQ)
            for left, right in ((one.left, one.right), (one.right, one.left))
        )
        if (joined or side == "LEFT") and not with_others:
            return False
        joined.add(name)
    return joined == carriers


def _groups_by_serving(select: exp.Select, carriers: set[str]) -> bool:
    group = select.args.get("group")
    if group is not None:
        if any(group.args.get(part) for part in ("all", "cube", "rollup", "grouping_sets", "totals")):
            return False
        return any(_is_serving(one, carriers) for one in group.expressions)
    if select.args.get("having") is not None:
        return False
    distinct = select.args.get("distinct")
    if distinct is not None and distinct.args.get("on") is not None:
        return False
    return not any(
        isinstance(node, exp.AggFunc) and not isinstance(node.parent, exp.Window)
        for one in select.selects
        for node in one.find_all(exp.AggFunc)
        if node.find_ancestor(exp.Select) is select
    )


def _numbers_by_serving(select: exp.Select, carriers: set[str]) -> bool:
    return all(
        any(_is_serving(one, carriers) for one in window.args.get("partition_by") or ())
        for window in select.find_all(exp.Window)
        if window.find_ancestor(exp.Select) is select
    )


# --- places by their digits


def _put_places(scopes: Iterable[Scope]) -> tuple[Places, ...]:
    """Change, within the tree, what compares the codes of a register with the territories of ``serving``."""
    found: list[Places] = []
    for scope in scopes:
        select = scope.expression
        if not isinstance(select, exp.Select):
            continue
        sources = {name: source for name, (_, source) in scope.selected_sources.items()}
        served = [name for name, source in sources.items() if _carries(source, set())]
        if len(served) != 1 or any(
            str(join.side) or str(join.kind) not in ("", "INNER") for join in _joins_of(select, served[0])
        ):
            continue
        for condition in _inner_conditions(select):
            code, territory = condition.this, condition.expression
            if not (isinstance(code, exp.Column) and isinstance(territory, exp.Column)):
                continue
            source = sources.get(code.table)
            if (
                territory.table != served[0]
                or territory.name != "territory"
                or not isinstance(source, exp.Table)
            ):
                continue
            if source.name == SERVING:
                continue
            relation = f"_served_{len(found)}"
            found.append(Places(relation, source.name, code.name))
            condition.replace(
                exp.EQ(
                    this=exp.Left(
                        this=code.copy(),
                        expression=exp.Anonymous(
                            this="getvariable", expressions=[exp.Literal.string(DIGITS)]
                        ),
                    ),
                    expression=exp.column(PREFIX, table=served[0]),
                )
            )
            sources[served[0]].this.set("this", relation)  # type: ignore[union-attr]
            break
    return tuple(found)


def _joins_of(select: exp.Select, served: str) -> list[exp.Join]:
    """The joins by which ``serving`` may be without a row: its own, and any that may drop what stood before."""
    joins: list[exp.Join] = select.args.get("joins") or []
    return [one for one in joins if one.alias_or_name == served or str(one.side).upper() in ("RIGHT", "FULL")]


def _inner_conditions(select: exp.Select) -> list[exp.StartsWith]:
    """Every ``starts_with`` that must hold for a row of the result."""
    where = select.args.get("where")
    parts = [where.this] if where is not None else []
    parts += [
        join.args["on"]
        for join in select.args.get("joins") or ()
        if not str(join.side) and str(join.kind).upper() in ("", "INNER") and join.args.get("on") is not None
    ]
    return [one for part in parts for one in certain(part) if isinstance(one, exp.StartsWith)]
