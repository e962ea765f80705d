"""``./zhuoli worker``: timers, service tasks, and the housekeeping of every day."""

from __future__ import annotations

import re
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click
import msgspec

from zhuoli.cli import output
from zhuoli.cli.ledger import start_django
from zhuoli.cli.sheets import print_month
from zhuoli.core.text import Text

if TYPE_CHECKING:
    from zhuoli.channels.messages.sender import Sender
    from zhuoli.office.handle import Office

_HOUR = 3600.0
_MINUTE = 60.0
_GRACE = 4.0
"""Seconds for which the end waits for the night."""


@click.command()
@click.option("--once", is_flag=True, help="做完到期的就结束。 Do what is due now, then stop.")
@click.option("--name", default="", help="租约上的名字。 The name on its leases.")
@click.option("--no-night", is_flag=True, help="不运行每晚的模型。 Leave the models to somebody else.")
@click.option("--no-seal", is_flag=True, help="不做每日封存。 Leave the daily sealing to somebody else.")
@click.option(
    "--json", "as_json", is_flag=True, help="以 JSON 输出（与 --once 一起）。 Answer in JSON (with --once)."
)
@click.option(
    "--sheets",
    default="",
    metavar="YYYY-MM",
    help="现在就排这个月的村勤务月报，排完结束。 Set the villages' sheets of this month now, then stop.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="月报放到哪里（与 --sheets 一起）。 Where to put the sheets (with --sheets).",
)
@click.option(
    "--sheet-lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    help="月报的语言（与 --sheets 一起）。 The language of the sheets (with --sheets).",
)
def worker(
    once: bool,
    name: str,
    no_night: bool,
    no_seal: bool,
    as_json: bool,
    sheets: str,
    out: Path | None,
    sheet_lang: str,
) -> None:
    """到点该做的事：计时、通知、自动任务。 Timers, notices and service tasks.

    Any number of workers may run. Once a day the ledger is sealed, once an hour
    sessions that have run out are cleared, begun forms and files that nobody took up are swept, and the monthly sheets
    of villages print themselves once the month is over (--sheets prints them at once).
    Each night, from 02:30 on (ZHUOLI_NIGHT), one of the workers runs the models.
    SIGTERM lets it finish what it is doing.
    """
    start_django()
    from zhuoli.capabilities import REGISTRY
    from zhuoli.channels.messages.sender import Sender
    from zhuoli.channels.messages.settings import BadChannels, read_channels
    from zhuoli.environment import read_environment, site_address
    from zhuoli.office.directory import BadDirectory, current_directory
    from zhuoli.office.opening import open_office
    from zhuoli.office.seals import BadSeal
    from zhuoli.office.ways_to_sign import BadSigning
    from zhuoli.office.worker import Worker
    from zhuoli.store.keys import KeyTrouble

    environment = read_environment()
    try:
        office = open_office()
        channels = read_channels(environment.channels)
    except (KeyTrouble, BadDirectory, BadChannels, BadSigning, BadSeal) as error:
        output.fail(error.text, error.remedy, code=error.code)
    if sheets:
        print_month(sheets, out, sheet_lang, as_json)
        return
    hand = Worker(office, REGISTRY, name=name, current=current_directory)
    demo = environment.mode == "demo" and environment.channels is None
    sender = Sender(office, channels, address=site_address(environment), demo=demo)
    begins = _night_begins(environment.night)
    if once:
        _finish(hand.run_once, as_json)
        while sender.run_once().total:
            pass
        return
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    keeper = threading.Thread(target=_keep_house, args=(office, stop, not no_seal), daemon=True)
    keeper.start()
    threading.Thread(target=_carry, args=(sender, stop), daemon=True).start()
    night = threading.Thread(target=_nights, args=(office, stop, begins, hand.name), daemon=True)
    if begins is not None and not no_night:
        night.start()
    output.say(Text(f"{hand.name} 开始工作。", f"{hand.name} is at work."), err=True)
    hand.run(stop)
    if night.is_alive():
        night.join(_GRACE)  # the model in hand is finished, and the night left to whoever comes next


def _night_begins(written: str) -> int | None:
    """Return the minute of the day at which the night begins; None where there is to be none."""
    if written == "off":
        return None
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", written)
    if match is None:
        output.fail(
            Text(f"ZHUOLI_NIGHT 不是时刻：{written}", f"ZHUOLI_NIGHT is no time of the day: {written}"),
            Text("写成 02:30，或写 off 不运行。", "Write it like 02:30, or off for never."),
            code="bad_night",
        )
    return int(match[1]) * 60 + int(match[2])


def _nights(office: Office, stop: threading.Event, begins: int, name: str) -> None:
    """Run the models of a night that is due and that nobody has; whatever goes wrong, it is tried again."""
    from django.db import close_old_connections

    from zhuoli.core.registers import read_registers
    from zhuoli.environment import read_environment
    from zhuoli.lake.nightly import due_night, run_night, take

    environment = read_environment()
    while not stop.is_set():
        try:
            day = due_night(office.clock(), begins)
            if day and take(day, name, office.clock(), office.alias):
                registers = read_registers(environment.registers).registers
                run_night(office, environment.data / "lake", registers, day=day, by=name, stop=stop)
        except Exception as error:  # noqa: BLE001 - the lease runs out, and it is tried again
            click.echo(f"{type(error).__name__}: {error}", err=True)
        close_old_connections()
        stop.wait(_MINUTE)


def _finish(run_once: object, as_json: bool) -> None:
    """Repeat rounds until nothing more is done, and tell what was done."""
    from zhuoli.office.worker import Done

    total = dict.fromkeys(Done.__struct_fields__, 0)
    while True:
        done: Done = run_once()  # type: ignore[operator]
        for name, count in msgspec.structs.asdict(done).items():
            total[name] += count
        if done.total == done.put_off:
            break
    if as_json:
        output.echo_json(total)
    else:
        output.say(
            Text(
                "计时 {fired}，任务完成 {served}，失败 {failed}，推迟 {put_off}",
                "clocks {fired}, tasks done {served}, failed {failed}, put off {put_off}",
            ).format(**total)
        )


def _carry(sender: Sender, stop: threading.Event) -> None:
    """Send what waits; whatever goes wrong, the next round is tried."""
    while not stop.is_set():
        try:
            sender.run(stop)
        except Exception as error:  # noqa: BLE001 - tried again in a moment
            click.echo(f"{type(error).__name__}: {error}", err=True)
            stop.wait(30.0)


def _keep_house(office: Office, stop: threading.Event, sealing: bool) -> None:
    from django.core.management import call_command

    from zhuoli.core.worktime.instants import day_of
    from zhuoli.environment import read_environment
    from zhuoli.office import calls
    from zhuoli.store.drafts import Drafts
    from zhuoli.store.incoming import incoming
    from zhuoli.store.tree import TreeError, latest_head, seal
    from zhuoli.web.village.sheet import print_what_is_due

    heads = read_environment().data / "tree-heads.jsonl"
    while True:
        now = office.clock()
        try:
            office.files.sweep(now)
            incoming(office.master).sweep(now)
            Drafts(office.master, office.alias).sweep(now)
            call_command("clearsessions", verbosity=0)
            calls.sweep(office.clock())
            print_what_is_due(now)
            head = latest_head(office.alias)
            if sealing and (head is None or day_of(head.timestamp) < day_of(now)):
                seal(heads, now, office.alias)
        except TreeError as error:
            output.say(error.text, err=True)
        except Exception as error:  # noqa: BLE001 - tried again in an hour
            click.echo(f"{type(error).__name__}: {error}", err=True)
        if stop.wait(_HOUR):
            return
