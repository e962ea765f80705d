"""``./zhuoli model``: scenarios that find their own cases: list, try, run one, run all of them as each night."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from zhuoli.cli import output
from zhuoli.cli.options import DATA, JSON
from zhuoli.core.registers import Register, read_registers
from zhuoli.core.scenario.catalog import did_you_mean
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.shelf import read_shelf
from zhuoli.core.text import Text
from zhuoli.environment import read_environment

if TYPE_CHECKING:
    from zhuoli.lake.night import Run
    from zhuoli.lake.opening import Opened


class Models(msgspec.Struct, frozen=True):
    """What the commands work on."""

    scenarios: dict[str, Scenario]
    registers: dict[str, Register]
    folders: dict[str, Path]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--shelf", type=click.Path(path_type=Path, file_okay=False), help="场景架。 The shelf.")
@click.pass_context
def model(context: click.Context, shelf: Path | None) -> None:
    """模型：自己去找事的场景。 Models: scenarios that find their own cases."""
    from zhuoli.lake.night import with_queries

    environment = read_environment()
    found = read_shelf(shelf or environment.scenarios)
    context.obj = Models(
        with_queries(found.scenarios), read_registers(environment.registers).registers, found.folders
    )


@model.command("list")
@DATA
@JSON
@click.pass_obj
def list_(models: Models, data: Path | None, as_json: bool) -> None:
    """列出模型：找什么、几个上架、上次找到多少。 List models: what they find, their servings, the last run."""
    from zhuoli.lake.night import last_run, servings_of

    lake = _lake(data)
    lines = [(name, one, servings_of(one), last_run(lake, name)) for name, one in models.scenarios.items()]
    if as_json:
        output.echo_json(
            [
                {
                    "model": name,
                    "title": one.title,
                    "finds": one.query.finds if one.query else None,
                    "subject": one.query.subject if one.query else None,
                    "reads": one.query.reads if one.query else (),
                    "servings": servings,
                    "last_run": last,
                }
                for name, one, servings, last in lines
            ]
        )
        return
    heads = (("模型", "Model"), ("找什么", "Finds"), ("上架", "Servings"), ("命中", "Hits"), ("秒", "s"))
    output.table(
        [Text(*head) for head in heads],
        [
            [
                name,
                one.query.finds if one.query else "",
                len(servings),
                "—" if last is None else last.hits,
                "" if last is None else last.seconds,
            ]
            for name, one, servings, last in lines
        ],
    )


@model.command()
@JSON
@click.pass_obj
def check(models: Models, as_json: bool) -> None:
    """检查每个查询：读了什么、能不能用。 Check every query: what it reads, whether it may be run."""
    from zhuoli.lake.query_check import check_query

    mistakes = [
        one.at(str(models.folders[name] / one.file))
        if not one.file
        else msgspec.structs.replace(one, file=str(models.folders[name] / one.file))
        for name, scenario in models.scenarios.items()
        for one in check_query(scenario, models.registers)
    ]
    if as_json:
        output.echo_json({"ok": not mistakes, "models": list(models.scenarios), "mistakes": mistakes})
    else:
        output.show_mistakes(mistakes)
        count = len(models.scenarios)
        output.say(
            Text(f"{count} 个模型；{len(mistakes)} 处错误", f"{count} models; mistakes: {len(mistakes)}")
        )
    if mistakes:
        raise click.exceptions.Exit(1)


@model.command("try")
@click.argument("name")
@click.option("--serving", default="", help="只试这个上架。 Only this serving.")
@click.option(
    "--rows", default=5, show_default=True, type=click.IntRange(0, 100), help="看几个。 How many to show."
)
@DATA
@JSON
@click.pass_obj
def try_(models: Models, name: str, serving: str, rows: int, data: Path | None, as_json: bool) -> None:
    """用今天的数据试一次，什么也不留下。 Try it on today's data; nothing is kept."""
    import duckdb

    from zhuoli.lake.night import BadResult, servings_of, try_out

    scenario = _named(models, name)
    servings = [one for one in servings_of(scenario) if serving in ("", one.id)]
    try:
        found = try_out(_lake(data), models.registers, scenario, servings, now=_now())
    except (BadResult, duckdb.Error) as error:
        said = error.text if isinstance(error, BadResult) else Text(str(error), str(error))
        output.fail(
            said,
            Text(
                "改 query.sql；./zhuoli model check 说得更细",
                "Correct query.sql; ./zhuoli model check says more",
            ),
            code="query_failed",
        )
    some = found.hits[:rows]
    if as_json:
        output.echo_json(
            {
                "model": name,
                "hits": len(found.hits),
                "seconds": round(found.seconds, 3),
                "rows_read": found.rows_read,
                "sample": some,
            }
        )
        return
    output.say(
        Text(
            f"找到 {len(found.hits):,} 个，读 {found.rows_read:,} 行，{found.seconds:.2f} 秒",
            f"{len(found.hits):,} hits, {found.rows_read:,} rows read, {found.seconds:.2f} s",
        )
    )
    for hit in some:
        output.say(Text(f"  {hit.serving}  {hit.reason_zh}", f"  {hit.serving}  {hit.reason_en}"))


