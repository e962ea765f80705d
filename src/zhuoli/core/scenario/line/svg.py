"""Writes SVG: elements with attributes, text escaped, numbers short. Knows nothing of what is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

Value = str | int | float | None


class Element:
    """One element; attributes that are ``None`` are left out, ``class_`` and ``text_anchor`` lose their signs."""

    __slots__ = ("attributes", "children", "tag", "text")

    def __init__(
        self, tag: str, children: Iterable[Element] = (), text: str = "", **attributes: Value
    ) -> None:
        self.tag = tag
        self.children = list(children)
        self.text = text
        self.attributes = attributes

    def add(self, *more: Element) -> Element:
        """Add children and give the element back."""
        self.children.extend(more)
        return self

    def write(self) -> str:
        """The element as text, without blanks between elements."""
        names = "".join(
            f" {_name(name)}={quoteattr(_value(value))}"
            for name, value in self.attributes.items()
            if value is not None
        )
        inside = escape(self.text) + "".join(child.write() for child in self.children)
        return f"<{self.tag}{names}>{inside}</{self.tag}>" if inside else f"<{self.tag}{names}/>"


def path(*steps: tuple[str | float, ...]) -> str:
    """The data of a path: ``path(("M", 1, 2), ("C", …))``."""
    return " ".join(str(step[0]) + " ".join(_value(number) for number in step[1:]) for step in steps)


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-") if name != "viewBox" else name


def _value(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".rstrip("0").rstrip(".")
    return str(value)
