"""``./zhuoli model``: scenarios that find their own cases: list, try, run one, run all of them as each night."""

from __future__ import annotations

import os
from pathlib import Path

import click
import msgspec

from zhuoli.cli import output
from zhuoli.cli.model_check import check
from zhuoli.cli.model_run import compare, night, run
from zhuoli.cli.model_shared import Models, now, query_failed, served, use_data
from zhuoli.cli.options import DATA, JSON
from zhuoli.core.scenario.queries import DIGITS, TERRITORY, Query, Serving
from zhuoli.core.text import Text
from zhuoli.environment import read_environment


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--shelf", type=click.Path(path_type=Path, file_okay=False), help="场景架。 The shelf.")
@click.pass_context
def model(context: click.Context, shelf: Path | None) -> None:
    """模型：自己去找事的场景。 Models: scenarios that find their own cases."""
    if shelf is not None:
        os.environ["ZHUOLI_SCENARIOS"] = str(shelf.resolve())
    environment = read_environment()
    context.obj = Models(environment.scenarios, environment.registers)


@model.command("list")
@DATA
@JSON
@click.pass_obj
def list_(models: Models, data: Path | None, as_json: bool) -> None:
    """列出模型：找什么、几个上架、上次找到多少。 List models: what they find, their servings, the last run."""
    from zhuoli.lake.results import last_run

    lake = use_data(data)
    menu = served(list(models.scenarios.values()))
    lines = [(name, one, menu[name], last_run(lake, name)) for name, one in models.scenarios.items()]
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
                "" if last is None else f"{last.seconds:.2f}",
            ]
            for name, one, servings, last in lines
        ],
    )


@model.command("try")
@click.argument("name")
@click.option("--serving", default="", help="只试这个上架。 Only this serving.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PARAMETER=NUMBER",
    help="改参数再试，可重复。 Try with other parameters; may be repeated.",
)
@click.option(
    "--territory",
    default=None,
    metavar="CODE",
    help="试这个辖区：代码的开头。 Try for a territory: what codes begin with.",
)
@click.option(
    "--rows", default=5, show_default=True, type=click.IntRange(0, 100), help="看几个。 How many to show."
)
@DATA
@JSON
@click.pass_obj
def try_(
    models: Models,
    name: str,
    serving: str,
    settings: tuple[str, ...],
    territory: str | None,
    rows: int,
    data: Path | None,
    as_json: bool,
) -> None:
    """用今天的数据试一次，什么也不留下。 Try it on today's data; nothing is kept."""
    import duckdb

    from zhuoli.lake.engine import BadResult
    from zhuoli.lake.night import try_out
    from zhuoli.lake.reading import without_rows

    scenario, lake = models.named(name), use_data(data)
    servings = _chosen(served([scenario])[name], serving)
    if settings or territory is not None:
        assert scenario.query is not None  # noqa: S101 - models have one
        servings = [_changed(one, scenario.query, settings, territory) for one in servings[:1]]
    try:
        found = try_out(lake, models.registers, scenario, servings, now=now())
    except (BadResult, duckdb.Error) as error:
        query_failed(error)
    some = found.hits[:rows]
    empty = without_rows(lake, models.registers, scenario.query.reads if scenario.query else ())
    if as_json:
        output.echo_json(
            {
                "model": name,
                "hits": len(found.hits),
                "seconds": round(found.seconds, 3),
                "rows_read": found.rows_read,
                "memory": found.memory,
                "without_rows": [one.register for one in empty],
                "sample": some,
            }
        )
        return
    output.say(
        Text(
            f"找到 {len(found.hits):,} 个，读 {found.rows_read:,} 行，{found.seconds:.2f} 秒，内存 {found.memory / 1e6:.0f} MB",
            f"{len(found.hits):,} hits, {found.rows_read:,} rows read, {found.seconds:.2f} s, {found.memory / 1e6:.0f} MB",
        )
    )
    for hit in some:
        output.say(Text(f"  {hit.serving}  {hit.reason_zh}", f"  {hit.serving}  {hit.reason_en}"))
    if empty:
        output.say(
            Text(
                f"还没有数据的登记册：{'、'.join(one.title.zh for one in empty)}；先用 ./zhuoli register import 导入",
                f"Registers without rows: {', '.join(one.title.en for one in empty)}; import them first: ./zhuoli register import",
            ),
            err=True,
        )


def _chosen(servings: list[Serving], wanted: str) -> list[Serving]:
    """Return the serving that is wanted, all where none is; stop where there is no such one."""
    found = [one for one in servings if wanted in ("", one.id)]
    if not found:
        output.fail(
            Text(f"没有上架“{wanted}”", f"There is no serving “{wanted}”")
            if wanted
            else Text("这个模型没有上架", "This model is not served"),
            Text(
                f"已上架：{'、'.join(one.id for one in servings) or '无'}",
                f"Servings: {', '.join(one.id for one in servings) or 'none'}",
            ),
            code="unknown_serving",
            exit_code=2,
        )
    return found


def _changed(serving: Serving, query: Query, settings: tuple[str, ...], territory: str | None) -> Serving:
    """Return a serving with other parameters and another territory; stop where one of them cannot be."""
    values = dict(serving.values)
    for setting in settings:
        name, _, written = setting.partition("=")
        parameter = query.parameters.get(name.strip())
        value = parameter.read(written) if parameter else None
        if parameter is None or value is None:
            known = ", ".join(f"{key} {one.minimum}–{one.maximum}" for key, one in query.parameters.items())
            output.fail(
                Text(f"不能这样设参数：{setting}", f"A parameter cannot be set so: {setting}"),
                Text(f"可以设：{known or '无'}", f"Parameters: {known or 'none'}"),
                code="bad_parameter",
                exit_code=2,
            )
        values[name.strip()] = value
    if territory is not None and not TERRITORY.fullmatch(territory):
        output.fail(
            Text(f"没有辖区“{territory}”", f"There is no territory “{territory}”"),
            Text(
                "写 62、市州 4 位、县区 6 位或乡镇街道 9 位代码",
                "Write 62, four digits of a city, six of a county, or nine of a town",
            ),
            code="bad_territory",
            exit_code=2,
        )
    if territory is not None and len(territory) > DIGITS[query.smallest]:
        output.fail(
            Text(
                f"这个模型最小按县区上架，“{territory}”是乡镇街道",
                f"This model is served for a county at the smallest; “{territory}” is a town",
            ),
            Text("写 6 位以内的代码", "Write six digits at most"),
            code="bad_territory",
            exit_code=2,
        )
    changed = serving.territory if territory is None else territory
    return msgspec.structs.replace(serving, values=values, territory="" if changed == "62" else changed)


for _command in (check, run, night, compare):
    model.add_command(_command)
