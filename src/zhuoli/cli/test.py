"""``./zhuoli test``: pytest with the project's settings, from any folder."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import click

from zhuoli.cli import output
from zhuoli.core.text import Text
from zhuoli.environment import ROOT


@click.command(
    context_settings={
        "ignore_unknown_options": True,
        "allow_extra_args": True,
        "allow_interspersed_args": False,
    }
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[PYTEST ARGUMENTS]…")
def test(arguments: tuple[str, ...]) -> None:
    """运行测试。 Run the tests.

    What this machine lacks (PostgreSQL, a browser) is said aloud at the start, and at the end with the number
    of tests that were skipped for it. Everything after `test` goes to pytest:

    \b
      ./zhuoli test                        all but the slow ones, on every core
      ./zhuoli test --all                  the slow ones too
      ./zhuoli test tests/core -k calendar one after the other, as always where something is named
      ./zhuoli test --require postgres --require browser
                                           fail where something is missing
    """
    if importlib.util.find_spec("pytest") is None:
        output.fail(
            Text("这个环境里没有 pytest。", "This environment has no pytest."),
            Text(
                "用 ./zhuoli test 启动，它会装好测试用的包。", "Start it as ./zhuoli test, which installs it."
            ),
            code="no_pytest",
        )
    words = [_from_root(argument, Path.cwd()) for argument in arguments]
    if set(words) <= _WHOLE:
        words = [*_on_every_core(), *words]
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-P", "-m", "pytest", *words])  # noqa: S606  # no shell is wanted


_WHOLE = {"--all", "--require", "postgres", "browser"}
"""With these words alone it is still the whole suite that runs."""


def _on_every_core() -> list[str]:
    """Return what makes pytest share the tests out, file by file, among as many processes as there are cores.

    In the order of the folders: by default the files with the fewest tests would come last, and these are the slow ones.
    The slowest tests are told at the end, so that what makes the suite long is seen when it is written.
    """
    cores = str(len(os.sched_getaffinity(0)))
    return ["-n", cores, "--dist", "loadfile", "--no-loadscope-reorder", *_SLOWEST]


_SLOWEST = ["--durations=30", "--durations-min=4"]


def _from_root(argument: str, here: Path) -> str:
    """Make a path that the caller meant from his own folder absolute; leave everything else."""
    path, mark, rest = argument.partition("::")
    if not path.startswith("-") and (here / path).exists():
        return f"{(here / path).resolve()}{mark}{rest}"
    return argument
