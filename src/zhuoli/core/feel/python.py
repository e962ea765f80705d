"""From a checked tree to a Python function.

The generated source holds nothing an author wrote: names and values are bound as ``k0``, ``c0`` … from outside. Each
function has two forms made by one emitter. The fast one reads all its names at once and runs if every value has the
plain type that it expects (a date may be the ISO text that answers are kept in); otherwise the exact one reads each
name when it is needed, converts or refuses the value, and so decides lazily what is missing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from zhuoli.core.feel.check import SHANGHAI
from zhuoli.core.feel.errors import MissingAnswer, WrongValue
from zhuoli.core.feel.tree import (
    And,
    Call,
    Compare,
    Exactly,
    Literal,
    Name,
    Node,
    Not,
    Or,
    Product,
    Sum,
    Test,
    Within,
    names_read,
    type_of,
)
from zhuoli.core.feel.types import (
    EXACT,
    INSTANT_LIMIT,
    NUMBER_LIMIT,
    Type,
    canonical,
    iso_day,
    round_half_up,
)
from zhuoli.core.text import Text

Values = Mapping[str, Any]


def function_of(node: Node, *, value: bool = False) -> Callable[[Values], Any]:
    """Return a function that gives the outcome of a checked tree for values keyed by name.

    With ``value`` a number comes out in its one form, checked against the bounds of numbers.

    Raises (the function):
        MissingAnswer: a name that is read has no value.
        WrongValue: a value does not belong to its type.
    """
    bound: dict[str, Any] = dict(_HELPERS)
    kind = type_of(node)
    number = value and kind is not None and kind.kind == "number"
    exact = _Emitter(bound, "e", fast=False)
    body = exact.node(node)
    source = f"def exact(values):\n    return {f'result({body})' if number else body}\n"
    fast = _Emitter(bound, "f", fast=True)
    body = fast.node(node)
    source += "def fast(values):\n"
    read = names_read(node)
    if read:
        source += "    try:\n"
        for name in read:
            local = fast.local(name)
            source += f"        {local} = values[{fast.constant(name)}]\n"
            if fast.types[name].kind == "date":
                source += f"        if type({local}) is str:\n            {local} = day({local})\n"
        guards = " and ".join(fast.guard(name) for name in read)
        source += f"        if not ({guards}):\n            return exact(values)\n"
        source += "    except (KeyError, TypeError, ValueError):\n        return exact(values)\n"
    source += f"    return {f'result({body})' if number else body}\n"
    exec(compile(source, "<feel>", "exec"), bound)  # noqa: S102 - made of bound names and fixed words only
    made: Callable[[Values], Any] = bound["fast"]
    return made


class _Emitter:
    def __init__(self, bound: dict[str, Any], prefix: str, *, fast: bool) -> None:
        self.bound = bound
        self.prefix = prefix
        self.fast = fast
        self.locals: dict[str, str] = {}
        self.types: dict[str, Type] = {}
        self.temporaries = 0

    def constant(self, value: object) -> str:
        name = f"{self.prefix}c{len(self.bound)}"
        self.bound[name] = value
        return name

    def local(self, name: str) -> str:
        return self.locals.setdefault(name, f"v{len(self.locals)}")

    def guard(self, name: str) -> str:
        local, kind = self.local(name), self.types[name]
        match kind.kind:
            case "choice":
                return f"{local} in {self.constant(frozenset(kind.values))}"
            case "text":
                return f"type({local}) is str"
            case "boolean":
                return f"type({local}) is bool"
            case "date":
                return f"type({local}) is date"
            case "many":
                values = self.constant(frozenset(kind.values))
                return f"(type({local}) is tuple or type({local}) is list) and {values}.issuperset({local})"
            case "datetime":
                return f"type({local}) is int and -instant_limit < {local} < instant_limit"
            case _:
                return f"type({local}) is int and -limit < {local} < limit"

    def node(self, node: Node) -> str:
        match node:
            case Literal(value=value):
                return self.constant(value)
            case Name(name=name, type=kind) if kind is not None:
                if self.fast:
                    self.types[name] = kind
                    return self.local(name)
                return f"{self.constant(_getter(name, kind))}(values)"
            case Sum():
                return self.sum(node)
            case Product(factors=factors):
                parts = [self.node(factor) for factor in factors]
                return f"({' * '.join(parts)})" if self.whole(node) else f"multiply({', '.join(parts)})"
            case Call():
                return self.call(node)
            case Compare(operator=operator, left=left, right=right):
                sign = "==" if operator == "=" else operator
                return f"({self.node(left)} {sign} {self.node(right)})"
            case Within():
                return self.within(node)
            case Not(item=item):
                return f"(not {self.node(item)})"
            case And(items=items):
                return f"({' and '.join(self.node(item) for item in items)})"
            case Or(items=items):
                return f"({' or '.join(self.node(item) for item in items)})"
        raise AssertionError(node)  # pragma: no cover - the check leaves nothing else

    def whole(self, node: Node) -> bool:
        """Tell whether the node is an ``int`` for sure, so that Python's own arithmetic is exact."""
        match node:
            case Literal(value=value):
                return isinstance(value, int)
            case Name():
                return self.fast
            case Sum(terms=terms):
                return all(self.whole(term) for _, term in terms)
            case Product(factors=factors):
                return all(self.whole(factor) for factor in factors)
            case Call(function="round", arguments=arguments):
                return self.whole(arguments[0])
            case _:
                return True

    def sum(self, node: Sum) -> str:
        if node.type is not None and node.type.kind == "number" and not self.whole(node):
            parts = [
                self.node(term) if sign > 0 else f"minus({self.node(term)})" for sign, term in node.terms
            ]
            return f"add({', '.join(parts)})"
        code, kind = "", ""
        for index, (sign, term) in enumerate(node.terms):
            part, this = self.node(term), _kind(term)
            if index == 0:
                code, kind = part if sign > 0 else f"-{part}", this
            elif kind == "date" and this == "date":
                code, kind = f"between({code}, {part})", "days"
            elif kind == "date":
                code = f"shift({code}, {part if sign > 0 else f'-{part}'})"
            elif this == "date":
                code, kind = f"shift({part}, {code})", "date"
            else:
                code = f"{code} {'+' if sign > 0 else '-'} {part}"
        return f"({code})"

    def call(self, node: Call) -> str:
        first = node.arguments[0]
        if node.function == "answered":
            name = first.name if isinstance(first, Name) else ""
            return f"(values.get({self.constant(name)}) is not None)"
        parts = [self.node(item) for item in node.arguments]
        match node.function:
            case "contains":
                return f"({parts[1]} in {parts[0]})"
            case "count":
                return f"len({parts[0]})"
            case "date":
                return f"local_date({parts[0]})"
            case "days" | "datetime":
                return parts[0]
            case "round":
                return f"rounded({', '.join(parts)})"
            case _:
                return f"age({', '.join(parts)})"

    def within(self, node: Within) -> str:
        if not node.tests:
            return "True"
        same = [
            test.value.value
            for test in node.tests
            if isinstance(test, Exactly) and isinstance(test.value, Literal)
        ]
        if _kind(node.value) == "many":
            inside = f"(not {self.constant(frozenset(same))}.isdisjoint({self.node(node.value)}))"
        elif len(same) == len(node.tests):
            if len(same) == 1:
                inside = f"({self.node(node.value)} == {self.constant(same[0])})"
            else:
                inside = f"({self.node(node.value)} in {self.constant(frozenset(same))})"
        else:
            inside = self.tests(node)
        return f"(not {inside})" if node.negated else inside

    def tests(self, node: Within) -> str:
        code = self.node(node.value)
        if not code.isalnum():
            self.temporaries += 1
            temporary = f"{self.prefix}t{self.temporaries}"
            first, later = f"({temporary} := {code})", temporary
        else:
            first = later = code
        parts = []
        for test in node.tests:
            parts.append(self.test(first, later, test))
            first = later
        return f"({' or '.join(parts)})"

    def test(self, first: str, later: str, test: Test) -> str:
        if isinstance(test, Exactly):
            return f"{first} == {self.node(test.value)}"
        parts = []
        if test.low is not None:
            parts.append(f"{first} {'>=' if test.low_closed else '>'} {self.node(test.low)}")
            first = later
        if test.high is not None:
            parts.append(f"{first} {'<=' if test.high_closed else '<'} {self.node(test.high)}")
        return f"({' and '.join(parts)})" if len(parts) > 1 else parts[0]


