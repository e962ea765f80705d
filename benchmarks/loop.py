"""The whole path, command to commit, beside what the database alone would take, and beside SpiffWorkflow.

    python benchmarks/loop.py

writes the section "loop" of benchmarks/RESULTS.md, in under four minutes. One process of five stages is lived through
again and again: opened with a form (one answer is personal and sealed), then five tasks completed, each by a
command and a commit of its own.

The *floor* is the same statements with the same parameters, recorded from our run and replayed by the bare driver
on the same database in the same state: what remains is the price of deciding, sealing, hashing and of Python. The
*tiny floor* is one small row updated and one inserted per commit, which is what benchmarks of engines usually do.

PostgreSQL is the server at ZHUOLI_TEST_DATABASE, or at 127.0.0.1:5432; without one its rows are left out.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from databases import Databases
from floor import Recorder, Statement, play, play_tiny
from results import machine, write_section
from spiff import Spiff
from tests.store.databases import connect, disconnect

from zhuoli.core.case import commands as c
from zhuoli.core.case.examples import ExampleDirectory
from zhuoli.core.case.facts import Actor
from zhuoli.core.scenario import model as m
from zhuoli.core.text import Text
from zhuoli.core.worktime import statutory_calendar
from zhuoli.office import handle as door
from zhuoli.store.replay import replay
from zhuoli.store.verify import verify

STAGES = ("take", "look", "agree", "mend", "tell")
ROUNDS = 3
PROCESSES = multiprocessing.get_context("forkserver")
REQUESTER = Actor(kind="party", party="p-1")
LEAD = Actor(kind="post", unit="lamps@620102", post="post-1", roles=("officer",))


# --- the process of five stages ---------------------------------------------------------------------------


def scenario() -> m.Scenario:
    """Return the scenario: five stages, one after the other, one task in each."""

    def t(word: str) -> Text:
        return Text(word, word)

    stages = {}
    for before, name in zip(("", *STAGES), STAGES, strict=False):
        entry = (m.Criterion(on=(f"{before}_stage.completed",)),) if before else ()
        task = m.HumanTask(title=t(name), form="work", due=m.Due(promised="2 working days"))
        stages[f"{name}_stage"] = m.Stage(title=t(name), entry=entry, human_tasks={name: task})
    choices = {word: m.Choice(title=t(word)) for word in ("street", "signal")}
    return m.Scenario(
        format=1,
        scenario="five",
        version="five-1",
        title=t("five"),
        purpose=t("five"),
        legal_ground=(),
        rows=("S5",),
        audience=("resident",),
        channels=("web",),
        parties={"requester": m.PartyRole(title=t("requester"))},
        routing=(m.RoutingRule(competence="lamps"),),
        acceptance=m.Acceptance(by="opening"),
        due=m.Due(promised="5 working days", statutory="30 calendar days"),
        stages=stages,
        closing=m.Closing(results={"done": m.Result(title=t("done"))}),
        privacy=m.Privacy(purposes={}, retention="24 months"),
        forms={
            "intake": m.Form(
                title=t("intake"),
                questions={
                    "kind": m.Question(type="choice", title=t("kind"), required=True, choices=choices),
                    "place": m.Question(type="place", title=t("place")),
                    "phone": m.Question(type="phone", title=t("phone"), personal="requester", why=t("why")),
                },
            ),
            "work": m.Form(
                title=t("work"), questions={"minutes": m.Question(type="integer", title=t("minutes"))}
            ),
        },
    )


def opening(key: str) -> door.Request:
    """Return the request that opens a case."""
    answers = {"kind": "street", "place": "620102001000", "phone": "13909310000"}
    command = c.Open(receipt="", channel="web", parties={"requester": "p-1"}, answers=answers)
    return door.Request(key=key, command=command, actor=REQUESTER, scenario="five")


def step(key: str, case: int, task: str) -> door.Request:
    """Return the request that completes a task."""
    command = c.Complete(task=task, answers={"minutes": 30})
    return door.Request(key=key, command=command, actor=LEAD, case=case)


def live(office: door.Office, cases: int, name: str) -> int:
    """Live through cases one command at a time, eight cases side by side; return the number of commands."""
    done = 0
    for first in range(0, cases, 8):
        batch = range(first, min(first + 8, cases))
        opened = [office.handle(opening(f"{name}-open-{n:06d}")).case for n in batch]
        for task in STAGES:
            for case in opened:
                office.handle(step(f"{name}-{task}-{case}", case, task))
        done += len(opened) * (1 + len(STAGES))
    return done


def live_in_bulk(office: door.Office, cases: int, name: str) -> int:
    """Live through cases with one transaction for each stage of all of them."""
    opened = [done.case for done in office.handle_many(opening(f"{name}-o-{n:06d}") for n in range(cases))]
    for task in STAGES:
        office.handle_many(step(f"{name}-{task}-{case}", case, task) for case in opened)
    return cases * (1 + len(STAGES))


def make_office(alias: str) -> door.Office:
    """Return an office for the database, with what it needs only once already done."""
    office = door.Office([scenario()], ExampleDirectory(), statutory_calendar(), alias=alias)
    live(office, 2, "warm-up")
    return office


# --- recording ---------------------------------------------------------------------------------------------


def record(settings: dict[str, Any], work: Callable[..., int], cases: int, name: str) -> list[Statement]:
    """Return every statement of the work, in order."""
    tape: list[Statement] = []
    connect("record", **settings)
    office = make_office("record")
    real = door.open_driver
    door.open_driver = lambda alias, **how: Recorder(real(alias, **how), tape)  # type: ignore[assignment]
    try:
        work(office, cases, name)
    finally:
        door.open_driver = real
        disconnect("record")
    return tape


# --- one and two processes ----------------------------------------------------------------------------------


def in_process(
    task: str, settings: dict[str, Any], argument: Any, name: str, ready: Any, result: Any
) -> None:
    """Do one process's part, beginning together with the others; report its beginning and end."""
    if task == "ours":
        connect("bench", **settings)
        office = door.Office([scenario()], ExampleDirectory(), statutory_calendar(), alias="bench")
        live(office, 2, f"{name}-warm-up")
        ready.wait()
        began = time.time()
        live(office, argument, name)
    else:
        ready.wait()
        began = time.time()
        play(settings, argument)
    result.put((began, time.time()))


