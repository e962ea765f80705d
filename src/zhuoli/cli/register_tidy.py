"""``./zhuoli register tidy``: what is to be kept no longer is removed."""

from __future__ import annotations

import time
from pathlib import Path

import click

from zhuoli.cli import output
from zhuoli.cli.options import DATA, JSON
from zhuoli.core.registers import read_registers
from zhuoli.core.text import Text
from zhuoli.environment import read_environment


@click.command()
@DATA
@JSON
@click.pass_obj
def tidy(folder: Path, data: Path | None, as_json: bool) -> None:
    """删去过了保存期限的行、30 天前没收下的行、没人再读的旧数据。 Remove rows past their deletion period, and old files.

    worker 每晚也做。 The worker does it each night, too.
    """
    from zhuoli.lake.folder import Busy
    from zhuoli.lake.tidying import tidy as tidy_one

    lake = (data.resolve() if data else read_environment().data) / "lake"
    made, busy = [], []
    for one in read_registers(folder).registers.values():
        try:
            made.append(tidy_one(lake, one, now=time.time_ns() // 1_000_000))
        except Busy:
            busy.append(one.register)
    if as_json:
        output.echo_json({"ok": not busy, "tidied": [each for each in made if each.total], "busy": busy})
    for each in () if as_json else made:
        if each.total:
            output.say(
                Text(
                    f"{each.register}：删去 {each.rows:,} 行、{each.rejects} 个没收下的文件、{each.generations} 份旧数据",
                    f"{each.register}: {each.rows:,} rows, {each.rejects} files of rows not taken, {each.generations} old states removed",
                )
            )
    if busy:
        output.fail(
            Text(f"正在导入，没有动：{'、'.join(busy)}", f"Being imported, left alone: {', '.join(busy)}"),
            Text("等导入完再运行一次", "Run it again once the import is over"),
            code="register_busy",
        )
