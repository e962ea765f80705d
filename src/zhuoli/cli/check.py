"""``./zhuoli check``: is this machine ready, and if not, what to do.

A check is a function without arguments that yields findings. To add one, name it in ``CHECKS``; a module that
is not there is passed over, so a part of the product can bring its own check.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import click
import msgspec

from zhuoli.cli import output
from zhuoli.cli.options import JSON
from zhuoli.core.text import Text

Status = Literal["ok", "note", "warning", "failure"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found.

    ``note`` is something optional that is not there, ``warning`` will hurt later, ``failure`` keeps the product
    from running. Everything but ``ok`` has a remedy. ``detail`` holds the numbers, for programs.
    """

    name: str
    status: Status
    message: Text
    remedy: Text | None = None
    detail: dict[str, str | int | float | bool | None] = {}


CHECKS: tuple[str, ...] = (
    "zhuoli.cli.machine_checks:python",
    "zhuoli.cli.machine_checks:packages",
    "zhuoli.cli.machine_checks:sqlite",
    "zhuoli.cli.machine_checks:disk",
    "zhuoli.cli.machine_checks:port",
    "zhuoli.cli.machine_checks:local_time",
    "zhuoli.cli.machine_checks:postgresql",
    "zhuoli.cli.machine_checks:browser",
    "zhuoli.cli.machine_checks:fonts",
    "zhuoli.cli.decoding_check:decoding",
    "zhuoli.cli.decoding_check:blurring",
)


def findings(checks: Iterable[str] = CHECKS) -> Iterator[Finding]:
    """Run the checks, one after the other; a check that breaks is a finding itself."""
    for target in checks:
        module, _, attribute = target.partition(":")
        if not _exists(module):
            continue
        try:
            check: Callable[[], Iterable[Finding]] = getattr(importlib.import_module(module), attribute)
            yield from check()
        except Exception as error:  # noqa: BLE001  # the others must still be run
            yield Finding(
                name=attribute,
                status="failure",
                message=Text("这项检查自己出错了：{e}", "This check itself broke: {e}").format(
                    e=_words(error)
                ),
                remedy=Text(
                    "把这一行和 ./zhuoli check --json 的输出告诉维护者。",
                    "Tell the maintainers this line and what ./zhuoli check --json prints.",
                ),
            )


@click.command()
@JSON
def check(as_json: bool) -> None:
    """看看这台机器准备好了没有。 See whether this machine is ready.

    Exit code 0: nothing keeps the product from running; 1: something does.
    """
    found = []
    for finding in findings():
        found.append(finding)
        if not as_json:
            _show(finding)
    failures = sum(finding.status == "failure" for finding in found)
    if as_json:
        output.echo_json({"ready": not failures, "findings": found})
    elif failures:
        output.say(
            Text("有 {n} 项要先解决。", "{n} of these must be settled first.").format(n=failures), err=True
        )
    else:
        output.say(Text("可以运行。", "Ready."))
    if failures:
        raise click.exceptions.Exit(1)


_MARKS = {"ok": ("✓", "green"), "note": ("·", "cyan"), "warning": ("!", "yellow"), "failure": ("✗", "red")}


def _show(finding: Finding) -> None:
    mark, colour = _MARKS[finding.status]
    spoken = output.language()
    click.echo(f"{click.style(mark, fg=colour)} {finding.name:<11} {finding.message.in_language(spoken)}")
    if finding.remedy:
        click.echo(f"  {'':<11} → {finding.remedy.in_language(spoken)}")


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # its package is not there either
        return False


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