def together(task: str, settings: dict[str, Any], arguments: list[Any]) -> float:
    """Run a part in each of several processes; return the seconds from the first beginning to the last end."""
    ready, result = PROCESSES.Barrier(len(arguments)), PROCESSES.Queue()
    workers = [
        PROCESSES.Process(target=in_process, args=(task, settings, argument, f"p{n}", ready, result))
        for n, argument in enumerate(arguments)
    ]
    for worker in workers:
        worker.start()
    times = [result.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    return max(end for _, end in times) - min(begin for begin, _ in times)


# --- measuring ----------------------------------------------------------------------------------------------


class Compared(NamedTuple):
    """Rounds of (ours, the floor, others …) per second, and statements per command."""

    rounds: list[tuple[float, ...]]
    statements: float

    def rate(self, which: int) -> float:
        """Return the median rate of ours (0), the floor (1) or another (2 …)."""
        return statistics.median(each[which] for each in self.rounds)

    def share(self, which: int) -> float:
        """Return the median of ours divided by another rate of the same round."""
        return statistics.median(each[0] / each[which] for each in self.rounds)


class Bench:
    """Runs everything and keeps the figures."""

    def __init__(self, databases: Databases) -> None:
        self.databases = databases

    def timed(self, kind: str, run: Callable[[dict[str, Any]], float]) -> float:
        """Run on a fresh database; return the seconds that ``run`` says."""
        settings = self.databases.fresh(kind)
        try:
            return run(settings)
        finally:
            self.databases.drop(settings)

    def ours(self, settings: dict[str, Any], work: Callable[..., int], cases: int, name: str) -> float:
        """Return the seconds of our whole path."""
        connect("bench", **settings)
        office = make_office("bench")
        began = time.perf_counter()
        work(office, cases, name)
        taken = time.perf_counter() - began
        disconnect("bench")
        return taken

    def floor(self, settings: dict[str, Any], tape: list[Statement]) -> float:
        """Return the seconds of the bare driver, from the same state."""
        connect("bench", **settings)
        make_office("bench")
        disconnect("bench")
        return play(settings, tape)

    def one_process(
        self,
        kind: str,
        work: Callable[..., int],
        cases: int,
        rounds: int,
        others: Sequence[Callable[[], float]],
    ) -> Compared:
        """Measure ours, the floor, and other rates in turn, so that a busy moment hits all of them."""
        commands = cases * (1 + len(STAGES))
        tape: list[Statement] = []

        def taping(settings: dict[str, Any]) -> float:
            tape.extend(record(settings, work, cases, "a"))
            return 0.0

        self.timed(kind, taping)
        found = [
            (
                commands / self.timed(kind, lambda s: self.ours(s, work, cases, "a")),
                commands / self.timed(kind, lambda s: self.floor(s, tape)),
                *(other() for other in others),
            )
            for _ in range(rounds)
        ]
        statements = sum(len(params) if how == "many" else 1 for how, _, params in tape)
        return Compared(found, statements / commands)

    def two_processes(self, kind: str, cases: int, rounds: int) -> Compared:
        """Measure two processes together, ours and the floor."""
        commands = 2 * cases * (1 + len(STAGES))
        tapes: list[list[Statement]] = []

        def taping(settings: dict[str, Any]) -> float:
            tapes.extend(record(settings, live, cases, f"p{n}") for n in (0, 1))
            return 0.0

        self.timed(kind, taping)

        def floor(settings: dict[str, Any]) -> float:
            connect("bench", **settings)
            make_office("bench")
            disconnect("bench")
            return together("floor", settings, tapes)

        return Compared(
            [
                (
                    commands / self.timed(kind, lambda s: together("ours", s, [cases, cases])),
                    commands / self.timed(kind, floor),
                )
                for _ in range(rounds)
            ],
            0.0,
        )

    def opening_rate(self, kind: str, cases: int = 1000) -> float:
        """Return cases per second that are opened in one call."""

        def run(settings: dict[str, Any]) -> float:
            connect("bench", **settings)
            office = make_office("bench")
            requests = [opening(f"o-open-{n:06d}") for n in range(cases)]
            began = time.perf_counter()
            office.handle_many(requests)
            taken = time.perf_counter() - began
            disconnect("bench")
            return taken

        return statistics.median(cases / self.timed(kind, run) for _ in range(7))

    def checking(self, kind: str, cases: int) -> tuple[float, float]:
        """Return events per second of ``ledger verify`` and of ``ledger replay``."""
        rates: list[tuple[float, float]] = []

        def run(settings: dict[str, Any]) -> float:
            connect("bench", **settings)
            live_in_bulk(make_office("bench"), cases, "c")
            for _ in range(ROUNDS):
                verified = verify(None, int(time.time() * 1000), "bench")
                replayed = replay("bench")
                assert verified.good
                assert replayed.equal
                rates.append((verified.events / verified.seconds, replayed.events / replayed.seconds))
            disconnect("bench")
            return 1.0

        self.timed(kind, run)
        return statistics.median(r[0] for r in rates), statistics.median(r[1] for r in rates)


def main() -> None:
    """Measure, print and write."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="zhuoli-bench-") as name:
        databases = Databases(Path(name))
        try:
            lines = measure(Bench(databases), databases.server is not None, Path(name))
        finally:
            databases.close()
    lines.append("")
    lines.append(
        f"{machine('django', 'msgspec', 'psycopg', 'cryptography', 'spiffworkflow')}, SQLite {sqlite3.sqlite_version};"
        f" medians, {time.monotonic() - began:.0f} s in all. Repeat: `python benchmarks/loop.py`."
    )
    print("\n".join(lines))
    write_section("loop", lines)


def measure(bench: Bench, postgres: bool, folder: Path) -> list[str]:
    """Return the lines of the section."""
    kinds = {"NORMAL": "SQLite, NORMAL", "FULL": "SQLite, FULL"} | (
        {"postgresql": "PostgreSQL"} if postgres else {}
    )
    sizes = {"NORMAL": (96, 9), "FULL": (40, 5), "postgresql": (64, 5)}
    peers = {"alike": Spiff(folder, STAGES), "bare": Spiff(folder, STAGES, plain=True)}
    lines = [
        "A matter of five stages, opened and lived through: commands per second, each decided, sealed, hashed and committed.",
        "The floor replays the recorded statements with the bare driver; the tiny floor writes two small rows per commit.",
        "Shares and ratios are medians of what was measured side by side, in small rounds.",
        "",
        "| one command per commit | ours | floor | share | tiny floor | statements per command |",
        "|---|---|---|---|---|---|",
    ]
    single: dict[str, Compared] = {}
    for kind, title in kinds.items():
        cases, rounds = sizes[kind]
        found = single[kind] = bench.one_process(
            kind,
            live,
            cases,
            rounds,
            [lambda p=p: p.per_commit(6) for p in peers.values()] if kind == "NORMAL" else [],
        )
        tiny = statistics.median(400 / bench.timed(kind, lambda s: play_tiny(s, 400)) for _ in range(5))
        lines.append(
            f"| {title} | {found.rate(0):,.0f} | {found.rate(1):,.0f} | {found.share(1):.2f} | {tiny:,.0f} | {found.statements:.1f} |"
        )
    for kind, title in kinds.items():
        found = bench.two_processes(kind, sizes[kind][0] // 2, 3)
        lines.append(
            f"| {title}, 2 processes | {found.rate(0):,.0f} | {found.rate(1):,.0f} | {found.share(1):.2f} | | |"
        )
    lines += [
        "",
        "| 200 commands per commit | ours | floor | share | cases opened in one call of 1,000, per s |",
        "|---|---|---|---|---|",
    ]
    bulk: dict[str, Compared] = {}
    for kind, title in kinds.items():
        if kind != "FULL":
            found = bulk[kind] = bench.one_process(
                kind,
                live_in_bulk,
                200,
                7,
                [lambda p=p: p.in_bulk(8) for p in peers.values()] if kind == "NORMAL" else [],
            )
            opened = bench.opening_rate(kind)
            lines.append(
                f"| {title} | {found.rate(0):,.0f} | {found.rate(1):,.0f} | {found.share(1):.2f} | {opened:,.0f} |"
            )
    lines += [
        "",
        "SpiffWorkflow, its state kept as JSON in SQLite (NORMAL): loaded, one task completed, stored. *Alike*: each stage a",
        "subprocess, each task under a time limit, as ours has. *Bare*: five user tasks in a row and nothing else.",
        "",
        "| | SpiffWorkflow | ours | ratio |",
        "|---|---|---|---|",
    ]
    for title, found in (
        ("one step per commit", single["NORMAL"]),
        ("many steps per commit", bulk["NORMAL"]),
    ):
        lines += [
            f"| {title}, {name} | {found.rate(n):,.0f} | {found.rate(0):,.0f} | {found.share(n):.1f} |"
            for n, name in enumerate(peers, start=2)
        ]
    lines += ["", "| events per second | `ledger verify` | `ledger replay` |", "|---|---|---|"]
    for kind, title in kinds.items():
        if kind != "FULL":
            verified, replayed = bench.checking(kind, 1200)
            lines.append(f"| {title} | {verified:,.0f} | {replayed:,.0f} |")
    return lines


if __name__ == "__main__":
    main()
