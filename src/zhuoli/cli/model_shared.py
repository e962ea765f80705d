"""What the commands of ``./zhuoli model`` work on."""

from __future__ import annotations

import gc
import os
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from zhuoli.cli import output
from zhuoli.cli.ledger import start_django
from zhuoli.core.scenario.catalog import did_you_mean
from zhuoli.core.text import Mistake, Text
from zhuoli.environment import read_environment

if TYPE_CHECKING:
    from zhuoli.core.registers import Register
    from zhuoli.core.scenario.model import Scenario
    from zhuoli.core.scenario.queries import Serving
    from zhuoli.core.scenario.shelf import Shelf


class Models:
    """The models of the shelf, the registers, and where the folders lie; read when they are asked for."""

    def __init__(self, shelf: Path, register_folder: Path) -> None:
        self.shelf, self.register_folder = shelf, register_folder

    @cached_property
    def _found(self) -> Shelf:
        from zhuoli.core.scenario.shelf import read_shelf

        data = read_environment().data
        cache = data / "cache" / "scenarios.msgpack" if data.is_dir() else None
        # Thousands of scenarios stay as long as the command; no collector needs to walk through them.
        gc.disable()
        found = read_shelf(self.shelf, cache=cache, processes=min(os.cpu_count() or 1, 4))
        gc.freeze()
        gc.enable()
        return found

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenarios that find their own cases."""
        return {name: one for name, one in self._found.scenarios.items() if one.query is not None}

    @property
    def folders(self) -> dict[str, Path]:
        """Where each scenario lies."""
        return self._found.folders

    @property
    def mistakes(self) -> list[Mistake]:
        """What is wrong with folders of the shelf."""
        return self._found.mistakes

    @cached_property
    def registers(self) -> dict[str, Register]:
        """The registers by id."""
        from zhuoli.core.registers import read_registers

        return read_registers(self.register_folder).registers

    def named(self, name: str) -> Scenario:
        """Return one model, or say that there is none and stop."""
        one = self.scenarios.get(name)
        if one is None:
            near = did_you_mean(name, list(self.scenarios))
            output.fail(
                Text(f"没有模型“{name}”", f"There is no model “{name}”"),
                Text(f"{near.zh}model list 列出全部", f"{near.en}model list shows all"),
                code="unknown_model",
                exit_code=2,
            )
        return one


def use_data(data: Path | None) -> Path:
    """Let a data folder be this process's, its database too; return where the registers lie."""
    if data is not None:
        os.environ["ZHUOLI_DATA"] = str(data.resolve())
    return read_environment().data / "lake"


def served(scenarios: list[Scenario]) -> dict[str, list[Serving]]:
    """Return what is on the night's menu: what offices serve, too, where there is a database."""
    from zhuoli.lake.night import servings_of

    environment = read_environment()
    if not environment.database_url and not (environment.data / "zhuoli.sqlite3").exists():
        return {one.scenario: servings_of(one) for one in scenarios}
    start_django()
    from zhuoli.office.menu import menus

    return {name: one.served for name, one in menus(scenarios).items()}


def query_failed(error: Exception) -> NoReturn:
    """Say why a query could not be run, and stop."""
    from zhuoli.lake.looking import cause

    output.fail(
        cause(error),
        Text(
            "改 query.sql；./zhuoli model check 说得更细", "Correct query.sql; ./zhuoli model check says more"
        ),
        code="query_failed",
    )


def now() -> int:
    """The present instant in ms UTC."""
    return time.time_ns() // 1_000_000
