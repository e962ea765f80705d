"""``./zhuoli model check``: every query is looked at; where nothing was touched since, what was said is said again.

What was said is kept under the names, sizes and times of change of every file that it follows from: the shelf, the registers, and the code
that judges. Thousands of folders are then neither read nor decoded.
"""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

import click
import msgspec

from zhuoli.cli import output
from zhuoli.cli.model_shared import Models
from zhuoli.cli.options import JSON
from zhuoli.core.scenario.source import fingerprint
from zhuoli.core.text import Mistake, Text
from zhuoli.environment import read_environment


class _Said(msgspec.Struct, frozen=True, array_like=True):
    """What is kept: what it follows from, the models, and what is wrong with them."""

    seen: str
    models: tuple[str, ...]
    mistakes: tuple[Mistake, ...]


@click.command()
@JSON
@click.pass_obj
def check(models: Models, as_json: bool) -> None:
    """检查每个查询：读了什么、能不能用。 Check every query: what it reads, whether it may be run."""
    said = _said(models)
    if as_json:
        output.echo_json({"ok": not said.mistakes, "models": said.models, "mistakes": said.mistakes})
    else:
        output.show_mistakes(said.mistakes)
        count, wrong = len(said.models), len(said.mistakes)
        output.say(Text(f"{count} 个模型；{wrong} 处错误", f"{count} models; mistakes: {wrong}"))
    if said.mistakes:
        raise click.exceptions.Exit(1)


def _said(models: Models) -> _Said:
    data = read_environment().data
    if not data.is_dir():
        return _look(models, "", None)
    kept = data / "cache" / "models.msgpack"
    seen = _seen(models)
    try:
        said = msgspec.msgpack.decode(kept.read_bytes(), type=_Said)
    except (OSError, msgspec.MsgspecError):
        said = None
    if said is None or said.seen != seen:
        said = _look(models, seen, data / "lake")
        kept.parent.mkdir(exist_ok=True)
        fresh = kept.with_name(f"{kept.name}.{os.getpid()}.tmp")
        fresh.write_bytes(msgspec.msgpack.encode(said))
        fresh.replace(kept)
    return said


def _look(models: Models, seen: str, lake: Path | None) -> _Said:
    """Look at every query, and at folders with a query that cannot be read."""
    from contextlib import ExitStack

    from zhuoli.lake.known import Known
    from zhuoli.lake.results import Results

    mistakes = [
        one
        for one in models.mistakes
        if one.severity == "error" and (Path(one.file).parent / "query.yaml").is_file()
    ]
    with ExitStack() as opened:
        known = Known(models.registers, opened.enter_context(Results(lake)) if lake else None)
        opened.callback(known.flush)
        for name, scenario in models.scenarios.items():
            for one in known.mistakes(scenario):
                mistakes.append(msgspec.structs.replace(one, file=str(models.folders[name] / one.file)))
    return _Said(seen, tuple(models.scenarios), tuple(mistakes))


def _seen(models: Models) -> str:
    """One word for every file that the answer follows from."""
    source = Path(__file__).parent.parent
    code = [str(path) for room in ("core", "lake") for path, *_ in os.walk(source / room)]
    folders = [
        str(each)
        for each in (models.register_folder, *_folders(models.shelf), *_folders(models.shelf / "_lives"))
    ]
    word = hashlib.sha256(version("sqlglot").encode())
    for folder in (*folders, *sorted(code)):
        word.update(f"{folder}\0{fingerprint(folder)}\n".encode())
    return word.hexdigest()


def _folders(place: Path) -> list[str]:
    try:
        with os.scandir(place) as entries:
            return sorted(one.path for one in entries if one.is_dir() and not one.name.startswith("."))
    except FileNotFoundError:
        return []
