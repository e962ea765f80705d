"""Expressions said in plain words, to explain a rule on a screen."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal

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
    type_of,
)
from zhuoli.core.feel.types import written
from zhuoli.core.text import Text

Labels = Mapping[str, Text]

_COMPARISONS = {
    "=": Text("等于", "is"),
    "!=": Text("不等于", "is not"),
    "<": Text("小于", "is less than"),
    "<=": Text("不超过", "is at most"),
    ">": Text("大于", "is more than"),
    ">=": Text("不少于", "is at least"),
}
_MOMENTS = {
    "<": Text("早于", "is before"),
    "<=": Text("不晚于", "is not after"),
    ">": Text("晚于", "is after"),
    ">=": Text("不早于", "is not before"),
}
_FUNCTIONS = {
    "age": Text("{0}出生者在{1}的周岁", "the age on {1} of a person born on {0}"),
    "count": Text("{0}所选项数", "the number of answers to {0}"),
    "date": Text("{0}的日期", "the date of {0}"),
    "datetime": Text("{0}", "{0}"),
    "days": Text("{0}天", "{0} days"),
    "round": Text("{0}（四舍五入到 {1} 位小数）", "{0} (rounded to {1} decimals)"),
    "contains": Text("{0}包括{1}", "{0} includes {1}"),
    "answered": Text("{0}已有回答", "{0} is answered"),
}


def in_words(node: Node, labels: Labels) -> Text:
    """Say a checked tree in words; ``labels`` maps names, and ``name=choice``, to their labels."""
    match node:
        case Name(name=name):
            label = labels.get(name, Text(name, name))
            if node.type is not None and node.type.kind == "boolean":
                return _yes(label, True)
            return label
        case Literal(value=value):
            return constant_in_words(
                value, None, labels, days=_kind(node) == "days", instant=_kind(node) == "datetime"
            )
        case Sum(terms=terms):
            return _sum([(sign, _operand(term, labels)) for sign, term in terms])
        case Product(factors=factors):
            return joined([_operand(factor, labels) for factor in factors], Text(" × ", " × "))
        case Call(function=function, arguments=arguments):
            return _call(function, arguments, labels)
        case Compare():
            return _compare(node, labels)
        case Within(value=value, tests=tests, negated=negated):
            return tests_in_words(value, tests, negated, labels)
        case Not(item=Name(name=name)):
            return _yes(labels.get(name, Text(name, name)), False)
        case Not(item=item):
            inside = in_words(item, labels)
            return Text(f"并非（{inside.zh}）", f"it is not so that ({inside.en})")
        case And(items=items):
            return joined([_bracketed(item, labels, Or) for item in items], Text("并且", " and "))
        case Or(items=items):
            return joined([_bracketed(item, labels, And) for item in items], Text("或者", " or "))


def constant_in_words(
    value: object, name: str | None, labels: Labels, *, days: bool = False, instant: bool = False
) -> Text:
    """Say a constant; a choice of ``name`` by its label, if it has one."""
    match value:
        case bool():
            return Text("“是”", "yes") if value else Text("“否”", "no")
        case str():
            label = labels.get(f"{name}={value}") if name else None
            return Text(f"“{value}”", f'"{value}"') if label is None else Text(f"“{label.zh}”", label.en)
        case datetime.date():
            return Text(f"{value.year}年{value.month}月{value.day}日", value.isoformat())
        case int() if instant:
            moment = datetime.datetime.fromtimestamp(value / 1000, datetime.UTC)
            local = moment.astimezone(datetime.timezone(datetime.timedelta(hours=8)))
            return Text(f"{local:%Y-%m-%d %H:%M}", f"{local:%Y-%m-%d %H:%M}")
        case int() | Decimal():
            number = written(value)
            return Text(f" {number} 天", f"{number} days") if days else Text(f" {number} ", number)
    return Text(str(value), str(value))


def tests_in_words(value: Node, tests: Sequence[Test], negated: bool, labels: Labels) -> Text:
    """Say the tests of ``in``, or of a table's cell, on a value."""
    subject = _plain(value, labels)
    name = value.name if isinstance(value, Name) else None
    kind = _kind(value)
    if not tests:
        return Text(f"{subject.zh}不限", f"{subject.en} is anything")
    same = [test.value for test in tests if isinstance(test, Exactly)]
    parts: list[Text] = []
    if same:
        said = [_constant(item, name, labels, kind) for item in same]
        if kind == "boolean" and len(said) == 1 and isinstance(same[0], Literal):
            return _yes(subject, bool(same[0].value) != negated)
        zh, en = "、".join(item.zh.strip() for item in said), ", ".join(item.en for item in said)
        if kind == "many":
            parts.append(
                Text(
                    f"{subject.zh}包括{zh}" + ("之一" if len(said) > 1 else ""),
                    f"{subject.en} includes {'one of ' if len(said) > 1 else ''}{en}",
                )
            )
        elif len(said) == 1:
            parts.append(
                _spaced(subject, _COMPARISONS["!=" if negated and len(tests) == 1 else "="], said[0])
            )
            if negated and len(tests) == 1:
                return parts[0]
        else:
            parts.append(Text(f"{subject.zh}为{zh}之一", f"{subject.en} is one of {en}"))
    parts += [_span(subject, test, name, labels, kind) for test in tests if not isinstance(test, Exactly)]
    inside = joined(parts, Text("或者", " or "))
    return Text(f"并非（{inside.zh}）", f"it is not so that ({inside.en})") if negated else inside


