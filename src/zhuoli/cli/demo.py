"""``./zhuoli demo``: a generated city, made once and then started again in seconds."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from zhuoli.cli import output
from zhuoli.cli.demo_running import Running, Stop, stoppable
from zhuoli.cli.serve import port_problem
from zhuoli.core.text import Text
from zhuoli.demo.folder import DemoFolder, FolderTrouble, Mark, Sample
from zhuoli.demo.pace import MOST_PACE, PACE
from zhuoli.environment import ROOT

SEED = 20240517
DAYS = 90
LEFT_BEHIND = 10.0
"""Seconds for which the port may still be held by the server of a demonstration that was killed."""


@click.command()
@click.option(
    "--port",
    default=8000,
    envvar="ZHUOLI_PORT",
    show_default=True,
    type=click.IntRange(1, 65535),
    help="端口。 The port to listen on.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="地址。 The address to listen on.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="数据文件夹。 Where the data lie [data/demo].",
)
@click.option(
    "--reset", is_flag=True, help="丢掉已有的，重新生成。 Throw away what is there and make it anew."
)
@click.option(
    "--days",
    default=DAYS,
    show_default=True,
    type=click.IntRange(1, 365),
    help="城市已过了多少天。 How many days the city has lived.",
)
@click.option(
    "--seed", default=SEED, show_default=True, help="同一个种子，同一座城市。 The same seed, the same city."
)
@click.option(
    "--live", "alive", is_flag=True, help="城市在您眼前继续过下去。 The city goes on while you watch."
)
@click.option(
    "--pace",
    default=str(PACE),
    show_default=True,
    metavar="N|real",
    callback=lambda context, parameter, value: _pace(value),
    help=f"--live 每分钟办几步（1–{MOST_PACE}），real 是真实快慢。 With --live: commands a minute, or “real”.",
)
@click.option("--no-serve", is_flag=True, help="只生成，不启动。 Make it, do not start it.")
def demo(
    port: int,
    host: str,
    data: Path | None,
    reset: bool,
    days: int,
    seed: int,
    alive: bool,
    pace: int,
    no_serve: bool,
) -> None:
    """造一座演示城市，在浏览器里走一遍。 Make a generated city and walk through it in your browser.

    Everything in it is generated: people, matters, units. The first start takes about a minute, the next ones a
    few seconds. Ctrl-C ends it. With --live new matters keep arriving and units, people and supervisors go on acting,
    by the same commands as everybody.
    """
    folder = DemoFolder((data or ROOT / "data" / "demo").resolve())
    try:
        with stoppable():
            try:
                folder.take()
                _prepare(folder, host)
            except FolderTrouble as trouble:
                output.fail(trouble.text, trouble.remedy, code=trouble.code)
            if not no_serve:
                _require_port(host, port, patience=LEFT_BEHIND if folder.abandoned else 0.0)
            mark = _made(folder, reset=reset, days=days, seed=seed)
            if not no_serve:
                _serve(folder, mark, host, port, pace if alive else None)
    except Stop:
        output.say(Text("已停下。", "Stopped."), err=True)
        raise click.exceptions.Exit(0 if folder.mark() else 130) from None
    finally:
        folder.leave()


def _pace(value: str) -> int:
    """Return commands a minute; 0 stands for real pace."""
    if value == "real":
        return 0
    if value.isdigit() and 1 <= int(value) <= MOST_PACE:
        return int(value)
    raise click.BadParameter(
        f"1–{MOST_PACE} 或 real / 1 to {MOST_PACE}, or real; not {value!r}", param_hint="--pace"
    )


def _tell_pace(pace: int) -> None:
    said = (
        Text(
            f"城市继续过下去：每分钟约 {pace} 步。",
            f"The city goes on: about {pace} commands a minute.",
        )
        if pace
        else Text("城市按真实快慢继续过下去。", "The city goes on at its real pace.")
    )
    for lang in output.languages():
        click.echo("  " + said.in_language(lang))


def _prepare(folder: DemoFolder, host: str) -> None:
    """Set the environment before anything reads the settings; an outer database is never touched."""
    keys = folder.secrets()
    os.environ.pop("ZHUOLI_DATABASE_URL", None)
    os.environ.update(
        ZHUOLI_MODE="demo",
        ZHUOLI_DATA=str(folder.path),
        ZHUOLI_SECRET=keys.secret,
        ZHUOLI_MASTER_KEY=keys.master_key,
        ZHUOLI_HOSTS=",".join(dict.fromkeys((host if host != "0.0.0.0" else "*", "127.0.0.1", "localhost"))),  # noqa: S104
        ZHUOLI_HTTPS="0",
        DJANGO_SETTINGS_MODULE="zhuoli.settings",
    )


def _require_port(host: str, port: int, patience: float) -> None:
    problem = port_problem(host, port, patience)
    if problem:
        output.fail(
            Text(f"端口 {port} 用不了：{problem}。", f"Port {port} cannot be used: {problem}."),
            Text(
                f"停掉占用它的程序，或换一个端口:./zhuoli demo --port {port + 1 if port < 65535 else 8000}",
                f"Stop the program that uses it, or take another port: ./zhuoli demo --port {port + 1 if port < 65535 else 8000}",
            ),
            code="port_taken",
        )


def _made(folder: DemoFolder, *, reset: bool, days: int, seed: int) -> Mark:
    """Return the mark of a complete city: the one that is there, or one made now."""
    mark = None if reset else folder.mark()
    if mark is not None and not _complete(mark):
        mark = None
    if mark is None:
        half = folder.database.exists() and not reset
        if half:
            output.say(
                Text("上次没有生成完，重新开始。", "The last start was interrupted; beginning afresh."),
                err=True,
            )
        folder.empty()
        return _make(folder, days=days, seed=seed)
    if (mark.days, mark.seed) != (days, seed):
        output.say(
            Text(
                f"已有的城市是用 --days {mark.days} --seed {mark.seed} 生成的，照用；要换就加 --reset。",
                f"The city that is there was made with --days {mark.days} --seed {mark.seed} and is used as it is; --reset makes another.",
            ),
            err=True,
        )
    return mark


def _complete(mark: Mark) -> bool:
    """Whether the database holds what the mark says; brings its schema up to date."""
    _migrate()
    from zhuoli.store.models import CaseRecord, EntryRecord, Unit

    return (
        EntryRecord.objects.count() >= mark.entries
        and CaseRecord.objects.count() >= mark.cases
        and Unit.objects.exists()
    )


def _migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def _make(folder: DemoFolder, *, days: int, seed: int) -> Mark:
    started = time.monotonic()
    output.say(
        Text(
            f"第一次启动：生成甘肃 19,224 个地名和 {days} 天的办事记录（全部是生成的）……",
            f"First start: making 19,224 places of Gansu and {days} days of life (all of it generated) …",
        ),
        err=True,
    )
    _migrate()
    from django.db import connections

    from zhuoli import __version__
    from zhuoli.demo.build import build
    from zhuoli.demo.folder import FORMAT
    from zhuoli.demo.registers import fill_registers
    from zhuoli.office.directory import install_places
    from zhuoli.store.models import CaseRecord, EntryRecord

    install_places()
    now = time.time_ns() // 1_000_000
    with _progress(now, days) as told:
        built = build(seed=seed, days=days, now=now, told=told)
    output.say(
        Text("登记册和两夜的模型……", "Registers, and two nights of the models …"),
        err=True,
    )
    fill_registers(seed=seed, now=now, days=days)
    # What the models found has become cases too.
    cases, entries = CaseRecord.objects.count(), EntryRecord.objects.count()
    connections.close_all()
    seconds = time.monotonic() - started
    mark = Mark(
        format=FORMAT,
        version=__version__,
        seed=seed,
        days=days,
        began=built.began,
        ended=built.ended,
        cases=cases,
        entries=entries,
        seconds=round(seconds, 1),
        samples=built.samples,
    )
    folder.finish(mark)
    _tell_built(mark)
    return mark


@contextmanager
def _progress(now: int, days: int) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    day = 86_400_000
    title = Text("过日子", "Living").in_language(output.language())
    with Progress(
        TextColumn(title),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f} d"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=days)
        yield lambda at: bar.update(task, completed=days - (now - at) / day)


def _tell_built(mark: Mark) -> None:
    output.say(
        Text(
            f"{mark.cases:,} 件事，{mark.entries:,} 次办理，用时 {mark.seconds:.0f} 秒。",
            f"{mark.cases:,} matters, {mark.entries:,} commands, {mark.seconds:.0f} s.",
        ),
        err=True,
    )


def _serve(folder: DemoFolder, mark: Mark, host: str, port: int, pace: int | None) -> None:
    with Running(host, port, folder.log, pace) as running:
        problem = running.wait_until_ready()
        if problem:
            click.echo(running.last_words(), err=True)
            _failed(problem, folder)
        running.live()
        _welcome(mark, host, port)
        if pace is not None:
            _tell_pace(pace)
        ended = running.watch()
        click.echo(running.last_words(), err=True)
        _failed(f"{ended} ended", folder)


def _failed(problem: str, folder: DemoFolder) -> None:
    output.fail(
        Text(f"没有跑起来：{problem}。", f"It does not run: {problem}."),
        Text(
            f"最后几行在上面，全文在 {folder.log}。", f"The last lines are above, all of it in {folder.log}."
        ),
        code="server_ended",
    )


def _welcome(mark: Mark, host: str, port: int) -> None:
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104
    click.echo("")
    for lang in output.languages():
        click.echo(click.style(f"  {address}/{lang}/", bold=True))
        for text in (
            Text(
                "演示：人、事、单位都是生成的；单位由真实街道名单生成。",
                "A demonstration: people, matters and units are generated; the units from the real list of streets.",
            ),
            Text(
                f"十分钟走一遍 → {address}/zh/tour/",
                f"Ten minutes through it → {address}/en/tour/",
            ),
            Text(
                f"换身份（居民、民警、调度员、督办）→ {address}/zh/personas/",
                f"Be somebody (resident, officer, dispatcher, supervisor) → {address}/en/personas/",
            ),
            Text(
                "用下面的回执号和密码，像提出的人一样跟进：",
                "Follow a matter as whoever raised it, by receipt and code:",
            ),
        ):
            click.echo("  " + text.in_language(lang))
    for sample in _few(mark.samples):
        click.echo(f"    {sample.receipt}  {sample.code}  {sample.scenario}, {sample.status}")
    for lang in output.languages():
        click.echo("  " + Text("Ctrl-C 结束。", "Ctrl-C ends it.").in_language(lang))


def _few(samples: tuple[Sample, ...]) -> list[Sample]:
    """Return a few samples in different states, one of each scenario first."""
    wanted = ("accepted", "closed", "received", "settled")
    found: dict[str, Sample] = {}
    for status in wanted:
        for sample in samples:
            if sample.status == status and sample.scenario not in found:
                found[sample.scenario] = sample
    closed = [each for each in samples if each.status == "closed" and each not in found.values()]
    return [*found.values(), *closed[:1]]
