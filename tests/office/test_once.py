"""What a process makes once, and what a case is pinned to when the shelf changes under a running process."""

from __future__ import annotations

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from zhuoli.core.scenario.folder import read_bytes
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.shelf import read_shelf
from zhuoli.office.library import Library
from zhuoli.office.once import Once

SHELF = Path(__file__).parents[2] / "scenarios"


def test_threads_that_ask_at_once_get_the_same_thing() -> None:
    made: list[object] = []
    gate = threading.Barrier(8)

    @Once
    def thing() -> object:
        time.sleep(0.02)
        made.append(object())
        return made[-1]

    def ask(_: int) -> object:
        gate.wait()
        return thing()

    with ThreadPoolExecutor(8) as threads:
        found = set(map(id, threads.map(ask, range(8))))
    assert len(made) == len(found) == 1
    thing.cache_clear()
    assert thing() is not made[0]


def test_what_failed_is_tried_again() -> None:
    tries: list[int] = []

    @Once
    def thing() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("not yet")
        return "made"

    with pytest.raises(RuntimeError):
        thing()
    assert thing() == "made"


@pytest.mark.parametrize("change", ["edited", "gone"])
def test_a_folder_that_changed_since_is_not_what_is_stored(tmp_path: Path, change: str) -> None:
    folder = tmp_path / "public_need"
    shutil.copytree(SHELF / "public_need", folder)
    library = Library(read_shelf(tmp_path))
    plan = library.current("public_need")
    before, _ = read_bytes(library.archive(plan))
    assert before is not None
    assert before.version == plan.scenario.version
    if change == "edited":
        path = folder / "scenario.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("theme: everyday", "theme: document"))
    else:
        shutil.rmtree(folder)
    stored = msgspec.json.decode(library.archive(plan), type=Scenario)
    assert stored == plan.scenario