def exact_reader(node: Node) -> Callable[[Values], Any]:
    """Return a function that reads one value expression, or raises what is wrong with its answers."""
    if isinstance(node, Name) and node.type is not None:
        return _getter(node.name, node.type)
    return function_of(node)


def _kind(node: Node) -> str:
    found = type_of(node)
    return found.kind if found is not None else ""


def _getter(name: str, kind: Type) -> Callable[[Values], Any]:
    def get(values: Values) -> Any:
        raw = values.get(name)
        if raw is None:
            raise MissingAnswer(name)
        return kind.read(raw, name)

    return get


def _add(*terms: int | Decimal) -> int | Decimal:
    total: int | Decimal = 0
    for term in terms:
        total = EXACT.add(total, term)
    return total


def _multiply(*factors: int | Decimal) -> int | Decimal:
    total: int | Decimal = 1
    for factor in factors:
        total = EXACT.multiply(total, factor)
    return total


def _minus(value: int | Decimal) -> int | Decimal:
    return EXACT.minus(value)


def _shift(day: datetime.date, days: int) -> datetime.date:
    try:
        return datetime.date.fromordinal(day.toordinal() + days)
    except (ValueError, OverflowError):
        raise WrongValue(
            "date ± days", Text("公元 1 年至 9999 年之间的日期", "a date of the years 1 to 9999")
        ) from None


def _between(later: datetime.date, earlier: datetime.date) -> int:
    return later.toordinal() - earlier.toordinal()


def _age(birth: datetime.date, on: datetime.date) -> int:
    if on < birth:
        raise WrongValue("age", Text("出生以后的日期", "a date after the birth"))
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _local_date(instant: int) -> datetime.date:
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return (epoch + datetime.timedelta(milliseconds=instant)).astimezone(SHANGHAI).date()


def _result(value: int | Decimal) -> int | Decimal:
    found = canonical(value)
    if not -NUMBER_LIMIT < found < NUMBER_LIMIT:
        raise WrongValue("计算结果 result", Text("12 位以内的数", "a number of at most 12 digits"))
    return found


_HELPERS: dict[str, Any] = {
    "add": _add,
    "age": _age,
    "between": _between,
    "date": datetime.date,
    "day": iso_day,
    "instant_limit": INSTANT_LIMIT,
    "limit": NUMBER_LIMIT,
    "local_date": _local_date,
    "minus": _minus,
    "multiply": _multiply,
    "result": _result,
    "rounded": round_half_up,
    "shift": _shift,
}
