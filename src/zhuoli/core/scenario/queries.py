"""What a scenario with a query declares: what it reads, finds and opens; and its servings, one row of ``servings.csv`` each.

The query itself is the text of ``query.sql``; whether it may be run is looked at where the registers are known
(``zhuoli.lake.query_check``).
"""

from __future__ import annotations

import csv
import io
import re
from typing import Any, Literal

import msgspec

from zhuoli.core.text import Text

Subject = Literal["place", "organisation", "vehicle_class", "account", "case", "unit", "post"]
"""What a query may find. A person is not among them, and never will be."""

REQUIRED = ("serving", "subject", "territory", "reason_zh", "reason_en")
"""The columns that every query gives."""
BUILT_IN = ("serving", "territory", "today")
"""What the relation ``serving`` holds besides the parameters: its id, its territory (digits that the codes begin with), the day."""
_SERVING = re.compile(r"[a-z][a-z0-9_]{0,39}")
TERRITORY = re.compile(r"62([0-9]{2}([0-9]{2}([0-9]{3})?)?)?")
"""What the codes of a serving's territory may begin with: the province, a city, a county, a town or street."""
DIGITS = {"county": 6, "town": 9}
"""How many digits of the code the smallest territory has that a query can be served for."""


class QueryParameter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number that whoever serves the query may set, within its range."""

    title: Text
    default: int
    minimum: int
    maximum: int
    unit: Text | None = None

    def read(self, written: str) -> int | None:
        """Return the number that is written, or None where it is none within the range."""
        number = int(written) if re.fullmatch(r"-?[0-9]{1,9}", written := written.strip()) else None
        return number if number is not None and self.minimum <= number <= self.maximum else None

    def told(self, value: int) -> Text:
        """Say the parameter with a value: 过期多少天才算 30 天, "Pieces at least 2"; in English a unit that the title names is not said again."""
        unit = self.unit or Text("", "")
        stem = unit.en.lower().removesuffix("s")
        en = "" if stem and stem in self.title.en.lower() else unit.en
        return Text(f"{self.title.zh} {value} {unit.zh}".rstrip(), f"{self.title.en} {value} {en}".rstrip())


class PrecisionAim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How precise a query must be: the ``floor`` in percent, looked at once so many hits have a verdict (``verdicts``)."""

    floor: int = 60
    verdicts: int = 20


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``query.sql`` finds.

    ``same`` is the column by which two hits are the same. ``answers`` gives each question of the intake form its column.
    ``smallest`` is the smallest territory that it can be served for: its registers know at least so much of where things are.
    At most ``most`` cases are opened at one run. Below its ``precision`` the query is proposed for retirement. ``confirmed``,
    ``not_so`` and ``duplicate`` name the results of cases that are the handling officer's verdict on a hit.
    """

    subject: Subject
    finds: Text
    reads: tuple[str, ...]
    personal: dict[str, Text] = {}
    parameters: dict[str, QueryParameter] = {}
    same: str = "subject"
    smallest: Literal["county", "town"] = "county"
    answers: dict[str, str]
    evidence: dict[str, Text] = {}
    most: int = 200
    precision: PrecisionAim = PrecisionAim()
    confirmed: tuple[str, ...]
    not_so: tuple[str, ...]
    duplicate: tuple[str, ...] = ()


class Find(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A worked example of a query: tiny registers in, exact hits out.

    ``registers`` gives a few rows of each register as CSV with a heading line; columns that are left out are empty, and so
    are registers. ``today`` is the day of the run. All servings on the shelf are run. ``finds`` lists every hit that must come out, each
    with ``serving``, ``subject`` and as many other columns as the author wants to see.
    """

    title: Text
    today: str
    registers: dict[str, str]
    finds: tuple[dict[str, Any], ...] = ()


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter set on the shelf; ``territory`` is what the codes begin with, ``values`` the parameters that differ."""

    id: str
    title: Text
    territory: str
    values: dict[str, int]


class BadServing(ValueError):
    """A row of ``servings.csv`` cannot be used: ``code`` and its values, at ``line`` and ``column`` (from 1)."""

    def __init__(self, code: str, line: int, column: int, **values: object) -> None:
        super().__init__(code)
        self.code, self.line, self.column, self.values = code, line, column, values


def read_servings(text: str, query: Query) -> tuple[list[Serving], list[BadServing]]:
    """Read ``servings.csv``: ``serving``, ``title.zh``, ``title.en``, ``territory`` and any of the parameters."""
    rows = list(csv.reader(io.StringIO(text)))
    heads = ["serving", "title.zh", "title.en", "territory"]
    if not rows or rows[0][:4] != heads:
        return [], [BadServing("servings_heading", 1, 1, heads=", ".join([*heads, *query.parameters]))]
    names = rows[0][4:]
    wrong = [
        BadServing("serving_parameter", 1, at, name=name, allowed=", ".join(query.parameters) or "—")
        for at, name in enumerate(names, start=5)
        if name not in query.parameters
    ]
    found: list[Serving] = []
    for line, row in enumerate(rows[1:], start=2):
        if not any(row):
            continue
        cells = [*row, *[""] * (len(rows[0]) - len(row))]
        bad = list(_wrong_cells(cells, line, found, DIGITS[query.smallest]))
        values: dict[str, int] = {}
        for at, (name, cell) in enumerate(zip(names, cells[4:], strict=False), start=5):
            parameter = query.parameters.get(name)
            if parameter is None or not cell.strip():
                continue
            value = parameter.read(cell)
            if value is None:
                bad.append(
                    BadServing(
                        "parameter_range",
                        line,
                        at,
                        value=cell,
                        least=parameter.minimum,
                        most=parameter.maximum,
                    )
                )
            else:
                values[name] = value
        wrong += bad
        if not bad:
            found.append(
                Serving(id=cells[0], title=Text(cells[1], cells[2]), territory=cells[3], values=values)
            )
    return found, wrong


def _wrong_cells(cells: list[str], line: int, before: list[Serving], digits: int) -> list[BadServing]:
    bad = []
    if not _SERVING.fullmatch(cells[0]) or any(one.id == cells[0] for one in before):
        bad.append(BadServing("bad_serving", line, 1, value=cells[0]))
    bad += [BadServing("serving_title", line, at + 1) for at in (1, 2) if not cells[at].strip()]
    if cells[3] and not TERRITORY.fullmatch(cells[3]):
        bad.append(BadServing("serving_territory", line, 4, value=cells[3]))
    elif len(cells[3]) > digits:
        bad.append(BadServing("serving_too_small", line, 4, value=cells[3]))
    return bad
