"""The page on output for programs names every command that has ``--json``, and every key of what they print."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import pytest
from tests.web.site import site_template  # noqa: F401 - starts Django

from zhuoli.cli import check, lint
from zhuoli.cli.commands import COMMANDS
from zhuoli.core.scenario.queries import Serving
from zhuoli.core.text import Mistake
from zhuoli.lake import loop, nightly, opening, results, tidying
from zhuoli.lake.hits import Hit
from zhuoli.office.worker import Done
from zhuoli.store import replay, tree, verify

PAGE = (Path(__file__).parents[2] / "docs" / "authors" / "cli-json.md").read_text(encoding="utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")[1:]}


def section(command: str) -> str:
    """The part of the page about a command; its heading may name several."""
    [found] = [
        part for heading, part in SECTIONS.items() if re.search(rf"`{command}( [^`]*)?--json`", heading)
    ]
    return found


def with_json(command: click.Command, path: str) -> list[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        inside = {name: command.get_command(context, name) for name in command.list_commands(context)}
        return [
            found for name, one in inside.items() if one for found in with_json(one, f"{path} {name}".strip())
        ]
    return [path] if any("--json" in option.opts for option in command.params) else []


def test_every_command_that_has_json_is_on_the_page() -> None:
    commands = [found for entry in COMMANDS for found in with_json(entry.load(), entry.name)]
    assert len(commands) >= 29
    for command in commands:
        assert section(command), command


@pytest.mark.parametrize(
    ("command", "printed"),
    [
        ("ledger verify", verify.Verified),
        ("ledger verify", verify.Fault),
        ("ledger replay", replay.Replayed),
        ("ledger replay", replay.Difference),
        ("ledger seal", tree.Sealed),
        ("ledger seal", tree.TreeHead),
        ("ledger prove", tree.Proof),
        ("ledger consistency", tree.Consistency),
        ("check", check.Finding),
        ("lint", lint.Outcome),
        ("worker", Done),
        ("register refresh", loop.Refreshed),
        ("register tidy", tidying.Tidied),
        ("model list", Serving),
        ("model try", Hit),
        ("model run", results.Run),
        ("model run", opening.Opened),
        ("model night", nightly.Night),
    ],
)
def test_every_key_is_named(command: str, printed: Any) -> None:
    text = section(command)
    for name in printed.__struct_fields__:
        assert re.search(rf"`([a-z_]+\[\])?\.?{name}(\[\])?[.`]", text), (command, name)


def test_mistakes_are_the_same_everywhere() -> None:
    for name in Mistake.__struct_fields__:
        assert f"`{name}`" in PAGE, name