@model.command()
@click.argument("name")
@click.option("--again", is_flag=True, help="数据没变也再查一次。 Run it even when nothing has changed.")
@click.option("--open", "opens", is_flag=True, help="把命中开成事项。 Open cases for the hits.")
@DATA
@JSON
@click.pass_obj
def run(models: Models, name: str, again: bool, opens: bool, data: Path | None, as_json: bool) -> None:
    """运行一个模型。 Run one model."""
    _run(models, [_named(models, name)], data, again=again, opens=opens, as_json=as_json)


@model.command()
@click.option("--again", is_flag=True, help="数据没变也再查一次。 Run all, even when nothing has changed.")
@click.option("--no-open", is_flag=True, help="只查，不开事项。 Only look, open no cases.")
@DATA
@JSON
@click.pass_obj
def night(models: Models, again: bool, no_open: bool, data: Path | None, as_json: bool) -> None:
    """每晚：所有模型各查一遍，命中开成事项。 Each night: every model once, hits become cases.

    一个模型出错，别的照常。 One that fails never stops the others.
    """
    _run(models, list(models.scenarios.values()), data, again=again, opens=not no_open, as_json=as_json)


def _run(
    models: Models, scenarios: list[Scenario], data: Path | None, *, again: bool, opens: bool, as_json: bool
) -> None:
    from zhuoli.lake.night import night as run_all

    lake = _lake(data)
    runs = run_all(
        lake,
        models.registers,
        scenarios,
        now=_now(),
        again=again,
        told=(lambda _: None) if as_json else _tell,
    )
    opened = _open(lake, scenarios, as_json) if opens else {}
    if as_json:
        output.echo_json({"ok": not any(one.error for one in runs), "runs": runs, "opened": opened})
    if any(one.error for one in runs):
        raise click.exceptions.Exit(1)


def _open(lake: Path, scenarios: list[Scenario], as_json: bool) -> dict[str, Opened]:
    from zhuoli.cli.ledger import start_django

    start_django()
    from zhuoli.lake.opening import open_hits
    from zhuoli.office.directory import BadDirectory
    from zhuoli.office.opening import open_office
    from zhuoli.store.keys import KeyTrouble

    try:
        office = open_office()
    except (KeyTrouble, BadDirectory) as error:
        output.fail(error.text, error.remedy, code=error.code)
    found = {}
    for scenario in scenarios:
        made = found[scenario.scenario] = open_hits(office, lake, scenario, now=_now())
        if not as_json and (made.opened or made.waiting or made.refused):
            output.say(
                Text(
                    f"{scenario.title.zh}：开了 {made.opened} 件，{made.waiting} 个留到下次，{len(made.refused)} 个开不了",
                    f"{scenario.title.en}: {made.opened} cases opened, {made.waiting} left for the next time, {len(made.refused)} refused",
                )
            )
    return found


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


def _named(models: Models, name: str) -> Scenario:
    one = models.scenarios.get(name)
    if one is None:
        near = did_you_mean(name, list(models.scenarios))
        output.fail(
            Text(f"没有模型“{name}”", f"There is no model “{name}”"),
            Text(f"{near.zh}model list 列出全部", f"{near.en}model list shows all"),
            code="unknown_model",
            exit_code=2,
        )
    return one


def _lake(data: Path | None) -> Path:
    return (data.resolve() if data else read_environment().data) / "lake"


def _now() -> int:
    return time.time_ns() // 1_000_000
