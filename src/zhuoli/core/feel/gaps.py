"""What a table forgets, claims twice, or says in vain: found exactly, shown by an example.

The walk goes from input to input and keeps, for each set of rules that are still possible, one way to get there. Sets
that come about in several ways are looked at once, so tables stay checkable that have far more combinations of values
than could be tried one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Literal

from zhuoli.core.feel.decide import columns_of, in_order
from zhuoli.core.feel.masks import Class, Other, bits
from zhuoli.core.feel.rules import ZERO_POLICIES, Rule, Rules
from zhuoli.core.feel.tree import Name, names_in
from zhuoli.core.feel.words import Labels, constant_in_words, in_words
from zhuoli.core.text import Mistake, Text

MAX_STATES = 200_000
MAX_SHOWN = 20
"""Gaps, and overlaps, that are listed at most."""

_State = dict[int, tuple[int, Class] | None]


def gaps_and_overlaps(table: Rules, labels: Labels) -> list[Mistake]:
    """Return the gaps, overlaps and idle rules of a table.

    A gap is an error where the policy needs a rule and there is no else row, an overlap under U, and under A if the
    outcomes differ. Where two headings read the same answer, an example may be impossible: these are warnings.
    """
    return _Walk(table, labels).mistakes()


class _Walk:
    def __init__(self, table: Rules, labels: Labels) -> None:
        self.table = table
        self.labels = labels
        self.rules = in_order(table)
        names = [name for each in table.inputs for name in names_in(each.node)]
        self.exact = len(set(names)) == len(names)
        self.classes: list[list[Class]] = []
        self.layers: list[_State] = [{(1 << len(self.rules)) - 1: None}]
        self.too_large = False
        for column in columns_of(table, self.rules):
            classes = column.classes()
            if classes is None or self.too_large:
                self.too_large = True
                return
            self.classes.append(classes)
            self._step(classes)

    def _step(self, classes: list[Class]) -> None:
        following: _State = {}
        work = 0
        for mask in self.layers[-1]:
            for each in classes:
                after = mask & each.mask
                if after not in following:
                    following[after] = (mask, each)
            work += len(classes)
            if len(following) > MAX_STATES or work > 50 * MAX_STATES:
                self.too_large = True
                return
        self.layers.append(following)

    def mistakes(self) -> list[Mistake]:
        if self.too_large:
            return [
                self._mistake(
                    "too_large_to_check",
                    0,
                    Text(
                        "这张表太大，无法检查遗漏和重叠",
                        "the table is too large to look for gaps and overlaps",
                    ),
                    Text("请拆成几张表", "split it into several tables"),
                    "warning",
                )
            ]
        found = list(self._idle())
        if self.table.policy not in ZERO_POLICIES and self.table.otherwise is None:
            found += self._gaps()
        if self.table.policy in ("U", "A"):
            found += self._overlaps()
        return found

    def _gaps(self) -> Iterator[Mistake]:
        reach: list[set[int]] = [{0}]
        for layer, classes in zip(reversed(self.layers[:-1]), reversed(self.classes), strict=True):
            later = reach[0]
            reach.insert(0, {mask for mask in layer if any(mask & each.mask in later for each in classes)})
        for path in islice(self._paths(0, (1 << len(self.rules)) - 1, [], reach), MAX_SHOWN):
            said = self._example(path)
            yield self._mistake(
                "gap",
                1,
                Text(f"没有规则适用于：{said.zh}", f"no rule fits {said.en}"),
                Text("请补充一条规则，或加一行 else（否则）", "add a rule for this, or an else row"),
                "error" if self.exact else "warning",
            )

    def _paths(
        self, depth: int, mask: int, path: list[Class], reach: list[set[int]]
    ) -> Iterator[list[Class]]:
        if mask == 0:
            yield list(path)
        elif depth < len(self.classes):
            for each in self.classes[depth]:
                if mask & each.mask in reach[depth + 1]:
                    yield from self._paths(depth + 1, mask & each.mask, [*path, each], reach)

    def _overlaps(self) -> Iterator[Mistake]:
        seen: set[tuple[int, int]] = set()
        for mask in self.layers[-1]:
            if mask & (mask - 1) == 0:
                continue
            hits = list(bits(mask))
            for place, one in enumerate(hits):
                for two in hits[place + 1 :]:
                    if (one, two) in seen or len(seen) >= MAX_SHOWN:
                        continue
                    first, second = self.rules[one], self.rules[two]
                    if self.table.policy == "A" and first.outputs == second.outputs:
                        continue
                    seen.add((one, two))
                    yield self._overlap(first, second, mask)

    def _overlap(self, first: Rule, second: Rule, mask: int) -> Mistake:
        said = self._example(self._way(mask))
        a, b = first.number, second.number
        differ = self.table.policy == "A"
        return self._mistake(
            "overlap",
            second.line,
            Text(
                f"规则 {a} 和规则 {b} 同时适用于：{said.zh}" + ("，而结论不同" if differ else ""),
                f"rules {a} and {b} both fit {said.en}" + (", with different outcomes" if differ else ""),
            ),
            Text(
                "请修改其中一条的条件，或改用命中策略 F",
                "change the conditions of one of them, or use the hit policy F",
            ),
            "error" if self.exact else "warning",
        )

    def _idle(self) -> Iterator[Mistake]:
        possible = 0
        winners = 0
        covering: dict[int, set[int]] = {}
        first_only = self.table.policy in ("F", "P")
        for mask in self.layers[-1]:
            possible |= mask
            winner = mask & -mask
            winners |= winner
            if first_only and mask:
                for bit in bits(mask ^ winner):
                    covering.setdefault(bit, set()).add(winner.bit_length() - 1)
        for bit, rule in enumerate(self.rules):
            if not possible >> bit & 1:
                message = Text(
                    f"规则 {rule.number} 永远不会适用：没有这样的值",
                    f"rule {rule.number} can never fire: no value fits it",
                )
            elif first_only and not winners >> bit & 1:
                numbers = sorted(self.rules[other].number for other in covering.get(bit, ()))
                zh, en = "、".join(map(str, numbers)), ", ".join(map(str, numbers))
                which = f"rule {en} covers" if len(numbers) == 1 else f"rules {en} cover"
                message = Text(
                    f"规则 {rule.number} 永远不会适用：已被规则 {zh} 覆盖",
                    f"rule {rule.number} can never fire: {which} it",
                )
            else:
                continue
            yield self._mistake(
                "never_fires",
                rule.line,
                message,
                Text("请删去它，或移到前面", "take it out, or move it up"),
                "warning",
            )

    def _way(self, mask: int) -> list[Class]:
        path: list[Class] = []
        for layer in reversed(self.layers[1:]):
            step = layer[mask]
            if step is None:
                break
            mask = step[0]
            path.append(step[1])
        return path[::-1]

    def _example(self, path: list[Class]) -> Text:
        zh: list[str] = []
        en: list[str] = []
        for each, step in zip(self.table.inputs, path, strict=False):
            label = self.labels.get(each.text) or in_words(each.node, self.labels)
            if isinstance(each.node, Name):
                label = self.labels.get(each.node.name, Text(each.node.name, each.node.name))
            value = self._value(
                step.example, each.node.name if isinstance(each.node, Name) else None, each.type.kind
            )
            zh.append(f"{label.zh} = {value.zh.strip()}")
            en.append(f"{label.en} = {value.en}")
        rest = len(self.table.inputs) - len(path)
        if not zh:
            return Text("任何值", "any value")
        return Text(
            "，".join(zh) + ("，其余任意" if rest else ""),
            ", ".join(en) + (", whatever else" if rest else ""),
        )

    def _value(self, example: Any, name: str | None, kind: str) -> Text:
        if isinstance(example, Other):
            return Text("其他文字", "any other text")
        if isinstance(example, tuple):
            if not example:
                return Text("一项未选", "nothing chosen")
            said = [constant_in_words(item, name, self.labels) for item in example]
            return Text("、".join(item.zh for item in said), " and ".join(item.en for item in said))
        return constant_in_words(example, name, self.labels, days=kind == "days", instant=kind == "datetime")

    def _mistake(
        self, code: str, line: int, message: Text, remedy: Text, severity: Literal["error", "warning"]
    ) -> Mistake:
        return Mistake(
            code=code, message=message, remedy=remedy, file=self.table.file, line=line, severity=severity
        )
