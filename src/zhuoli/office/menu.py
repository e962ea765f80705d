"""The night's menu: which servings of a model are run, those of its folder and those of offices beside them.

An office serves a model within its own territory: it chooses place and parameters, and says why. It may change or take off what is
served there, and put it back. Whoever decides, when and why is in the chain of acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import DIGITS, Query, Serving, read_servings
from zhuoli.core.text import Text
from zhuoli.office import acts
from zhuoli.office.acts import By
from zhuoli.office.directory import FrozenDirectory
from zhuoli.office.errors import OfficeError
from zhuoli.office.units import significant
from zhuoli.store.models import ServingRecord

REASON = (4, 300)
"""The least and the most signs of a reason."""
_PROVINCE = "62"
_TRIES = 5


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One serving on the menu. ``own``: made or changed by the office ``unit``; ``on``: the night runs it.

    ``stale``: its parameters no longer fit the query, which has changed since; it is not run until they are changed.
    """

    serving: Serving
    own: bool = False
    unit: str = ""
    on: bool = True
    stale: bool = False
    kept_at: int = 0
    changed: int = 0

    @property
    def territory(self) -> str:
        """The digits that codes begin with; the province's where the serving names none."""
        return self.serving.territory or _PROVINCE


class Menu(msgspec.Struct, frozen=True, kw_only=True):
    """The servings of one model. ``on`` is false once the model as a whole was retired."""

    lines: tuple[Line, ...]
    on: bool = True
    kept_at: int = 0

    @property
    def served(self) -> list[Serving]:
        """The servings that the night runs."""
        return [line.serving for line in self.lines if line.on and not line.stale] if self.on else []

    def line(self, serving: str) -> Line | None:
        """Return a line by the id of its serving."""
        return next((line for line in self.lines if line.serving.id == serving), None)


class Wrong(OfficeError):
    """A serving cannot be so: ``fields`` says what is wrong with which field."""

    def __init__(self, fields: Mapping[str, Text]) -> None:
        super().__init__(
            "serving_wrong",
            Text("还不能上架", "It cannot be served like this"),
            Text("改好标出的几处。", "Correct what is marked."),
        )
        self.fields = dict(fields)


def menus(scenarios: Iterable[Scenario], alias: str = "default") -> dict[str, Menu]:
    """Return the menus of some models by scenario: one statement, however many there are."""
    wanted = {one.scenario: one for one in scenarios if one.query is not None}
    kept: dict[str, dict[str, ServingRecord]] = {}
    records = ServingRecord.objects.using(alias).order_by("id")
    if len(wanted) <= 500:
        records = records.filter(scenario__in=list(wanted))
    for record in records:
        kept.setdefault(record.scenario, {})[record.serving] = record
    return {name: _menu(one, kept.get(name, {})) for name, one in wanted.items()}


def menu(scenario: Scenario, alias: str = "default") -> Menu:
    """Return the menu of one model."""
    return menus([scenario], alias)[scenario.scenario]


def _menu(scenario: Scenario, kept: Mapping[str, ServingRecord]) -> Menu:
    assert scenario.query is not None  # noqa: S101 - callers choose scenarios with a query
    shipped = {one.id: one for one in read_servings(scenario.servings_text, scenario.query)[0]}
    lines = [_line(scenario.query, one, kept.get(one.id)) for one in shipped.values()]
    lines += [
        _line(scenario.query, None, record)
        for name, record in kept.items()
        if name and name not in shipped and record.own
    ]
    whole = kept.get("")
    return Menu(
        lines=tuple(lines), on=whole is None or whole.on, kept_at=0 if whole is None else whole.kept_at
    )


def _line(query: Query, shipped: Serving | None, record: ServingRecord | None) -> Line:
    if record is None:
        assert shipped is not None  # noqa: S101 - one of both is there
        return Line(serving=shipped)
    serving, stale = shipped, False
    if record.own or serving is None:
        serving = Serving(
            id=record.serving,
            title=Text(record.title_zh, record.title_en),
            territory=record.territory,
            values=msgspec.json.decode(record.values, type=dict[str, int]),
        )
        stale = not _fits(query, serving.values) or len(serving.territory) > DIGITS[query.smallest]
    return Line(
        serving=serving,
        own=record.own,
        unit=record.unit,
        on=record.on,
        stale=stale,
        kept_at=record.kept_at,
        changed=record.changed,
    )


