"""The files of a scenario folder as bytes: taken from disk, hashed, packed for the store and unpacked.

The content hash names a version: SHA-256 over the sorted relative file names and their bytes, each with
its length before it. Hidden files, and the copies that editors leave behind, are no part of a folder.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

import msgspec

from zhuoli.core.scenario.catalog import mistake
from zhuoli.core.text import Mistake

LARGEST = 1_000_000
"""The largest file that is read, in bytes."""

MAIN = "scenario.yaml"
NOTICES = "notices"
KNOWN = (
    "scenario.yaml",
    "form.yaml",
    "pictures.yaml",
    "templates.yaml",
    "exports.yaml",
    "feeds.yaml",
    "indicators.yaml",
    "examples.yaml",
    "query.yaml",
    "query.sql",
    "servings.csv",
    "finds.yaml",
)
LIVES = "_lives"
"""The folder beside the scenarios that holds the life cycles which several of them share."""
SHARED = ("scenario.yaml", "form.yaml", "indicators.yaml")
"""What a shared life cycle may hold."""
_LIFE = re.compile(rb"^life:[ ]*[\"']?([a-z][a-z0-9_]{0,39})[\"']?[ ]*(?:#.*)?\r?$", re.MULTILINE)

READMES = ("README.md", "README.zh-CN.md")
ALLOWED = (*KNOWN, "*.csv", "notices/*.md", *READMES)

Files = dict[str, bytes]


def folder_files(path: Path) -> tuple[Files, list[Mistake]]:
    """The folder's files by relative name, sorted, and what is wrong with the rest of it.

    Links are not followed, so a folder cannot reach outside itself.
    """
    files: Files = {}
    found: list[Mistake] = []
    if not path.is_dir():
        return files, [mistake("no_folder", (".", 0, 0), path=str(path))]
    for name in _names(path):
        if not _is_known(name):
            found.append(mistake("unknown_file", (name, 0, 0), name=name, allowed=", ".join(ALLOWED)))
            continue
        size = (path / name).stat().st_size
        if size > LARGEST:
            found.append(mistake("file_too_large", (name, 0, 0), size=size, limit=LARGEST))
            continue
        files[name] = (path / name).read_bytes()
    return files | _shared(path, files.get(MAIN, b"")), found


def shared_name(file: str) -> tuple[str, str]:
    """The life cycle's name and its own file, of a name such as ``../_lives/own_work/form.yaml``; empty for other files."""
    parts = file.split("/")
    return (parts[2], parts[3]) if len(parts) == 4 and parts[:2] == ["..", LIVES] else ("", "")


def placed(folder: Path, file: str) -> str:
    """Where a file of a folder lies, as people read it: a shared one beside the folder, not through it."""
    return os.path.normpath(folder / file)


def lives_seen(shelf: Path) -> str:
    """Names, sizes and times of change of every shared life cycle of a shelf, as one word."""
    try:
        with os.scandir(shelf / LIVES) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except FileNotFoundError:
        return ""
    return hashlib.sha256("".join(fingerprint(shelf / LIVES / name) for name in names).encode()).hexdigest()


def life_of(main: bytes) -> tuple[str, int]:
    """The shared life cycle that a ``scenario.yaml`` names, and the line where it does; empty where it has its own."""
    named = _LIFE.search(main)
    return ("", 0) if named is None else (named[1].decode(), main.count(b"\n", 0, named.start(1)) + 1)


def _shared(path: Path, main: bytes) -> Files:
    """The files of the life cycle that the scenario says it has, under the names by which they are found from here."""
    life, _ = life_of(main)
    if not life:
        return {}
    folder = path.resolve().parent / LIVES / life
    found = {name: folder / name for name in SHARED if (folder / name).is_file()}
    return {
        f"../{LIVES}/{life}/{name}": one.read_bytes()
        for name, one in found.items()
        if not one.is_symlink() and one.stat().st_size <= LARGEST
    }


def fingerprint(path: Path | str) -> str:
    """Names, sizes and times of change of a folder's files, as one word: equal means not touched since."""
    folder = str(path)
    names = _seen(folder)
    lines = [
        *names,
        "",
        *(
            _seen(f"{folder}/{NOTICES}")
            if any(f"{NOTICES}\0" == one[: len(NOTICES) + 1] for one in names)
            else ()
        ),
        "",
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _seen(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            found = []
            for entry in entries:
                stat = entry.stat(follow_symlinks=False)
                found.append(f"{entry.name}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ino}")
    except FileNotFoundError:
        return []
    found.sort()
    return found


def content_hash(files: Files) -> str:
    """SHA-256 (64 hexadecimal digits) of names and bytes."""
    digest = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def version_of(files: Files) -> str:
    """The short form of the content hash by which a version is called: its first 16 digits."""
    return content_hash(files)[:16]


def folder_bytes(path: Path) -> bytes:
    """The whole folder as one deterministic archive; see ``pack``.

    Raises:
        ValueError: the folder is missing, or holds files that ``read_folder`` reports as mistakes.
    """
    files, found = folder_files(path)
    if found:
        raise ValueError(f"{found[0].file}: {found[0].message.en}")
    return pack(files)


def pack(files: Files) -> bytes:
    """One JSON document that holds every file as text: readable in fifty years without this program.

    Raises:
        ValueError: a file is not UTF-8.
    """
    texts = {name: files[name].decode() for name in sorted(files)}
    return msgspec.json.encode({"zhuoli_folder": 1, "files": texts})


def from_bytes(data: bytes) -> Files:
    """The files that ``pack`` put together.

    Raises:
        ValueError: these bytes are no such archive.
    """
    try:
        packed: dict[str, Any] = msgspec.json.decode(data, type=dict[str, Any])
        if packed.get("zhuoli_folder") != 1:
            raise ValueError("not an archive of a scenario folder")
        texts = msgspec.convert(packed.get("files"), dict[str, str])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise ValueError("not an archive of a scenario folder") from error
    return {name: texts[name].encode() for name in sorted(texts)}


def _names(path: Path) -> list[str]:
    names = []
    with os.scandir(path) as entries:
        for entry in entries:
            if _is_leftover(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name == NOTICES:
                    names += [f"{NOTICES}/{one}" for one in _inside(path / NOTICES)]
                else:
                    names.append(f"{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                names.append(entry.name)
            else:
                names.append(f"{entry.name}@")
    return sorted(names)


def _inside(path: Path) -> list[str]:
    with os.scandir(path) as entries:
        return [
            entry.name if entry.is_file(follow_symlinks=False) else f"{entry.name}/"
            for entry in entries
            if not _is_leftover(entry.name)
        ]


def _is_leftover(name: str) -> bool:
    return (
        name.startswith((".", "~$")) or name.endswith(("~", ".bak", ".tmp", ".orig")) or name == "Thumbs.db"
    )


def _is_known(name: str) -> bool:
    if name in KNOWN or name in READMES:
        return True
    folder, _, last = name.rpartition("/")
    if folder:
        return folder == NOTICES and last.endswith(".md")
    return last.endswith(".csv")
