"""How commands speak: language, tables, JSON, mistakes."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner, Result

from zhuoli.cli import output
from zhuoli.core.text import Mistake, Text

NO_LOCALE = {"LC_ALL": None, "LC_MESSAGES": None, "LANG": None, "ZHUOLI_LANG": None}
PAIR = Text("端口被占用", "The port is taken")
REMEDY = Text("换一个端口", "Take another one")


def run(function: object, **environment: str) -> Result:
    command = click.Command("x", callback=function)  # type: ignore[arg-type]
    return CliRunner().invoke(command, env=NO_LOCALE | environment)


@pytest.mark.parametrize(
    ("environment", "one", "some"),
    [
        ({}, "en", ("zh", "en")),
        ({"LANG": "C.UTF-8"}, "en", ("zh", "en")),
        ({"LANG": "zh_CN.UTF-8"}, "zh", ("zh",)),
        ({"LANG": "en_GB.UTF-8"}, "en", ("en",)),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en", ("en",)),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en", ("zh", "en")),
        ({"LANG": "fr_FR.UTF-8"}, "en", ("zh", "en")),
        ({"LANG": "en_US.UTF-8", "ZHUOLI_LANG": "zh-CN"}, "zh", ("zh",)),
        ({"LANG": "zh_CN.UTF-8", "ZHUOLI_LANG": "nonsense"}, "zh", ("zh",)),
    ],
)
def test_language(environment: dict[str, str], one: str, some: tuple[str, ...]) -> None:
    seen: list[object] = []
    run(lambda: seen.extend([output.language(), output.languages()]), **environment)
    assert seen == [one, some]


def test_fail_says_what_is_wrong_and_what_to_do_on_standard_error() -> None:
    done = run(lambda: output.fail(PAIR, REMEDY, code="port_taken"))
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "错误：端口被占用 [port_taken]",
        "  怎么办：换一个端口",
        "Error: The port is taken",
        "  What to do: Take another one",
    ]
    assert "Error" not in run(lambda: output.fail(PAIR, REMEDY), LANG="zh_CN.UTF-8").stderr


def test_fail_with_another_exit_code() -> None:
    assert run(lambda: output.fail(PAIR, REMEDY, exit_code=2)).exit_code == 2


def test_json_keeps_chinese_readable() -> None:
    text = run(lambda: output.echo_json({"message": PAIR, "list": [1, None]})).stdout
    assert json.loads(text) == {"message": {"zh": PAIR.zh, "en": PAIR.en}, "list": [1, None]}
    assert "端口被占用" in text
    assert text.count("\n") > 3


def test_a_table_away_from_a_terminal_never_cuts() -> None:
    long = "长" * 300
    rows = [[PAIR, 3, None], [long, "[bold]not markup[/bold]", "x"]]
    shown = run(lambda: output.table([Text("什么", "What"), "n", ""], rows), LANG="zh_CN.UTF-8").stdout
    lines = shown.splitlines()
    assert len(lines) == 3
    assert lines[0].split() == ["什么", "n"]
    assert lines[1].split() == ["端口被占用", "3"]
    assert lines[2].split() == [long, "[bold]not", "markup[/bold]", "x"]


def test_mistakes_are_shown_with_place_and_remedy_and_counted() -> None:
    one = Mistake(code="unknown_name", message=PAIR, remedy=REMEDY, file="a/scenario.yaml", line=3, column=7)
    two = Mistake(code="odd", message=PAIR, remedy=REMEDY, severity="warning")
    counts: list[int] = []
    done = run(lambda: counts.append(output.show_mistakes([one, two])), LANG="en_US.UTF-8")
    assert counts == [1]
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "a/scenario.yaml:3:7: unknown_name: The port is taken",
        "  → Take another one",
        "odd: The port is taken",
        "  → Take another one",
    ]
