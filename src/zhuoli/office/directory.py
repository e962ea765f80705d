"""Who is responsible where: the units of the database, frozen in memory.

Looking something up costs well under a microsecond and never asks the database. A unit that an administrator changes
(``office.units``) is seen by every process within ``FRESH``; ``FrozenDirectory.version`` tells two directories apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec
from django.db import transaction

from zhuoli.core.text import Text
from zhuoli.places import Division, Places, packaged_divisions
from zhuoli.places.divisions import DIGITS
from zhuoli.places.posts import OfficePost, make_posts, make_village_posts
from zhuoli.places.units import OfficeUnit, make_units
from zhuoli.store.models import ActRecord, Post, Territory, Unit

_LENGTHS = (12, 9, 6, 4, 2)


class BadDirectory(Exception):
    """The units do not hold together. ``text`` says what is wrong, ``remedy`` what to do."""

    def __init__(self, code: str, text: Text, remedy: Text) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code, self.text, self.remedy = code, text, remedy


class FrozenDirectory:
    """The directory of one moment; implements ``core.case.facts.Directory``. Immutable after it is made.

    Raises:
        BadDirectory: two units claim the same competence for the same territory, a superior does not exist, the
            superiors run in a circle, a unit's territory is unknown, or no unit dispatches for the whole.
    """

    def __init__(self, units: Iterable[OfficeUnit], places: dict[str, Text]) -> None:
        self.units: dict[str, OfficeUnit] = {unit.id: unit for unit in units}
        self._places = places
        self._names = {key: unit.name for key, unit in self.units.items()}
        self._superiors = {key: unit.superior or None for key, unit in self.units.items()}
        self._responsible: dict[str, dict[str, str]] = {}
        self._dispatchers: dict[str, str] = {}
        for unit in self.units.values():
            self._admit(unit)
        self._check_chains()
        self._top = self._highest_dispatcher()
        self.version = self._hash()

    def responsible(self, competence: str, territory: str) -> str | None:
        """Return the unit with this competence whose territory is the longest prefix of the code, or None."""
        holders = self._responsible.get(competence)
        if holders is None:
            return None
        return _longest(holders, territory)

    def dispatcher(self, territory: str) -> str:
        """Return the unit that dispatches for the territory; the highest one when there is none nearer."""
        return _longest(self._dispatchers, territory) or self._top

    def kind(self, unit: str) -> str:
        """Return what kind of body a unit is; "" for an unknown one, and for one that is no more."""
        known = self.units.get(unit)
        return known.kind if known is not None and known.active else ""

    def superior(self, unit: str) -> str | None:
        """Return the unit directly above, or None for the highest (and for an unknown unit)."""
        return self._superiors.get(unit)

    def name(self, unit: str) -> Text | None:
        """Return the unit's full name, or None when there is no such unit."""
        return self._names.get(unit)

    def phone(self, unit: str) -> str:
        """Return the telephone that the unit has entered for the public, or ""."""
        known = self.units.get(unit)
        return known.phone if known is not None else ""

    def place(self, code: str) -> Text | None:
        """Return the name of the territory with this 12-digit code, or None."""
        return self._places.get(code)

    def unit(self, unit: str) -> OfficeUnit | None:
        """Return everything that is known of a unit, or None."""
        return self.units.get(unit)

    def with_unit(self, unit: OfficeUnit) -> FrozenDirectory:
        """Return the directory with one unit as it is to be.

        Raises:
            BadDirectory: as when it is made.
        """
        return FrozenDirectory({**self.units, unit.id: unit}.values(), self._places)

    def _admit(self, unit: OfficeUnit) -> None:
        prefix = _prefix(unit.territory)
        if unit.territory not in self._places:
            raise BadDirectory(
                "territory_unknown",
                Text(
                    f"{unit.name_zh}的区划代码 {unit.territory} 不在名单中。",
                    f"{unit.name_en} serves {unit.territory}, which is not in the list of territories.",
                ),
                Text("改正该单位的区划代码。", "Correct the unit's territory."),
            )
        if not unit.active:
            return
        if unit.kind == "dispatch":
            self._claim(self._dispatchers, prefix, unit, "dispatch")
        for competence in unit.competences:
            self._claim(self._responsible.setdefault(competence, {}), prefix, unit, competence)

    def _claim(self, holders: dict[str, str], prefix: str, unit: OfficeUnit, what: str) -> None:
        other = holders.setdefault(prefix, unit.id)
        if other != unit.id:
            raise BadDirectory(
                "two_responsible",
                Text(
                    f"{unit.name_zh}和{self._names[other].zh}在同一区域都负责“{what}”。",
                    f"{unit.name_en} and {self._names[other].en} both hold “{what}” for the same territory.",
                ),
                Text(
                    "同一区域同一职责只能有一个单位：改其中一个。",
                    "One competence, one unit in a territory: change one of them.",
                ),
            )

    def _check_chains(self) -> None:
        sound: set[str] = set()
        for start in self.units:
            seen: list[str] = []
            here: str | None = start
            while here and here not in sound:
                if here in seen or here not in self.units:
                    raise BadDirectory(
                        "superior_circle" if here in seen else "superior_missing",
                        Text(
                            f"上级链有问题：{' → '.join([*seen, here])}。",
                            f"The chain of superiors is broken: {' → '.join([*seen, here])}.",
                        ),
                        Text(
                            "上级必须存在，并且最后到达最高一级。",
                            "A superior must exist, and the chain must end at the top.",
                        ),
                    )
                seen.append(here)
                here = self._superiors[here]
            sound.update(seen)

    def _highest_dispatcher(self) -> str:
        if not self._dispatchers:
            raise BadDirectory(
                "no_dispatcher",
                Text("没有一个调度单位。", "No unit dispatches."),
                Text("至少设一个 dispatch 类单位。", "Have at least one unit of the kind dispatch."),
            )
        return self._dispatchers[min(self._dispatchers, key=lambda prefix: (len(prefix), prefix))]

    def _hash(self) -> str:
        digest = hashlib.sha256()
        for key in sorted(self.units):
            digest.update(msgspec.json.encode(self.units[key]))
        for code in sorted(self._places):
            digest.update(f"{code} {self._places[code].zh}\n".encode())
        return digest.hexdigest()