def _span(subject: Text, test: Test, name: str | None, labels: Labels, kind: str) -> Text:
    if isinstance(test, Exactly):
        return subject
    words = _COMPARISONS if kind not in ("date", "datetime") else {**_COMPARISONS, **_MOMENTS}
    low = None if test.low is None else _constant(test.low, name, labels, kind)
    high = None if test.high is None else _constant(test.high, name, labels, kind)
    if low is not None and high is not None:
        included, left_out = Text("（含）", ""), Text("（不含）", " (not included)")
        a, b = (included if test.low_closed else left_out), (included if test.high_closed else left_out)
        return Text(
            f"{subject.zh}在{low.zh.rstrip()}{a.zh}到{high.zh.rstrip()}{b.zh}之间",
            f"{subject.en} is from {low.en}{a.en} to {high.en}{b.en}",
        )
    if low is not None:
        return _spaced(subject, words[">=" if test.low_closed else ">"], low)
    return _spaced(subject, words["<=" if test.high_closed else "<"], high or Text("", ""))


def _compare(node: Compare, labels: Labels) -> Text:
    left, right = node.left, node.right
    kind = _kind(left)
    if kind == "boolean" and isinstance(right, Literal):
        return _yes(_plain(left, labels), bool(right.value) == (node.operator == "="))
    words = _COMPARISONS if kind not in ("date", "datetime") else {**_COMPARISONS, **_MOMENTS}
    left_name = left.name if isinstance(left, Name) else None
    right_name = right.name if isinstance(right, Name) else None
    return _spaced(
        _constant(left, right_name, labels, kind),
        words[node.operator],
        _constant(right, left_name, labels, kind),
    )


def _call(function: str, arguments: Sequence[Node], labels: Labels) -> Text:
    first = arguments[0]
    name = first.name if isinstance(first, Name) else None
    said = [_plain(first, labels)] + [_constant(item, name, labels, "") for item in arguments[1:]]
    pattern = _FUNCTIONS[function]
    return Text(
        pattern.zh.format(*(item.zh.strip() for item in said)), pattern.en.format(*(item.en for item in said))
    )


def _plain(node: Node, labels: Labels) -> Text:
    if isinstance(node, Name):
        return labels.get(node.name, Text(node.name, node.name))
    return in_words(node, labels)


def _constant(node: Node, name: str | None, labels: Labels, kind: str) -> Text:
    if isinstance(node, Literal):
        return constant_in_words(node.value, name, labels, days=kind == "days", instant=kind == "datetime")
    return _plain(node, labels)


def _operand(node: Node, labels: Labels) -> Text:
    said = _plain(node, labels)
    said = Text(said.zh.strip(), said.en)
    return Text(f"（{said.zh}）", f"({said.en})") if isinstance(node, Sum) else said


def _sum(terms: Sequence[tuple[int, Text]]) -> Text:
    zh = en = ""
    for index, (sign, said) in enumerate(terms):
        mark = ("" if sign > 0 else "-") if index == 0 else (" + " if sign > 0 else " - ")
        zh, en = zh + mark + said.zh, en + mark + said.en
    return Text(zh, en)


def _bracketed(node: Node, labels: Labels, around: type) -> Text:
    said = in_words(node, labels)
    return Text(f"（{said.zh}）", f"({said.en})") if isinstance(node, around) else said


def _yes(subject: Text, answer: bool) -> Text:
    return Text(f"{subject.zh}为“{'是' if answer else '否'}”", f"{subject.en} is {'yes' if answer else 'no'}")


def _spaced(left: Text, verb: Text, right: Text) -> Text:
    return Text(f"{left.zh.rstrip()}{verb.zh}{right.zh.rstrip()}", f"{left.en} {verb.en} {right.en}")


def joined(parts: Sequence[Text], by: Text) -> Text:
    """Join texts by a word, with a blank between a number and a Chinese word."""
    zh = [part.zh.strip() for part in parts]
    if not by.zh.startswith(" "):
        zh[:-1] = [f"{said} " if said[-1:].isascii() else said for said in zh[:-1]]  # 50000 并且
    return Text(by.zh.join(zh), by.en.join(part.en for part in parts))


def _kind(node: Node) -> str:
    found = type_of(node)
    return found.kind if found is not None else ""
