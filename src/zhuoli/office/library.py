"""The scenarios that cases are begun with and pinned to, compiled for running."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

import msgspec

from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.plan import Plan
from zhuoli.core.scenario.folder import read_bytes
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.shelf import Shelf
from zhuoli.core.scenario.source import folder_bytes
from zhuoli.office.errors import UnknownScenario
from zhuoli.store.models import ScenarioRecord


class Library:
    """Plans by scenario (the shelf's present version) and by version (whatever a case was begun with).

    Plans are compiled when they are first needed; versions that are no longer on the shelf come from the database.
    """

    def __init__(self, shelf: Shelf | Iterable[Scenario], *, alias: str = "default", size: int = 500) -> None:
        self._alias = alias
        self._size = size
        self._compiled: OrderedDict[str, Plan] = OrderedDict()
        self.replace(shelf)

    def replace(self, shelf: Shelf | Iterable[Scenario]) -> None:
        """Take another shelf; running cases stay with the version they began with."""
        if isinstance(shelf, Shelf):
            self._folders: dict[str, Path] = dict(shelf.folders)
            scenarios: Iterable[Scenario] = shelf.scenarios.values()
        else:
            self._folders = {}
            scenarios = shelf
        self._current = {scenario.scenario: _with_version(scenario) for scenario in scenarios}
        self._versions = {scenario.version: scenario for scenario in self._current.values()}

    def scenarios(self) -> dict[str, Scenario]:
        """Return what is on the shelf, by id."""
        return dict(self._current)

    def current(self, scenario: str) -> Plan:
        """Return the plan for new cases.

        Raises:
            UnknownScenario: the shelf has none of this id.
        """
        found = self._current.get(scenario)
        if found is None:
            raise UnknownScenario(scenario)
        return self.pinned(found.version, scenario)

    def pinned(self, version: str, scenario: str = "") -> Plan:
        """Return the plan of one version.

        Raises:
            UnknownScenario: it is neither on the shelf nor in the database.
        """
        plan = self._compiled.get(version)
        if plan is None:
            found = self._versions.get(version) or self._stored(version, scenario)
            plan = self._compiled[version] = compile_plan(found)
            if len(self._compiled) > self._size:
                self._compiled.popitem(last=False)
        return plan

    def archive(self, plan: Plan) -> bytes:
        """Return the bytes by which the plan's version is stored: its folder as it was read.

        Where there is no folder, or it has been changed since it was read, the scenario itself as JSON: a case
        is pinned to what it was opened with, not to what lies on the shelf by now.
        """
        scenario = plan.scenario
        folder = self._folders.get(scenario.scenario)
        if folder is not None and self._versions.get(scenario.version) is not None:
            try:
                archive = folder_bytes(folder)
                again, _ = read_bytes(archive)
            except (OSError, ValueError):
                again = None
            if again is not None and again.version == scenario.version:
                return archive
        return msgspec.json.encode(scenario)

    def _stored(self, version: str, scenario: str) -> Scenario:
        record = ScenarioRecord.objects.using(self._alias).filter(version=version).first()
        if record is None:
            raise UnknownScenario(f"{scenario}@{version}")
        archive = bytes(record.archive)
        try:
            found, _mistakes = read_bytes(archive)
        except ValueError:
            found = msgspec.json.decode(archive, type=Scenario)
        if found is None:
            raise UnknownScenario(f"{scenario}@{version}")
        return _with_version(found)


def _with_version(scenario: Scenario) -> Scenario:
    if scenario.version:
        return scenario
    content = msgspec.json.encode(scenario, order="deterministic")
    return msgspec.structs.replace(scenario, version=hashlib.sha256(content).hexdigest()[:16])
