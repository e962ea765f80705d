"""A shelf is a directory of scenario folders; a broken folder never takes the others down."""

from __future__ import annotations

import hashlib
import os
from functools import cache as remembered
from pathlib import Path

import msgspec

from zhuoli.core.scenario.catalog import mistake
from zhuoli.core.scenario.folder import has_errors, read_files, sort_mistakes
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.source import Files, content_hash, folder_files
from zhuoli.core.text import Mistake


class Shelf(msgspec.Struct, frozen=True):
    """What a directory holds: the sound scenarios by id, every mistake, and each scenario's folder."""

    scenarios: dict[str, Scenario]
    mistakes: list[Mistake]
    folders: dict[str, Path]


class _Known(msgspec.Struct, array_like=True):
    """What the cache keeps of one folder: its result as read, with file names relative to the folder."""

    scenario: Scenario | None
    mistakes: list[Mistake]


def read_shelf(path: Path, *, cache: Path | None = None, check: bool = True) -> Shelf:
    """Read every folder directly under ``path``, in the order of their names.

    ``cache`` is a file that keeps results by content hash; it is written anew when something changed. It
    may be deleted at any time, and is ignored when it cannot be read or was made by another version.
    """
    if not path.is_dir():
        return Shelf({}, [mistake("no_folder", (str(path), 0, 0), path=str(path))], {})
    known = _load(cache, check)
    seen: dict[str, msgspec.Raw] = {}
    shelf = Shelf({}, [], {})
    for name in _folders(path):
        folder = path / name
        files, wrong = folder_files(folder)
        key = content_hash(files) + name
        raw = known.get(key)
        if raw is None or wrong:
            entry = _read(files, wrong, name, check)
            seen[key] = msgspec.Raw(_ENCODE(entry))
        else:
            entry = _DECODE(raw)
            seen[key] = raw
        _add(shelf, folder, entry)
    if cache is not None and seen.keys() != known.keys():
        _save(cache, check, seen)
    return shelf


_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(_Known).decode


def _read(files: Files, wrong: list[Mistake], name: str, check: bool) -> _Known:
    scenario, found = read_files(files, folder=name, check=check)
    found = sort_mistakes(wrong + found)
    return _Known(None if has_errors(found) else scenario, found)


def _add(shelf: Shelf, folder: Path, entry: _Known) -> None:
    shelf.mistakes.extend(msgspec.structs.replace(one, file=str(folder / one.file)) for one in entry.mistakes)
    if entry.scenario is not None:
        shelf.scenarios[entry.scenario.scenario] = entry.scenario
        shelf.folders[entry.scenario.scenario] = folder


def _folders(path: Path) -> list[str]:
    with os.scandir(path) as entries:
        return sorted(
            entry.name for entry in entries if entry.is_dir() and not entry.name.startswith((".", "_"))
        )


def _load(cache: Path | None, check: bool) -> dict[str, msgspec.Raw]:
    if cache is None or not cache.is_file():
        return {}
    try:
        made_by, entries = msgspec.msgpack.decode(cache.read_bytes(), type=tuple[str, dict[str, msgspec.Raw]])
    except (msgspec.DecodeError, OSError):
        return {}
    return entries if made_by == _edition(check) else {}


def _save(cache: Path, check: bool, entries: dict[str, msgspec.Raw]) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    fresh = cache.with_name(f"{cache.name}.{os.getpid()}.tmp")
    fresh.write_bytes(msgspec.msgpack.encode((_edition(check), entries)))
    fresh.replace(cache)


@remembered
def _edition(check: bool) -> str:
    """A fingerprint of the code that reads and checks: another edition may judge differently."""
    core = Path(__file__).parent.parent
    digest = hashlib.sha256(str(check).encode())
    for source in sorted(core.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()
