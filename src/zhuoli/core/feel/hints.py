"""What an author may have meant: suggestions and remedies."""

from __future__ import annotations

import datetime
import difflib
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from zhuoli.core.feel.tree import Literal, Node
from zhuoli.core.feel.types import Type
from zhuoli.core.text import Mistake, Text


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant."""
    words = list(known)
    folded = {unicodedata.normalize("NFKC", other).casefold(): other for other in words}
    plain = unicodedata.normalize("NFKC", word).casefold()
    if plain in folded:
        return folded[plain]
    tails = [other for other in words if other.rpartition(".")[2] == word.rpartition(".")[2]]
    if len(tails) == 1:
        return tails[0]
    close = difflib.get_close_matches(plain, folded, n=1, cutoff=0.5)
    return folded[close[0]] if close else None


def unknown_name(word: str, names: Iterable[str], at: int) -> Mistake:
    """Return the mistake for a name that is not declared."""
    known = sorted(names)
    near = suggestion(word, known)
    if near is not None:
        remedy = Text(f"是不是“{near}”?", f'did you mean "{near}"?')
    else:
        shown = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
        remedy = Text(
            f"可用的名称：{shown}" if shown else "这里没有可用的名称", f"known names: {shown or 'none'}"
        )
    return Mistake(
        code="unknown_name",
        message=Text(f"没有名为“{word}”的项", f'there is nothing named "{word}"'),
        remedy=remedy,
        column=at,
    )


def unknown_choice(word: str, values: tuple[str, ...], at: int) -> Mistake:
    """Return the mistake for a value that is not among the choices."""
    near = suggestion(word, values)
    if near is not None:
        remedy = Text(f'是不是 "{near}"?', f'did you mean "{near}"?')
    else:
        shown = ", ".join(f'"{value}"' for value in values[:12]) + (" …" if len(values) > 12 else "")
        remedy = Text(f"可选的值：{shown}", f"the choices are {shown}")
    return Mistake(
        code="unknown_choice",
        message=Text(f'"{word}" 不在可选的值之中', f'"{word}" is not one of the choices'),
        remedy=remedy,
        column=at,
    )


def mismatch(one: Type, two: Type) -> Text:
    """Say that two types cannot be compared."""
    a, b = plain_kind(one), plain_kind(two)
    return Text(f"{a.zh}不能与{b.zh}比较", f"{a.en} cannot be compared with {b.en}")


def plain_kind(kind: Type) -> Text:
    """Say a type without its choices."""
    if kind.kind == "choice":
        return Text("单选题", "a question with one answer")
    if kind.kind == "many":
        return Text("多选题", "a question with many answers")
    return Type(kind.kind).in_words()


def mismatch_remedy(one: Type, two: Type, left: Node, right: Node) -> Text:
    """Say what to write instead where two types cannot be compared."""
    for this, other in ((one, right), (two, left)):
        if isinstance(other, Literal) and isinstance(other.value, str):
            if this.kind == "date" and is_date(other.value):
                return Text(f'请写成 date("{other.value}")', f'write date("{other.value}")')
            if this.kind == "number":
                try:
                    plain_number = f"{Decimal(other.value):f}"
                except ArithmeticError:
                    continue
                return Text(f"数字不加引号：{plain_number}", f"write a number without quotes: {plain_number}")
            if this.kind == "boolean":
                return Text("请写 true 或 false，不加引号", "write true or false without quotes")
    kinds = {one.kind, two.kind}
    if kinds == {"date", "datetime"}:
        return Text("请用 date(时刻) 取出日期", "take the date by date(point in time)")
    if kinds == {"days", "number"}:
        return Text("天数请写成 days(3) 的样子", "write a number of days like days(3)")
    if "many" in kinds:
        return Text(
            '请写成 contains(名称, "值") 或 count(名称)', 'write contains(name, "value") or count(name)'
        )
    if kinds <= {"text", "choice", "number"} and isinstance(right, Literal):
        return Text(
            f'若是编码，请加引号："{right.value}"', f'if it is a code, put it in quotes: "{right.value}"'
        )
    return Text("两边应是同一种类型", "both sides must be of the same type")


def is_date(written: str) -> bool:
    """Tell whether a text is a date as 2026-01-31."""
    try:
        return datetime.date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False
