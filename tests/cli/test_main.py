"""The table of commands: what is listed loads, what is not there is not listed, and help stays quick."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import click
import pytest
from click.testing import CliRunner, Result

from zhuoli import cli
from zhuoli.cli import commands
from zhuoli.cli import help as help_page
from zhuoli.core.text import Text
from zhuoli.environment import ROOT

GONE = commands.Entry("gone", "zhuoli.cli.no_such_module:gone", "start", Text("不在这里", "not there"))


def invoke(*words: str, **environment: str) -> Result:
    env = {"LANG": None, "LC_ALL": None, "LC_MESSAGES": None, "ZHUOLI_LANG": None, **environment}
    return CliRunner().invoke(cli.main, list(words), env=env, prog_name="./zhuoli")


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("entry", [e for e in commands.COMMANDS if e.exists()], ids=lambda entry: entry.name)
def test_every_listed_command_loads_and_has_help(entry: commands.Entry) -> None:
    assert isinstance(entry.load(), click.Command)
    assert entry.section in commands.SECTIONS
    shown = invoke(entry.name, "--help")
    assert shown.exit_code == 0
    assert f"./zhuoli {entry.name}" in shown.output


def test_the_page_lists_what_is_there_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "COMMANDS", (*commands.COMMANDS, GONE))
    shown = invoke("--help").output
    assert "not there" not in shown
    for entry in commands.COMMANDS:
        assert (entry.help.en in shown, entry.help.zh in shown) == (entry.exists(), entry.exists())
    answer = invoke("gone")
    assert answer.exit_code == 2


def test_the_page_is_the_same_without_a_command_and_after_h() -> None:
    assert invoke().output == invoke("--help").output == invoke("-h").output
    assert invoke().exit_code == 0


def test_the_page_fits_a_screen() -> None:
    lines = invoke("--help").output.splitlines()
    assert len(lines) <= 55
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("words", [["--lang", "zh", "--help"], ["--lang=zh"]])
def test_one_language_when_one_is_asked_for(words: list[str]) -> None:
    shown = invoke(*words).output
    assert "检查" in shown
    assert "Where to go next" not in shown
    assert invoke("--help", ZHUOLI_LANG="en").output.count("检查") == 0


def test_examples_name_only_commands_and_folders_that_are_there() -> None:
    assert not {command for command, *_ in help_page.EXAMPLES} - {entry.name for entry in commands.COMMANDS}
    page = help_page.page([])
    assert "./zhuoli demo" not in page
    shown = help_page.page([entry for entry in commands.COMMANDS if entry.name == "scenario"])
    assert ("minor_accident" in shown) == (ROOT / "scenarios/minor_accident").is_dir()


@pytest.mark.parametrize(("typed", "meant"), [("tset", "test"), ("chek", "check"), ("xyzzy", "--help")])
def test_a_wrong_name_is_answered_with_the_nearest(typed: str, meant: str) -> None:
    answer = invoke(typed)
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert f"试试 ./zhuoli {meant}" in answer.stderr
    assert f"Try ./zhuoli {meant}" in answer.stderr


def test_help_imports_no_command_and_no_framework() -> None:
    code = (
        "import sys; from zhuoli.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "print('LOADED', [m for m in sys.modules if m.split('.')[0] in ('django', 'duckdb', 'rich', 'psycopg')],\n"
        "      [e.module for e in __import__('zhuoli.cli').cli.COMMANDS if e.module in sys.modules])"
    )
    assert python(code).stdout.splitlines()[-1] == "LOADED [] []"


@pytest.mark.skipif(
    not any(entry.name == "scenario" and entry.exists() for entry in commands.COMMANDS),
    reason="no scenario command yet",
)
def test_scenario_commands_never_import_django() -> None:
    code = (
        "import sys; from zhuoli.cli import main\n"
        "try: main(['scenario', 'list'])\n"
        "except SystemExit: pass\n"
        "print('LOADED', [m for m in sys.modules if m.split('.')[0] == 'django'])"
    )
    assert python(code).stdout.splitlines()[-1] == "LOADED []"


def test_help_is_quick() -> None:
    """Against the interpreter's own start in the same moment, so that a busy machine does not fail it."""

    def took(*command: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-P", *command], capture_output=True, check=True, env={**os.environ})
        return time.perf_counter() - began

    pairs = [(took("-m", "zhuoli", "--help"), took("-c", "import click, msgspec")) for _ in range(5)]
    assert min(page / bare for page, bare in pairs) < 4
