"""From tokens to a tree, by recursive descent. One grammar for conditions, calculations and the cells of tables.

    condition  = and { "or" and }
    and        = not { "and" not }
    not        = "not" not | comparison
    comparison = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum | [ "not" ] "in" set ]
    set        = range | "(" tests ")"
    tests      = test { "," test }
    test       = ("<" | "<=" | ">" | ">=") sum | range | sum
    range      = ("[" | "(" | "]") sum ".." sum ("]" | ")" | "[")
    sum        = product { ("+" | "-") product }
    product    = factor { "*" factor }
    factor     = number | text | true | false | "-" factor | name | name "(" arguments ")" | "(" condition ")"
    cell       = "-" | tests | "not" "(" tests ")"

The tests are those of DMN's S-FEEL (OMG DMN 1.4, section 9), which is why a cell reads as in other DMN tools.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NoReturn

from zhuoli.core.feel.tokens import Token, tokenize
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
    Span,
    Sum,
    Test,
    Within,
)
from zhuoli.core.text import Mistake, Text

MAX_DEPTH = 20
"""Brackets within brackets, at most."""
MAX_TERMS = 20
"""Terms of one sum and factors of one product, at most."""

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_ORDERS = frozenset({"<", "<=", ">", ">="})


def parse(text: str, mistakes: list[Mistake], declared: frozenset[str] = frozenset()) -> Node | None:
    """Return the tree of a condition or calculation; ``None`` if it could not be read (see ``mistakes``)."""
    parser = _Parser(text, mistakes, declared)
    return parser.whole(parser.condition) if parser.readable else None


def parse_cell(
    text: str, value: Node, mistakes: list[Mistake], declared: frozenset[str] = frozenset()
) -> Within | None:
    """Return the tests of a table's cell on ``value``; no tests stand for ``-``, anything."""
    parser = _Parser(text, mistakes, declared)
    if not parser.readable:
        return None
    if [token.text for token in parser.tokens] == ["-", ""]:
        return Within(1, value, ())
    found = parser.whole(lambda: parser.cell(value))
    return found if isinstance(found, Within) else None


class _Stop(Exception):
    """The text cannot be read any further."""