def _fits(query: Query, values: Mapping[str, int]) -> bool:
    """Whether kept parameters fit the query, which may have changed since."""
    return all(
        name in query.parameters and query.parameters[name].minimum <= value <= query.parameters[name].maximum
        for name, value in values.items()
    )


# --- what is served


def reach(unit: str, directory: FrozenDirectory) -> str:
    """Return the digits that the codes of a unit's territory begin with."""
    found = directory.unit(unit)
    return significant(found.territory) if found is not None else "-"


def may_serve(unit: str, territory: str, directory: FrozenDirectory) -> bool:
    """Whether a unit may decide about what is served for a territory: it lies within the unit's own."""
    return (territory or _PROVINCE).startswith(reach(unit, directory))


def wanted(
    scenario: Scenario, unit: str, territory: str, given: Mapping[str, str], directory: FrozenDirectory
) -> Serving:
    """Return the serving that somebody of ``unit`` asks for by a form; it has no id yet.

    ``territory`` is a code of 12 digits or what codes begin with; an empty parameter is its default.

    Raises:
        Wrong: with every field that is wrong.
    """
    query = scenario.query
    assert query is not None  # noqa: S101 - callers choose scenarios with a query
    wrong: dict[str, Text] = {}
    within = significant(territory) if len(territory) == 12 else territory
    if (problem := _wrong_territory(query, unit, within, directory)) is not None:
        wrong["territory"] = problem
    values: dict[str, int] = {}
    for name, parameter in query.parameters.items():
        written = given.get(name, "").strip()
        if not written:
            continue
        if (value := parameter.read(written)) is None:
            wrong[name] = Text(
                f"写 {parameter.minimum} 到 {parameter.maximum} 之间的整数，不是“{written}”",
                f"A whole number from {parameter.minimum} to {parameter.maximum}, not “{written}”",
            )
        else:
            values[name] = value
    if wrong:
        raise Wrong(wrong)
    title = title_of(query, _place(within, directory), values)
    return Serving(
        id="", title=title, territory="" if within == _PROVINCE else within, values=_all(query, values)
    )


def _wrong_territory(query: Query, unit: str, within: str, directory: FrozenDirectory) -> Text | None:
    if not within.isdigit() or directory.place(within.ljust(12, "0")) is None:
        return Text("没有这个辖区", "There is no such place")
    if len(within) > 9:
        return Text("模型最小按乡镇街道上架", "A model is served for a town at the smallest")
    if len(within) > DIGITS[query.smallest]:
        return Text(
            "这个模型按县区、市州或全省上架，它查的登记册不到乡镇",
            "This model is served for a county, a city or the province: its registers know no towns",
        )
    if not may_serve(unit, within, directory):
        own = directory.place(reach(unit, directory).ljust(12, "0"))
        return Text("不在本单位的辖区{place}内", "It lies outside of your own territory, {place}").format(
            place=own or Text(reach(unit, directory), reach(unit, directory))
        )
    return None


def _place(within: str, directory: FrozenDirectory) -> Text:
    """Name a territory; a town with its county, since many counties have a 城关镇."""
    name = directory.place(within.ljust(12, "0")) or Text(within, within)
    if len(within) < DIGITS["town"]:
        return name
    county = directory.place(within[: DIGITS["county"]].ljust(12, "0"))
    return Text(f"{county.zh}{name.zh}", f"{name.en}, {county.en}") if county else name


def title_of(query: Query, place: Text, values: Mapping[str, int]) -> Text:
    """Name a serving by its place and its parameters: 兰州市：过期多少天才算 30 天，至少几件 10 件."""
    said = [one.told(values.get(name, one.default)) for name, one in query.parameters.items()]
    if not said:
        return place
    return Text(
        f"{place.zh}：{'，'.join(each.zh for each in said)}",
        f"{place.en}: {', '.join(each.en for each in said)}",
    )


def _all(query: Query, values: Mapping[str, int]) -> dict[str, int]:
    return {name: values.get(name, one.default) for name, one in query.parameters.items()}


# --- decisions


