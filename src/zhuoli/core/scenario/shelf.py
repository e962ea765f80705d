"""A shelf is a directory of scenario folders; a broken folder never takes the others down."""

from __future__ import annotations

import gc
import hashlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache as remembered
from pathlib import Path

import msgspec

from zhuoli.core.scenario.catalog import mistake
from zhuoli.core.scenario.folder import across, has_errors, read_files, sort_mistakes
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.source import (
    LIVES,
    Files,
    content_hash,
    fingerprint,
    folder_files,
    lives_seen,
    placed,
)
from zhuoli.core.text import Mistake

MANY = 400
"""So many folders are worth further processes."""


class Shelf(msgspec.Struct, frozen=True):
    """What a directory holds: the sound scenarios by id, every mistake, and each scenario's folder."""

    scenarios: dict[str, Scenario]
    mistakes: list[Mistake]
    folders: dict[str, Path]


class _Result(msgspec.Struct, array_like=True):
    """What came of one folder; files in mistakes are named relative to it."""

    scenario: Scenario | None
    mistakes: list[Mistake]


class _Kept(msgspec.Struct, array_like=True):
    """What the cache keeps of one folder: names, sizes and times of its files, its content hash, its result."""

    seen: str
    content: str
    result: msgspec.Raw


def read_shelf(path: Path, *, cache: Path | None = None, check: bool = True, processes: int = 1) -> Shelf:
    """Read every folder directly under ``path``, in the order of their names.

    What a scenario hands on is checked against the others; such a mistake takes no scenario off the shelf, since the
    task that hands on then falls to a person.

    ``cache`` is a file that keeps results by content hash; it is written anew when something changed. A
    folder whose files have the same names, sizes and times of change is not read again. The cache may be
    deleted at any time, and is ignored when it cannot be read or was made by another version of this code.
    Where many folders are to be read, as many ``processes`` share them; only a program without threads may ask for that.
    """
    if not path.is_dir():
        return Shelf({}, [mistake("no_folder", (str(path), 0, 0), path=str(path))], {})
    with _no_collection():
        return _read_all(path, cache, check, processes)


def _read_all(path: Path, cache: Path | None, check: bool, processes: int) -> Shelf:
    before = _load(cache, check)
    lives = lives_seen(path) if cache is not None else ""
    fresh: dict[str, _Kept] = {}
    if processes > 1 and cache is not None:
        fresh = _read_together(path, before, check, lives, processes)
        before |= fresh
    now: dict[str, _Kept] = {}
    shelf = Shelf({}, [], {})
    changed = False
    for name in folder_names(path):
        kept, result = _one(path / name, name, before.get(name), check, lives=lives, cached=cache is not None)
        changed = changed or kept is not before.get(name)
        now[name] = kept
        _add(shelf, path / name, result)
    if check:
        for name, scenario in shelf.scenarios.items():
            shelf.mistakes.extend(across(shelf.folders[name], scenario, shelf.scenarios))
    if cache is not None and (changed or now.keys() != before.keys() or fresh):
        _save(cache, check, now)
    return shelf


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from walking thousands of fresh structs again and again (0.6 s → 0.2 s)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _one(
    folder: Path, name: str, known: _Kept | None, check: bool, *, lives: str, cached: bool
) -> tuple[_Kept, _Result]:
    """The result for one folder, from the cache where it still holds."""
    seen = fingerprint(folder) + lives if cached else ""
    if known is not None and known.seen == seen:
        return known, _DECODE(known.result)
    files, wrong = folder_files(folder)
    content = content_hash(files)
    if known is not None and known.content == content and not wrong:
        return _Kept(seen, content, known.result), _DECODE(known.result)
    result = _read(files, wrong, name, check)
    return _Kept(seen, content, msgspec.Raw(_ENCODE(result)) if cached else msgspec.Raw(b"")), result


def _read_together(
    path: Path, known: dict[str, _Kept], check: bool, lives: str, processes: int
) -> dict[str, _Kept]:
    """What several processes read of the folders that are not known; nothing where there are few, or processes cannot share them."""
    unknown = [name for name in folder_names(path) if name not in known]
    if len(unknown) < MANY or sys.platform != "linux":
        return {}
    import multiprocessing

    # Made from this process, they have all of it at hand; what they give back is bytes of plain structs.
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        parts = pool.starmap(
            _read_some, [(path, unknown[at::processes], check, lives) for at in range(processes)], chunksize=1
        )
    return {name: kept for part in parts for name, kept in _DECODE_PART(part).items()}


def _read_some(path: Path, names: list[str], check: bool, lives: str) -> bytes:
    return _ENCODE(
        {name: _one(path / name, name, None, check, lives=lives, cached=True)[0] for name in names}
    )


_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(_Result).decode
_DECODE_PART = msgspec.msgpack.Decoder(dict[str, _Kept]).decode
_DECODE_CACHE = msgspec.msgpack.Decoder(tuple[str, dict[str, _Kept]]).decode


def _read(files: Files, wrong: list[Mistake], name: str, check: bool) -> _Result:
    scenario, found = read_files(files, folder=name, check=check)
    found = sort_mistakes(wrong + found)
    return _Result(None if has_errors(found) else scenario, found)


def _add(shelf: Shelf, folder: Path, entry: _Result) -> None:
    found = (msgspec.structs.replace(one, file=placed(folder, one.file)) for one in entry.mistakes)
    shelf.mistakes.extend(one for one in found if LIVES not in one.file or one not in shelf.mistakes)
    if entry.scenario is not None:
        shelf.scenarios[entry.scenario.scenario] = entry.scenario
        shelf.folders[entry.scenario.scenario] = folder


def folder_names(path: Path) -> list[str]:
    """The scenario folders of a shelf, sorted; what begins with ``_`` (shared life cycles) or ``.`` is none."""
    with os.scandir(path) as entries:
        return sorted(
            entry.name for entry in entries if entry.is_dir() and not entry.name.startswith((".", "_"))
        )


def _load(cache: Path | None, check: bool) -> dict[str, _Kept]:
    if cache is None or not cache.is_file():
        return {}
    try:
        made_by, entries = _DECODE_CACHE(cache.read_bytes())
    except (msgspec.DecodeError, OSError):
        return {}
    return entries if made_by == _edition(check) else {}


def _save(cache: Path, check: bool, entries: dict[str, _Kept]) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    fresh = cache.with_name(f"{cache.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    fresh.write_bytes(_ENCODE((_edition(check), entries)))
    fresh.replace(cache)


@remembered
def _edition(check: bool) -> str:
    """A fingerprint of the code that reads and checks: another edition may judge differently."""
    core = Path(__file__).parent.parent
    digest = hashlib.sha256(str(check).encode())
    for source in sorted(core.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()
