"""``./zhuoli services --directory``: read the directory of legal service and tell every mistake by its line."""

from __future__ import annotations

from pathlib import Path

import click

from zhuoli.cli import output
from zhuoli.core.text import Text
from zhuoli.environment import read_environment
from zhuoli.places.providers import FILE, KINDS, read_providers


def check_directory(file: Path, as_json: bool) -> None:
    """Check a table; an empty path stands for the one in the data folder. Leaves with 1 when there are mistakes."""
    path = file if file.name else read_environment().data / FILE
    found, mistakes = read_providers(path)
    if as_json:
        kinds = {kind: sum(each.kind == kind for each in found) for kind in KINDS}
        output.echo_json(
            {
                "ok": not mistakes,
                "file": str(path),
                "providers": len(found),
                "kinds": kinds,
                "mistakes": mistakes,
            }
        )
    else:
        output.show_mistakes(mistakes)
        output.say(
            Text(
                f"{len(found)} 家可用；{len(mistakes)} 处错误",
                f"{len(found)} providers; mistakes: {len(mistakes)}",
            )
        )
    if mistakes:
        raise click.exceptions.Exit(1)