class _Parser:
    def __init__(self, text: str, mistakes: list[Mistake], declared: frozenset[str]) -> None:
        self.mistakes = mistakes
        self.tokens = tokenize(text, mistakes, declared)
        self.place = 0
        self.depth = 0
        self.readable = not any(found.code == "too_long" for found in mistakes)
        if len(self.tokens) == 1 and self.readable:
            self.readable = False
            self._mistake("empty", Text("这里什么也没写", "nothing is written here"), _EMPTY_REMEDY)

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def whole(self, part: Callable[[], Node]) -> Node | None:
        try:
            node = part()
            if self.token.kind != "end":
                self._unexpected()
        except _Stop:
            return None
        return node

    def cell(self, value: Node) -> Within:
        at = self.token.at
        if self.token.text == "not" and self.token.kind == "keyword":
            self.place += 1
            self._expect("(")
            tests = self._tests()
            self._expect(")")
            return Within(at, value, tests, True)
        return Within(at, value, self._tests())

    def condition(self) -> Node:
        at = self.token.at
        items = [self._and()]
        while self._take("keyword", "or"):
            items.append(self._and())
        return items[0] if len(items) == 1 else Or(at, tuple(items))

    def _and(self) -> Node:
        at = self.token.at
        items = [self._not()]
        while self._take("keyword", "and"):
            items.append(self._not())
        return items[0] if len(items) == 1 else And(at, tuple(items))

    def _not(self) -> Node:
        at = self.token.at
        count = 0
        while self._take("keyword", "not"):
            count += 1
        item = self._comparison()
        return Not(at, item) if count % 2 else item

    def _comparison(self) -> Node:
        at = self.token.at
        left = self._sum()
        token = self.token
        if token.kind == "op" and token.text in _COMPARISONS:
            self.place += 1
            right = self._sum()
            if self.token.kind == "op" and self.token.text in _COMPARISONS:
                self._fail(
                    "chained_comparison",
                    Text("一次只能比较两个值", "only two values can be compared at a time"),
                    Text(
                        "请写成 x in [1..3]，或用 and 连接两个比较",
                        "write x in [1..3], or join two comparisons by and",
                    ),
                )
            return Compare(at, token.text, left, right)
        negated = False
        if token.kind == "keyword" and token.text == "not" and self.tokens[self.place + 1].text == "in":
            negated = True
            self.place += 1
        if self._take("keyword", "in"):
            return Within(at, left, self._set(), negated)
        return left

    def _set(self) -> tuple[Test, ...]:
        if self.token.kind == "op" and self.token.text in "[]":
            return (self._test(),)
        if self.token.text != "(" or self.token.kind != "op":
            self._fail(
                "expected_set",
                Text("in 后面应是一组值或一个区间", "a list of values or a range must follow in"),
                Text('请写成 in ("甲", "乙") 或 in [1..5]', 'write in ("a", "b") or in [1..5]'),
            )
        opened = self.token
        self.place += 1
        first = self._test()
        if isinstance(first, Exactly) and self._take("op", ".."):
            return (self._range_end(opened, first.value),)
        tests = [first]
        while self._take("op", ","):
            tests.append(self._test())
        self._expect(")")
        return tuple(tests)

    def _tests(self) -> tuple[Test, ...]:
        tests = [self._test()]
        while self._take("op", ","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> Test:
        token = self.token
        if token.kind == "op" and token.text in _ORDERS:
            self.place += 1
            value = self._sum()
            closed = token.text.endswith("=")
            if token.text.startswith("<"):
                return Span(token.at, None, False, value, closed)
            return Span(token.at, value, closed, None, False)
        if token.kind == "op" and token.text in ("=", "!="):
            right = Text(
                "相等时只写值；不等时写 not(…)", "write the value alone for equal, not(…) for not equal"
            )
            self._fail(
                "unexpected", Text(f"这里不用写“{token.text}”", f'"{token.text}" is not written here'), right
            )
        if token.kind == "op" and token.text in ("[", "]"):
            self.place += 1
            low = self._sum()
            if not self._take("op", ".."):
                self._fail("expected_range", Text("区间缺少“..”", 'the range has no ".."'), _RANGE_REMEDY)
            return self._range_end(token, low)
        if token.kind == "op" and token.text == "(":
            start = self.place
            self.place += 1
            self._deeper()
            low = self._sum()
            self.depth -= 1
            if self._take("op", ".."):
                return self._range_end(token, low)
            self.place = start
        return Exactly(token.at, self._sum())

    def _range_end(self, opened: Token, low: Node) -> Span:
        high = self._sum()
        token = self.token
        if token.kind != "op" or token.text not in ("]", ")", "["):
            self._fail("expected_range", Text("区间没有结束", "the range is not closed"), _RANGE_REMEDY)
        self.place += 1
        return Span(opened.at, low, opened.text == "[", high, token.text == "]")

    def _sum(self) -> Node:
        at = self.token.at
        terms = [(1, self._product())]
        while self.token.kind == "op" and self.token.text in ("+", "-"):
            sign = 1 if self.token.text == "+" else -1
            self.place += 1
            terms.append((sign, self._product()))
        self._few(len(terms))
        return terms[0][1] if len(terms) == 1 else Sum(at, tuple(terms))

    def _product(self) -> Node:
        at = self.token.at
        factors = [self._factor()]
        while self._take("op", "*"):
            factors.append(self._factor())
        self._few(len(factors))
        return factors[0] if len(factors) == 1 else Product(at, tuple(factors))

    def _factor(self) -> Node:
        token = self.token
        self.place += 1
        if token.value is not None:
            return Literal(token.at, token.value)
        if token.kind == "keyword" and token.text.lower() in ("true", "false"):
            return Literal(token.at, token.text.lower() == "true")
        if token.kind == "name":
            if self._take("op", "("):
                return self._call(token)
            return Name(token.at, token.text)
        if token.kind == "op" and token.text == "(":
            self._deeper()
            inside = self.condition()
            self.depth -= 1
            self._expect(")")
            return inside
        if token.kind == "op" and token.text == "-":
            self._deeper()
            inside = self._factor()
            self.depth -= 1
            if (
                isinstance(inside, Literal)
                and isinstance(inside.value, int | Decimal)
                and not isinstance(inside.value, bool)
            ):
                return Literal(token.at, -inside.value)
            return Sum(token.at, ((-1, inside),))
        self.place -= 1
        return self._unexpected()

    def _call(self, name: Token) -> Node:
        arguments: list[Node] = []
        self._deeper()
        if not self._take("op", ")"):
            arguments.append(self.condition())
            while self._take("op", ","):
                arguments.append(self.condition())
            self._expect(")")
        self.depth -= 1
        return Call(name.at, name.text, tuple(arguments))

    def _take(self, kind: str, text: str) -> bool:
        if self.token.kind == kind and self.token.text == text:
            self.place += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._take("op", text):
            self._fail(
                "expected",
                Text(
                    f"这里应是“{text}”，{_found(self.token).zh}",
                    f'"{text}" is missing here, {_found(self.token).en}',
                ),
                Text(f"请补上“{text}”", f'add "{text}"'),
            )

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._fail(
                "too_deep",
                Text(
                    f"括号套了 {MAX_DEPTH} 层以上",
                    f"there are more than {MAX_DEPTH} brackets within brackets",
                ),
                Text("请拆成几个计算项，或改用决策表", "split it into calculations, or use a decision table"),
            )

    def _few(self, count: int) -> None:
        if count > MAX_TERMS:
            self._fail(
                "too_many_terms",
                Text(f"一个算式最多 {MAX_TERMS} 项", f"a sum or product has at most {MAX_TERMS} parts"),
                Text("请拆成几个计算项", "split it into calculations"),
            )

    def _unexpected(self) -> NoReturn:
        token = self.token
        remedy = Text("请检查这里前后是否漏写或多写", "look for something missing or superfluous around here")
        if (
            token.kind in ("name", "text", "number")
            and self.place
            and self.tokens[self.place - 1].kind == "name"
        ):
            before = self.tokens[self.place - 1].text
            remedy = Text(
                f"“{before}”后面缺少比较符号（如 =）或 and / or",
                f'a sign such as = or and / or is missing after "{before}"',
            )
        elif token.kind == "end":
            remedy = Text("请把表达式写完", "finish the expression")
        self._fail(
            "unexpected", Text(f"读不懂：{_found(token).zh}", f"cannot be read: {_found(token).en}"), remedy
        )

    def _fail(self, code: str, message: Text, remedy: Text) -> NoReturn:
        if not any(found.code in _CONFUSING for found in self.mistakes):
            self._mistake(code, message, remedy)
        raise _Stop

    def _mistake(self, code: str, message: Text, remedy: Text) -> None:
        self.mistakes.append(Mistake(code=code, message=message, remedy=remedy, column=self.token.at))


def _found(token: Token) -> Text:
    if token.kind == "end":
        return Text("到这里就结束了", "the text ends here")
    shown = token.text if len(token.text) <= 40 else token.text[:40] + "…"
    return Text(f"这里是“{shown}”", f'found "{shown}"')


_CONFUSING = frozenset({"unknown_character", "unclosed_text"})
"""After one of these, what the grammar misses is a consequence and no second mistake."""
_EMPTY_REMEDY = Text(
    "请写一个条件；表格中表示“不限”请写 -", "write a condition; in a table write - for anything"
)
_RANGE_REMEDY = Text("请写成 [1..5]、(1..5] 或 [1..5)", "write [1..5], (1..5] or [1..5)")