def put(scenario: Scenario, serving: Serving, reason: str, by: By, unit: str, now: int) -> Serving:
    """Put a wanted serving on the menu; return it with its id.

    Raises:
        Wrong: no reason is given, or the same is served already.
    """
    _require_reason(reason)
    _require_new(scenario, serving)
    stem = re.sub(r"[^a-z0-9]+", "_", unit.lower()).strip("_")[:30]
    taken = len(ServingRecord.objects.filter(scenario=scenario.scenario, serving__startswith=f"{stem}_"))
    for number in range(taken + 1, taken + 1 + _TRIES):
        made = msgspec.structs.replace(serving, id=f"{stem}_{number}")
        try:
            with transaction.atomic():
                ServingRecord.objects.create(
                    scenario=scenario.scenario,
                    serving=made.id,
                    unit=unit,
                    changed=now,
                    own=True,
                    **_content(made),
                )
                _record(by, "serving.put", scenario, made.id, unit, now, reason, _told(made))
        except IntegrityError:  # somebody of the same unit was faster
            continue
        return made
    raise AssertionError("unreachable: a number is free")


def change(scenario: Scenario, line: Line, wanted: Serving, reason: str, by: By, unit: str, now: int) -> bool:
    """Change place or parameters of what is served, a serving of the folder too; return whether anything changed.

    Raises:
        Wrong: no reason is given, or the same is served already.
    """
    made = msgspec.structs.replace(wanted, id=line.serving.id)
    if _same(scenario, line.serving, made):
        return False
    _require_reason(reason)
    _require_new(scenario, made)
    with transaction.atomic():
        fields = {**_content(made), "own": True, "unit": unit, "changed": now}
        ServingRecord.objects.update_or_create(scenario=scenario.scenario, serving=made.id, defaults=fields)
        details = {**_told(made), "was": _told(line.serving)}
        _record(by, "serving.change", scenario, made.id, unit, now, reason, details)
    return True


def switch(
    scenario: Scenario,
    serving: str,
    what: str,
    reason: str,
    by: By,
    unit: str,
    now: int,
    figures: Mapping[str, Any] | None = None,
) -> None:
    """Decide about a serving, or (with an empty ``serving``) about the whole model.

    ``what`` is ``off`` or ``on`` the menu, ``retire`` (off, for its precision) or ``keep`` (although retirement was proposed);
    ``figures`` are those on which it was decided, with ``judged``, the number of verdicts.

    Raises:
        Wrong: no reason is given.
    """
    _require_reason(reason)
    fields: dict[str, Any] = {"changed": now}
    if what == "keep":
        fields["kept_at"] = int((figures or {})["judged"])
    else:
        fields["on"] = what == "on"
    with transaction.atomic():
        ServingRecord.objects.update_or_create(
            scenario=scenario.scenario,
            serving=serving,
            defaults=fields,
            create_defaults={**fields, "own": False, "unit": unit},
        )
        _record(by, f"serving.{what}", scenario, serving, unit, now, reason, dict(figures or {}))


def history(scenario: str, most: int = 30) -> list[acts.Done]:
    """Return what was decided about a model and its servings, newest first."""
    return acts.of_subjects(f"{scenario}/", most)


def _record(
    by: By,
    what: str,
    scenario: Scenario,
    serving: str,
    unit: str,
    now: int,
    reason: str,
    more: dict[str, Any],
) -> None:
    details = {"reason": " ".join(reason.split()), **more}
    acts.record(by, what, f"{scenario.scenario}/{serving}", at=now, unit=unit, details=details)


def _require_reason(reason: str) -> None:
    length = len(" ".join(reason.split()))
    if not REASON[0] <= length <= REASON[1]:
        raise Wrong(
            {
                "reason": Text(
                    f"写明理由，{REASON[0]} 到 {REASON[1]} 个字",
                    f"Say why, in {REASON[0]} to {REASON[1]} signs",
                )
            }
        )


def _require_new(scenario: Scenario, wanted: Serving) -> None:
    for line in menu(scenario).lines:
        if line.on and line.serving.id != wanted.id and _same(scenario, line.serving, wanted):
            raise Wrong(
                {
                    "territory": Text(
                        f"一样的已经上架：{line.serving.title.zh}",
                        f"The same is served already: {line.serving.title.en}",
                    )
                }
            )


def _same(scenario: Scenario, one: Serving, other: Serving) -> bool:
    assert scenario.query is not None  # noqa: S101 - callers choose scenarios with a query
    return (one.territory or _PROVINCE, _all(scenario.query, one.values)) == (
        other.territory or _PROVINCE,
        _all(scenario.query, other.values),
    )


def _content(serving: Serving) -> dict[str, Any]:
    return {
        "title_zh": serving.title.zh,
        "title_en": serving.title.en,
        "territory": serving.territory,
        "values": msgspec.json.encode(serving.values).decode(),
    }


def _told(serving: Serving) -> dict[str, Any]:
    return {"territory": serving.territory, "values": serving.values}
