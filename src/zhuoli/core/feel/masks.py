"""Which rules a value allows, as the bits of an integer: bit *i* stands for the *i*-th rule.

The values of an input fall into few classes between which no cell tells a difference: each choice, each number that
a cell names, each stretch between two of them. A class has one mask. Deciding is then one look-up per input and an
``&``; looking for gaps and overlaps is a walk over the classes.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from zhuoli.core.feel.tree import Exactly, Literal, Within
from zhuoli.core.feel.types import Type

MAX_MANY_CLASSES = 5000


class Other(msgspec.Struct, frozen=True):
    """Any text that no cell names."""


class Class(msgspec.Struct, frozen=True):
    """Values between which no rule tells a difference: their mask, and one of them."""

    mask: int
    example: Any


class Column:
    """The cells of one input, top to bottom. ``everything`` is the mask of all rules, ``free`` of those with ``-``."""

    def __init__(self, kind: Type, cells: Sequence[Within]) -> None:
        self.kind = kind
        self.cells = cells
        self.everything = (1 << len(cells)) - 1
        self.free = _mask(not cell.tests for cell in cells)
        self.constants = sorted(
            {
                value
                for cell in cells
                for test in cell.tests
                for part in ((test.value,) if isinstance(test, Exactly) else (test.low, test.high))
                if isinstance(part, Literal) and (value := part.value) is not None
            },
            key=lambda value: (str(type(value)) if isinstance(value, bool | str) else "", value),
        )
        match kind.kind:
            case "number" | "date" | "datetime" | "days":
                self.between = _between_masks(cells, self.constants)
            case "many":
                self.included = {value: self._including(value, negated=False) for value in self.constants}
                self.excluded = {value: self._including(value, negated=True) for value in self.constants}
                self.without = _mask(not cell.tests or cell.negated for cell in cells)
            case _:
                values = [True, False] if kind.kind == "boolean" else kind.values or self.constants
                self.exact = {value: _mask(_holds(cell, value) for cell in cells) for value in values}
                self.other = _mask(not cell.tests or cell.negated for cell in cells)

    @property
    def is_free(self) -> bool:
        """Tell whether no rule looks at this input."""
        return self.free == self.everything

    def mask(self, value: Any) -> int:
        """Return the rules that allow a value of the column's type."""
        match self.kind.kind:
            case "number" | "date" | "datetime" | "days":
                return self.between[bisect_left(self.constants, value) + bisect_right(self.constants, value)]
            case "many":
                included = excluded = 0
                for item in value:
                    included |= self.included.get(item, 0)
                    excluded |= self.excluded.get(item, 0)
                return (self.without | included) & ~excluded
            case "text":
                return self.exact.get(value, self.other)
            case _:
                return self.exact[value]

    def classes(self) -> list[Class] | None:
        """Return the classes of values that can occur; ``None`` if there are too many to look through."""
        found: Iterator[Class]
        match self.kind.kind:
            case "number" | "date" | "datetime" | "days":
                found = self._stretches()
            case "many":
                states = self._subsets()
                if states is None:
                    return None
                found = iter(states)
            case "text":
                found = iter(
                    [Class(mask, value) for value, mask in self.exact.items()] + [Class(self.other, Other())]
                )
            case _:
                found = iter([Class(mask, value) for value, mask in self.exact.items()])
        merged: dict[int, Class] = {}
        for each in found:
            merged.setdefault(each.mask, each)
        return list(merged.values())

    def _including(self, value: Any, *, negated: bool) -> int:
        return _mask(
            bool(cell.tests) and cell.negated == negated and value in _values(cell) for cell in self.cells
        )

    def _stretches(self) -> Iterator[Class]:
        points = self.constants
        for index, mask in enumerate(self.between):
            if index % 2:
                point = points[index // 2]
                if _can_occur(self.kind, point):
                    yield Class(mask, point)
            else:
                low = points[index // 2 - 1] if index else None
                high = points[index // 2] if index // 2 < len(points) else None
                example = _between(self.kind, low, high)
                if example is not None:
                    yield Class(mask, example)

    def _subsets(self) -> list[Class] | None:
        states: dict[tuple[int, int], tuple[str, ...]] = {(0, 0): ()}
        for value in self.constants:
            for (included, excluded), example in list(states.items()):
                state = (included | self.included[value], excluded | self.excluded[value])
                states.setdefault(state, (*example, str(value)))
            if len(states) > MAX_MANY_CLASSES:
                return None
        return [
            Class((self.without | included) & ~excluded, example)
            for (included, excluded), example in states.items()
        ]


def bits(mask: int) -> Iterator[int]:
    """Return the places of the bits that are set, from the lowest."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def lookup(
    column: Column, limits: tuple[Any, Any] | None
) -> tuple[list[Any], list[int | None], Callable[..., int] | None]:
    """Return bounds, masks and the one bisection that finds the mask of a number or date; ``None`` if it needs both.

    ``limits`` are the first values that are out of range on either side; their masks are ``None``.
    """
    bounds: list[Any] = list(column.constants)
    masks: list[int | None] = list(column.between)
    points, stretches = masks[1::2], masks[0::2]
    if points == stretches[1:]:
        if limits is None:
            return bounds, stretches, bisect_right
        return [limits[0] + 1, *bounds, limits[1]], [None, *stretches, None], bisect_right
    if points == stretches[:-1]:
        if limits is None:
            return bounds, stretches, bisect_left
        return [limits[0], *bounds, limits[1] - 1], [None, *stretches, None], bisect_left
    if limits is None:
        return bounds, masks, None
    return [limits[0], *bounds, limits[1]], [None, None, *masks, None, None], None


def _mask(holds: Any) -> int:
    return sum(1 << index for index, each in enumerate(holds) if each)


def _values(cell: Within) -> list[Any]:
    return [
        test.value.value
        for test in cell.tests
        if isinstance(test, Exactly) and isinstance(test.value, Literal)
    ]


def _holds(cell: Within, value: Any) -> bool:
    return not cell.tests or (value in _values(cell)) != cell.negated


def _between_masks(cells: Sequence[Within], points: Sequence[Any]) -> list[int]:
    """Return the mask at each point (odd places) and on each stretch between points (even places)."""
    size = 2 * len(points) + 1
    begin, end = [0] * (size + 1), [0] * (size + 1)
    for bit, cell in enumerate(cells):
        for first, last in _stretches_of(cell, points):
            begin[first] |= 1 << bit
            end[last + 1] |= 1 << bit
    masks, current = [], 0
    for place in range(size):
        current = (current & ~end[place]) | begin[place]
        masks.append(current)
    return masks


def _stretches_of(cell: Within, points: Sequence[Any]) -> list[tuple[int, int]]:
    """Return the places, first to last, where a cell holds: apart from each other, in order."""
    end = 2 * len(points)
    if not cell.tests:
        return [(0, end)]

    def at(part: Any) -> int:
        return 2 * bisect_left(points, part.value) + 1

    spans = []
    for test in cell.tests:
        if isinstance(test, Exactly):
            spans.append((at(test.value), at(test.value)))
        else:
            first = 0 if test.low is None else at(test.low) + (not test.low_closed)
            last = end if test.high is None else at(test.high) - (not test.high_closed)
            spans.append((first, last))
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    if not cell.negated:
        return joined
    edges = [-1, *(edge for span in joined for edge in span), end + 1]
    return [(a + 1, b - 1) for a, b in zip(edges[::2], edges[1::2], strict=True) if a + 1 <= b - 1]


def _can_occur(kind: Type, value: Any) -> bool:
    if kind.low is not None and value < kind.low:
        return False
    if kind.high is not None and value > kind.high:
        return False
    return not kind.whole or value == int(value)


def _between(kind: Type, low: Any, high: Any) -> Any:
    """Return a value strictly between two, or ``None`` if there is none."""
    if kind.kind == "date":
        first = datetime.date.min.toordinal() - 1 if low is None else low.toordinal()
        last = datetime.date.max.toordinal() + 1 if high is None else high.toordinal()
        if last - first < 2:
            return None
        if low is not None:
            return datetime.date.fromordinal(first + 1)
        return datetime.date.fromordinal(last - 1) if high is not None else datetime.date(2026, 1, 1)
    whole = kind.whole or kind.kind != "number"
    candidates: list[Any] = []
    if low is not None:
        candidates += [int(low // 1) + 1]
    if high is not None:
        candidates += [-int(-high // 1) - 1]
    candidates += [kind.low, kind.high, 0, 1]
    start = low if low is not None and (kind.low is None or low >= kind.low) else kind.low
    stop = high if high is not None and (kind.high is None or high <= kind.high) else kind.high
    if start is not None:
        candidates += [int(start // 1) + 1]
    if start is not None and stop is not None and not whole:
        middle = Fraction(start) + (Fraction(stop) - Fraction(start)) / 2
        candidates.append(Decimal(round(middle * 10**6)).scaleb(-6).normalize())
    for value in candidates:
        if value is None or (low is not None and value <= low) or (high is not None and value >= high):
            continue
        if _can_occur(kind, value):
            return value
    return None
