"""``./zhuoli model run``, ``night`` and ``compare``: models are run, what they find becomes cases, two of them are compared."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhuoli.cli import output
from zhuoli.cli.ledger import start_django
from zhuoli.cli.model_shared import Models, now, query_failed, served, use_data
from zhuoli.cli.options import DATA, JSON
from zhuoli.core.text import Text

if TYPE_CHECKING:
    from zhuoli.core.scenario.model import Scenario
    from zhuoli.lake.comparing import Side
    from zhuoli.lake.nightly import Night, Told
    from zhuoli.lake.opening import Opened
    from zhuoli.lake.results import Run
    from zhuoli.office.handle import Office


@click.command()
@click.argument("name")
@click.option("--again", is_flag=True, help="数据没变也再查一次。 Run it even when nothing has changed.")
@click.option("--open", "opens", is_flag=True, help="把命中开成事项。 Open cases for the hits.")
@DATA
@JSON
@click.pass_obj
def run(models: Models, name: str, again: bool, opens: bool, data: Path | None, as_json: bool) -> None:
    """运行一个模型。 Run one model."""
    from zhuoli.lake.night import run_one

    scenario, lake = models.named(name), use_data(data)
    servings = served([scenario])[name]
    made = run_one(lake, models.registers, scenario, servings, now=now(), again=again)
    opened = {}
    if not as_json:
        _tell(made)
    if opens and made.error is None:
        opened[name] = _open(lake, scenario, {one.id for one in servings})
        if not as_json:
            _tell_opened(scenario, opened[name])
    if as_json:
        output.echo_json({"ok": made.error is None, "runs": [made], "opened": opened})
    if made.error is not None:
        raise click.exceptions.Exit(1)


@click.command()
@click.option("--again", is_flag=True, help="数据没变也再查一次。 Run all, even when nothing has changed.")
@click.option("--no-open", is_flag=True, help="只查，不开事项。 Only look, open no cases.")
@DATA
@JSON
@click.pass_obj
def night(models: Models, again: bool, no_open: bool, data: Path | None, as_json: bool) -> None:
    """现在就运行一夜：所有模型各查一遍，命中开成事项。 Run a night now: every model once, hits become cases.

    `zhuoli worker` 每晚自己运行。一个模型出错，别的照常。 The worker does it by itself each night. One that fails never stops the others.
    """
    lake = use_data(data)
    if no_open:
        _only_look(models, lake, again, as_json)
        return
    office = _office()
    from zhuoli.lake.nightly import due_night, run_night, take

    day, by = due_night(office.clock(), 0), f"{socket.gethostname()}:{os.getpid()}"
    if not take(day, by, office.clock(), office.alias, again=True):
        output.fail(
            Text("今晚正由另一个进程运行", "Another process is running this night"),
            Text(
                "等它运行完；被终止的 15 分钟后可以接着运行",
                "Wait for it; one that was killed can be taken over after 15 minutes",
            ),
            code="night_taken",
        )
    told: list[Told] = []
    done = run_night(office, lake, models.registers, day=day, by=by, again=again, told=told.append)
    if done is None:
        output.fail(
            Text("这一夜由别人接着运行了", "Somebody else goes on with this night"),
            Text("看运行记录", "Look at the record"),
        )
    if as_json:
        output.echo_json(
            {
                "ok": not done.failures,
                "night": done,
                "runs": [each.run for each in told],
                "opened": {each.run.scenario: each.opened for each in told if each.opened},
            }
        )
    else:
        for each in told:
            _tell(each.run)
            if each.opened is not None:
                _tell_opened(models.scenarios[each.run.scenario], each.opened)
        _tell_night(done)
    if done.failures:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("a")
@click.argument("b")
@click.option(
    "--rows",
    default=5,
    show_default=True,
    type=click.IntRange(0, 100),
    help="各看几个。 How many of each to show.",
)
@DATA
@JSON
@click.pass_obj
def compare(models: Models, a: str, b: str, rows: int, data: Path | None, as_json: bool) -> None:
    """比较两个版本或两个上架：只有 A、只有 B、两边都找到的。 Compare two versions or servings: hits only in A, only in B, in both.

    A 和 B 写：模型名（今晚的上架）、模型名/上架编号，或场景文件夹的路径。 A and B: a model (as it is on the menu), MODEL/SERVING, or
    the path of a scenario folder.
    """
    import duckdb

    from zhuoli.lake.comparing import compare_sides
    from zhuoli.lake.engine import BadResult

    lake = use_data(data)
    sides = [_side(models, each) for each in (a, b)]
    try:
        found = compare_sides(lake, models.registers, *sides, now=now())
    except (BadResult, duckdb.Error) as error:
        query_failed(error)
    groups = {"only_a": found.split.only_a, "only_b": found.split.only_b, "both": found.split.both}
    if as_json:
        output.echo_json(
            {
                "a": a,
                "b": b,
                **{name: len(hits) for name, hits in groups.items()},
                "seconds": [round(one.seconds, 3) for one in (found.a, found.b)],
                "sample": {name: hits[:rows] for name, hits in groups.items()},
            }
        )
        return
    titles = {
        "only_a": Text("只有 A 找到", "Only in A"),
        "only_b": Text("只有 B 找到", "Only in B"),
        "both": Text("两边都找到", "In both"),
    }
    output.say(Text(f"A：{sides[0].name.zh}", f"A: {sides[0].name.en}"))
    output.say(Text(f"B：{sides[1].name.zh}", f"B: {sides[1].name.en}"))
    for name, hits in groups.items():
        title = titles[name]
        output.say(Text(f"{title.zh}：{len(hits):,}", f"{title.en}: {len(hits):,}"))
        for hit in hits[:rows]:
            output.say(Text(f"  {hit.reason_zh}", f"  {hit.reason_en}"))


def _side(models: Models, written: str) -> Side:
    """Return what one of the two arguments stands for."""
    from zhuoli.core.scenario.folder import read_folder
    from zhuoli.lake.comparing import Side
    from zhuoli.lake.night import servings_of

    path = Path(written)
    if path.is_dir():
        scenario, mistakes = read_folder(path)
        if scenario is None or scenario.query is None:
            output.show_mistakes(mistakes)
            output.fail(
                Text(f"{written} 不是可用的模型文件夹", f"{written} is no folder of a sound model"),
                Text(f"./zhuoli scenario check {written}", f"./zhuoli scenario check {written}"),
                code="bad_folder",
            )
        return Side(name=Text(written, written), scenario=scenario, servings=servings_of(scenario))
    name, _, serving = written.partition("/")
    scenario = models.named(name)
    servings = [one for one in served([scenario])[name] if serving in ("", one.id)]
    if not servings:
        output.fail(
            Text(f"没有上架“{written}”", f"There is no serving “{written}”"),
            Text("./zhuoli model list --json 列出编号", "./zhuoli model list --json lists their ids"),
            code="unknown_serving",
            exit_code=2,
        )
    title = servings[0].title if serving else scenario.title
    return Side(name=title, scenario=scenario, servings=servings)


def _only_look(models: Models, lake: Path, again: bool, as_json: bool) -> None:
    from zhuoli.lake.night import night as run_all

    runs = run_all(
        lake,
        models.registers,
        models.scenarios.values(),
        now=now(),
        again=again,
        servings=served(list(models.scenarios.values())),
        told=(lambda _: None) if as_json else _tell,
    )
    if as_json:
        output.echo_json({"ok": not any(one.error for one in runs), "runs": runs, "opened": {}})
    if any(one.error for one in runs):
        raise click.exceptions.Exit(1)


def _office() -> Office:
    start_django()
    from zhuoli.office.directory import BadDirectory
    from zhuoli.office.opening import open_office
    from zhuoli.office.seals import BadSeal
    from zhuoli.office.ways_to_sign import BadSigning
    from zhuoli.store.keys import KeyTrouble

    try:
        return open_office()
    except (KeyTrouble, BadDirectory, BadSigning, BadSeal) as error:
        output.fail(error.text, error.remedy, code=error.code)


def _open(lake: Path, scenario: Scenario, servings: Collection[str]) -> Opened:
    office = _office()
    from zhuoli.lake.opening import open_hits

    return open_hits(office, lake, scenario, servings=servings)


def _tell(run: Run) -> None:
    if run.error is not None:
        output.say(Text(f"✗ {run.scenario}：{run.error.zh}", f"✗ {run.scenario}: {run.error.en}"), err=True)
    elif run.unchanged:
        output.say(Text(f"= {run.scenario}：数据没变，不用再查", f"= {run.scenario}: nothing has changed"))
    else:
        output.say(
            Text(
                f"✓ {run.scenario}：新 {run.new}，仍在 {run.still}，消失 {run.gone}；{run.seconds:.2f} 秒",
                f"✓ {run.scenario}: {run.new} new, {run.still} still there, {run.gone} gone; {run.seconds:.2f} s",
            )
        )


def _tell_opened(scenario: Scenario, made: Opened) -> None:
    if made.opened or made.waiting or made.refused:
        output.say(
            Text(
                f"{scenario.title.zh}：开了 {made.opened} 件，{made.waiting} 个留到下次，{len(made.refused)} 个开不了",
                f"{scenario.title.en}: {made.opened} cases opened, {made.waiting} left for the next time, {len(made.refused)} refused",
            )
        )


def _tell_night(done: Night) -> None:
    output.say(
        Text(
            f"{done.models} 个模型，{done.unchanged} 个数据没变，{len(done.failures)} 个出错；新命中 {done.new}，开了 {done.opened} 件",
            f"{done.models} models, {done.unchanged} unchanged, {len(done.failures)} failed; {done.new} new hits, {done.opened} cases opened",
        )
    )
    for failure in done.failures:
        output.say(
            Text(f"✗ {failure.model}：{failure.error.zh}", f"✗ {failure.model}: {failure.error.en}"), err=True
        )
