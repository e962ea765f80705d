"""``./zhuoli register generate`` and ``refresh``: rows that nobody imports, drawn from a seed or flowing in from the ledger."""

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
@click.option(
    "--seed", default=1, show_default=True, help="种子：同一种子，同样的数据。 The same seed, the same rows."
)
@DATA
@click.option("--only", multiple=True, help="只造这几个。 Only these registers.")
@JSON
@click.pass_obj
def generate(folder: Path, seed: int, data: Path | None, only: tuple[str, ...], as_json: bool) -> None:
    """造出全省规模的演示数据，标明是生成的。 Make rows of province size for a demonstration, marked generated.

    村和社区是真实名单。导入过的登记册不会被覆盖。 Villages are the real list. A register with imported rows is never overwritten.
    """
    from zhuoli.lake.folder import RegisterFolder
    from zhuoli.lake.generated import ORDER, REAL
    from zhuoli.lake.generated import generate as make

    lake = (data.resolve() if data else read_environment().data) / "lake"
    found = read_registers(folder)
    wanted = only or ORDER
    for name in wanted:
        if name not in ORDER:
            output.fail(
                Text(f"不会造“{name}”", f"“{name}” cannot be generated"),
                Text(f"可以造：{'、'.join(ORDER)}", f"Can be generated: {', '.join(ORDER)}"),
                code="not_generated",
                exit_code=2,
            )
        state = RegisterFolder(lake, name).state()
        if state is not None and state.origin != "generated" and name not in REAL:
            output.fail(
                Text(f"{name} 里是导入的数据，没有动", f"{name} holds imported rows and was left alone"),
                Text(
                    "换一个数据文件夹，或用 --only 指定别的登记册",
                    "Take another data folder, or name others with --only",
                ),
                code="not_overwritten",
            )
    made = []
    for one in make(lake, found.registers, seed=seed, now=time.time_ns() // 1_000_000, only=tuple(wanted)):
        made.append({"register": one.register, "rows": one.accepted, "seconds": round(one.seconds, 2)})
        if not as_json:
            title = found.registers[one.register].title
            output.say(Text(f"{title.zh}：{one.accepted:,} 行", f"{title.en}: {one.accepted:,} rows"))
    if as_json:
        output.echo_json({"ok": True, "seed": seed, "registers": made})


@click.command()
@JSON
@click.pass_obj
def refresh(folder: Path, as_json: bool) -> None:
    """让本系统的事项、任务和账目汇入登记册，只取新的。 Let cases, tasks and entries flow into registers, only what is new."""
    from zhuoli.cli.ledger import start_django

    start_django()
    from zhuoli.lake.folder import Busy
    from zhuoli.lake.loop import refresh as run

    try:
        made = run(
            read_environment().data / "lake",
            read_registers(folder).registers,
            now=time.time_ns() // 1_000_000,
        )
    except Busy:
        output.fail(
            Text("另一个程序正在汇入", "Another process is doing it"),
            Text("等它完成再试", "Try again when it is done"),
            code="busy",
        )
    if as_json:
        output.echo_json(made)
    else:
        output.say(
            Text(
                f"新账目 {made.entries:,} 笔，涉及 {made.cases:,} 件事",
                f"{made.entries:,} new entries of {made.cases:,} cases",
            )
        )
        for name, rows in made.fed.items():
            output.say(Text(f"{name}：改动 {rows:,} 行", f"{name}: rows changed: {rows:,}"))
        for name, path in made.refused.items():
            output.say(
                Text(
                    f"{name}：有的行没有收下，原因见 {path}", f"{name}: rows were not taken, {path} says why"
                )
            )
