"""One register as its descriptor tells it. Keys are those of Table Schema v2 where it has one."""

from __future__ import annotations

from typing import Literal

import msgspec

from zhuoli.core.text import Text

FORMAT = 1

Type = Literal["string", "integer", "number", "boolean", "date", "datetime"]
Format = Literal["", "credit_code", "division", "plate", "resident_id"]
Subject = Literal["place", "organisation", "vehicle_class", "account", "case", "unit", "post"]

SUBJECTS: dict[str, Text] = {
    "place": Text("地方", "a place"),
    "organisation": Text("单位或企业", "an organisation"),
    "vehicle_class": Text("专项行动点名的车辆类别", "a vehicle class named by a campaign"),
    "account": Text("报案中被诈骗使用的账户", "an account reported as used in a fraud"),
    "case": Text("事项", "a case"),
    "unit": Text("办理单位", "a unit"),
    "post": Text("岗位", "a post"),
}
"""What a row, and what a query finds, may be about. A person is not among them."""


class _Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whatever is written in a descriptor."""


class Category(_Base, frozen=True, kw_only=True):
    """One allowed value of a field and what it is called."""

    value: str
    label: Text


class Constraints(_Base, frozen=True, kw_only=True):
    """What a value must hold to. ``minimum`` and ``maximum`` are numbers, or dates as ``2024-03-01``."""

    required: bool = False
    unique: bool = False
    minimum: int | float | str | None = None
    maximum: int | float | str | None = None
    shortest: int | None = None
    longest: int | None = None
    pattern: str = ""


class Field(_Base, frozen=True, kw_only=True):
    """One column. A personal field is masked wherever it is shown, and says why it is needed at all."""

    name: str
    title: Text
    type: Type = "string"
    format: Format = ""
    description: Text | None = None
    constraints: Constraints = Constraints()
    categories: tuple[Category, ...] = ()
    personal: bool = False
    purpose: Text | None = None

    def label(self, value: str) -> Text:
        """What a category is called; the value itself where it has no name."""
        return next((one.label for one in self.categories if one.value == value), Text(value, value))


class Reference(_Base, frozen=True, kw_only=True):
    """The fields of another register; ``resource`` is its id, empty for the register itself."""

    resource: str
    fields: tuple[str, ...]


class ForeignKey(_Base, frozen=True, kw_only=True):
    """Fields whose values must stand in another register."""

    fields: tuple[str, ...]
    reference: Reference


class Deletion(_Base, frozen=True, kw_only=True):
    """When a row is deleted: so many days after the date in the field ``by``, for the stated reason."""

    after_days: int
    by: str
    ground: Text


class Register(_Base, frozen=True, kw_only=True):
    """One register. ``partition`` is the field after which its files are parted (a division, a date or a category).

    ``fresh_days`` is how old the data may be before its page says that they are old. ``fed_by`` tells where rows come
    from: files that somebody imports, or the software's own ledger.
    """

    format: int
    register: str
    title: Text
    description: Text
    subject: Subject
    purpose: Text
    source: Text
    fresh_days: int
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    missing_values: tuple[str, ...] = ()
    partition: str = ""
    deletion: Deletion | None = None
    fed_by: Literal["import", "loop"] = "import"

    def field(self, name: str) -> Field | None:
        """Return one field, or None."""
        return next((one for one in self.fields if one.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in their order."""
        return tuple(one.name for one in self.fields)

    @property
    def personal(self) -> tuple[str, ...]:
        """The names of the personal fields."""
        return tuple(one.name for one in self.fields if one.personal)