def _longest(holders: dict[str, str], territory: str) -> str | None:
    for length in _LENGTHS:
        found = holders.get(territory[:length])
        if found is not None:
            return found
    return None


def _prefix(code: str) -> str:
    """Return the digits of a 12-digit code that are not the zeros of its level."""
    for length in (2, 4, 6, 9):
        if not code[length:].strip("0"):
            return code[:length]
    return code


FRESH = 20_000
"""After so many ms a process asks whether units were changed."""
CHANGED = "unit.change"
"""The act by which a unit is changed."""
_loaded: FrozenDirectory | None = None
_looked = 0
_last = 0
_places: Places | None = None


def load_directory(*, fresh: bool = False) -> FrozenDirectory:
    """Return the directory of the database; read once per process (about 0.2 s), or again when ``fresh``.

    Raises:
        BadDirectory: there are no units, or they do not hold together.
    """
    global _loaded, _last
    if _loaded is None or fresh:
        _last = _last_change()
        names = {
            code: Text(zh, en) for code, zh, en in Territory.objects.values_list("code", "name_zh", "name_en")
        }
        fields = OfficeUnit.__struct_fields__
        units = [
            OfficeUnit(**{**dict(zip(fields, row, strict=True)), "competences": tuple(row[8])})
            for row in Unit.objects.order_by("id").values_list(*fields)
        ]
        if not units:
            raise BadDirectory(
                "no_units",
                Text("数据库里没有单位。", "The database has no units."),
                Text(
                    "先载入区划和单位:./zhuoli serve --migrate 会载入。",
                    "Load territories and units first; ./zhuoli serve --migrate does it.",
                ),
            )
        _loaded = FrozenDirectory(units, names)
    return _loaded


def current_directory(now: int) -> FrozenDirectory:
    """Return the directory as it is now (ms UTC), give or take ``FRESH``: one statement in that time."""
    global _looked
    if _loaded is None or not _looked <= now < _looked + FRESH:
        _looked = now
        if _loaded is not None and _last_change() != _last:
            return load_directory(fresh=True)
    return load_directory()


def _last_change() -> int:
    found = ActRecord.objects.filter(what=CHANGED).order_by("-number").values_list("number", flat=True)
    return found.first() or 0


def load_places(*, fresh: bool = False) -> Places:
    """Return the index over the territories of the database; read once per process, or again when ``fresh``."""
    global _places
    if _places is None or fresh:
        fields = Division.__struct_fields__
        _places = Places(
            Division(**dict(zip(fields, row, strict=True))) for row in Territory.objects.values_list(*fields)
        )
    return _places


def install_places(divisions: Iterable[Division] | None = None) -> bool:
    """Load territories, units and posts into an empty database; return whether anything was done.

    All or nothing. A database that has territories already is left alone: units may have been edited since.
    ``divisions`` is the packaged list of Gansu unless others are given.
    """
    if Territory.objects.exists():
        return False
    rows = packaged_divisions() if divisions is None else tuple(divisions)
    units = make_units(rows)
    with transaction.atomic():
        Territory.objects.bulk_create([_territory(each) for each in rows], batch_size=2000)
        Unit.objects.bulk_create([_unit(each) for each in units], batch_size=1000)
        posts = (*make_posts(units), *make_village_posts(units, rows))
        Post.objects.bulk_create([_post(each) for each in posts], batch_size=1000)
    return True


def _territory(row: Division) -> Territory:
    digits = DIGITS[row.level]
    return Territory(
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        initials=row.initials,
        level=row.level,
        parent=row.parent,
        city=row.code[:4] if digits >= 4 else "",
        county=row.code[:6] if digits >= 6 else "",
    )


def _unit(row: OfficeUnit) -> Unit:
    return Unit(**{**msgspec.structs.asdict(row), "competences": list(row.competences)})


def _post(row: OfficePost) -> Post:
    return Post(
        id=row.id,
        unit_id=row.unit,
        title_zh=row.title_zh,
        title_en=row.title_en,
        roles=list(row.roles),
        generated=row.generated,
        territory=row.territory,
    )
