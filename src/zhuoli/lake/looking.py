"""Models are run: those that share a query in one, on one connection, none able to stop the rest.

    with Looking(lake, registers) as looking:
        for batch, runs in looking.run_all(looking.batches(wanted), clock=clock):
            ...

While what one query found is compared and kept, the next one is asked in a thread of its own: it has the connection for queries
to itself, this thread has all else.

A query whose text, declaration, servings, registers and day are those of its last run need not be run again. What fails for several
models at once is run for half of them at a time, until what fails is one model alone. How and why:
``docs/decisions/0019-one-query-for-many-models.md``.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import duckdb
import msgspec

from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import Query, Serving
from zhuoli.core.text import Mistake, Text
from zhuoli.lake.engine import LONGEST, MEMORY, SPILL, Answer, BadResult, Engine, today, wants_shape
from zhuoli.lake.folder import Busy, RegisterFolder, State
from zhuoli.lake.known import Known
from zhuoli.lake.results import Results, Row, Run


class Wanted(msgspec.Struct, frozen=True):
    """A model that is to be run, for these servings."""

    scenario: Scenario
    servings: list[Serving]

    @property
    def query(self) -> Query:
        """What it declares."""
        assert self.scenario.query is not None  # noqa: S101 - callers choose scenarios with a query
        return self.scenario.query


class Batch(msgspec.Struct, frozen=True):
    """Models that are run as one query; ``key`` is the same for the same models' text on another night."""

    key: str
    models: list[Wanted]


class Found(NamedTuple):
    """What came of a query: how its registers stood, words for those that are new, the answer, and the seconds it took."""

    states: dict[str, State | None]
    words: dict[str, tuple[str, str]]
    answer: Answer
    seconds: float


class Asked(NamedTuple):
    """A query that is being asked for some models of a batch: servings as they are asked, and what will have been found."""

    batch: Batch
    models: list[Wanted]
    now: int
    slots: list[tuple[int, str, Serving]]
    answer: Future[Found]


class Looking:
    """One night, or one run, over one lake: a connection for the queries and one for their results; a context manager."""

    def __init__(self, lake: Path, registers: Mapping[str, Register]) -> None:
        self._lake = lake
        self._registers = registers
        _sweep(lake)
        with ExitStack() as opened:
            self.results = opened.enter_context(Results(lake))
            self.known = Known(registers, self.results)
            opened.callback(self.known.flush)
            self._engine = opened.enter_context(Engine(lake, registers))
            self._asker = ThreadPoolExecutor(1, thread_name_prefix="asking")
            opened.callback(self._leave)
            self._opened = opened.pop_all()
        self._last: dict[str, Run] | None = None
        self._states: dict[str, State | None] = {}
        self._words = self.results.contents()

    def __enter__(self) -> Looking:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def unchanged(self, model: Wanted, *, now: int) -> Run | None:
        """Return the last run as one that need not be repeated, where nothing that it depends on has changed.

        How registers stand is looked at once; what is imported meanwhile is seen when a query is run.
        """
        if self._last is None:
            self._last = self.results.last()
        last = self._last.get(model.scenario.scenario)
        if last is None or last.error is not None:
            return None
        for name in model.query.reads:
            if name not in self._states:
                self._states[name] = RegisterFolder(self._lake, name).state()
        if last.inputs != self._inputs(model, self._states, now):
            return None
        return msgspec.structs.replace(
            last, unchanged=True, new=0, gone=0, still=last.hits, seconds=0.0, together=1
        )

    def batches(self, models: Iterable[Wanted]) -> list[Batch]:
        """Put models together that may be run as one query; those that read the same registers follow each other."""
        groups: dict[bytes, list[Wanted]] = {}
        for one in models:
            query = one.query
            columns = (list(query.parameters), list(query.evidence), list(query.answers.values()), query.same)
            word = (one.scenario.sql, query.reads, columns)
            groups.setdefault(msgspec.json.encode(word), []).append(one)
        found = []
        for text, group in groups.items():
            key = f"={hashlib.sha256(text).hexdigest()[:32]}"
            shared = len(group) > 1 and self._may_share(group[0])
            found += [Batch(key, group)] if shared else [Batch(key, [one]) for one in group]
        found.sort(key=lambda batch: batch.models[0].query.reads)
        self._engine.expect((one.models[0].query, one.models[0].scenario.sql) for one in found)
        return found

    def _may_share(self, model: Wanted) -> bool:
        return not self._wrong(model) and self.known.shape(model.scenario).separable

    def run(self, batch: Batch, *, now: int, longest: float = LONGEST) -> list[Run]:
        """Run a batch and keep what it found; never raises for what is wrong with a model."""
        [(_, runs)] = self.run_all([batch], clock=lambda: now, longest=longest)
        return runs

    def run_all(
        self,
        batches: Iterable[Batch],
        *,
        clock: Callable[[], int],
        before: Callable[[Batch, Sequence[Wanted]], None] = lambda _batch, _some: None,
        longest: float = LONGEST,
        ahead: bool = True,
    ) -> Iterator[tuple[Batch, list[Run]]]:
        """Run batches in their order and keep what they found; never raises for what is wrong with a model.

        ``clock`` gives ms UTC. ``before`` is called with the models of each query before it is asked; what it raises ends the
        run. Without ``ahead`` no query is asked before what the last one found is kept and told.
        """
        waiting: Asked | None = None
        for batch in batches:
            asked = self._ask(batch, batch.models, clock(), before, longest)
            if waiting is not None:
                yield waiting.batch, self._end(waiting, before, longest)
            waiting = asked
            if not ahead:
                yield batch, self._end(asked, before, longest)
                waiting = None
        if waiting is not None:
            yield waiting.batch, self._end(waiting, before, longest)

    def _end(
        self, first: Asked, before: Callable[[Batch, Sequence[Wanted]], None], longest: float
    ) -> list[Run]:
        """Keep what was found; what fails for several models is asked for half of them at a time."""
        runs: list[Run] = []
        left: list[Asked | list[Wanted]] = [first]
        while left:
            one = left.pop()
            asked = one if isinstance(one, Asked) else self._ask(first.batch, one, first.now, before, longest)
            some = asked.models
            try:
                runs += self._keep(asked)
            except Exception as failed:  # noqa: BLE001 - whatever it was, it is told, and never stops the others
                if len(some) > 1 and not isinstance(failed, _SAME_FOR_ALL):
                    half = len(some) // 2
                    left += [some[half:], some[:half]]
                    continue
                runs += self.results.keep(
                    [(self._run(one, asked.now, {}, error=cause(failed)), (), None) for one in some]
                )
        return runs

    def leave_out(self, model: Wanted, error: Text, *, now: int) -> Run:
        """Record that a model was not run, and why."""
        return self.results.keep([(self._run(model, now, {}, error=error), (), None)])[0]

    def _ask(
        self,
        batch: Batch,
        some: list[Wanted],
        now: int,
        before: Callable[[Batch, Sequence[Wanted]], None],
        longest: float,
    ) -> Asked:
        """Let a query be asked for some models of a batch, as soon as the one before is through."""
        before(batch, some)
        first = some[0]
        slots = _slots(some)
        wrong = self._wrong(first)
        shape = None if wrong or not wants_shape(len(slots)) else self.known.shape(first.scenario)

        def ask() -> Found:
            began = time.monotonic()
            if wrong:
                raise BadResult(wrong)
            states = self._engine.see(first.query.reads)
            words = {
                name: self._look(name, state)
                for name, state in states.items()
                if state is not None and self._is_new(name, state)
            }
            answer = self._engine.ask(
                first.scenario, [served for _, _, served in slots], shape=shape, now=now, longest=longest
            )
            if len(some) == len(batch.models):
                self._engine.done(first.query)
            return Found(states, words, answer, time.monotonic() - began)

        return Asked(batch, some, now, slots, self._asker.submit(ask))

    def _keep(self, asked: Asked) -> list[Run]:
        states, words, answer, seconds = asked.answer.result()
        some = asked.models
        began = time.monotonic()
        if words:
            self.results.put_contents(words)
        rows: list[list[Row]] = [[] for _ in some]
        errors: dict[int, Text] = {}
        for at, serving, served in asked.slots:
            if (bad := answer.bad.get(served.id)) is not None:
                errors.setdefault(at, bad.told(serving))
            rows[at] += [(serving, *row[1:]) for row in answer.rows.get(served.id, ())]
        each = (seconds + time.monotonic() - began) / max(len(asked.slots), 1)
        done = []
        for at, one in enumerate(some):
            run = self._run(
                one,
                asked.now,
                states,
                error=errors.get(at),
                seconds=each * len(one.servings),
                memory=answer.memory,
                together=len(some),
            )
            done.append((run, {serving.id for serving in one.servings}, None if at in errors else rows[at]))
        return self.results.keep(done)

    def _leave(self) -> None:
        """Stop what is still being asked: nobody waits for it."""
        self._asker.shutdown(wait=False, cancel_futures=True)
        self._engine.stop()
        self._asker.shutdown(wait=True)

    def _wrong(self, model: Wanted) -> Text | None:
        return wrong_text(self.known.mistakes(model.scenario))

    def _run(
        self,
        model: Wanted,
        now: int,
        seen: Mapping[str, State | None],
        *,
        error: Text | None = None,
        seconds: float = 0.0,
        memory: int = 0,
        together: int = 1,
    ) -> Run:
        states = {name: seen.get(name, self._states.get(name)) for name in model.query.reads}
        return Run(
            scenario=model.scenario.scenario,
            version=model.scenario.version,
            at=now,
            inputs=self._inputs(model, states, now),
            seconds=round(seconds, 4),
            servings=len(model.servings),
            rows_read=0 if error else sum(state.rows for state in states.values() if state),
            memory=memory,
            together=together,
            hits=0,
            new=0,
            still=0,
            gone=0,
            error=error,
        )

    def _inputs(self, model: Wanted, states: Mapping[str, State | None], now: int) -> str:
        """One word for everything that the result depends on."""
        scenario = model.scenario
        reads = [f"{name}={self._word(name, states.get(name))}" for name in model.query.reads]
        served = [
            msgspec.json.encode((one.id, one.territory, one.values), order="sorted").decode()
            for one in model.servings
        ]
        # A query that does not ask for the day gives the same on any.
        day = today(now).isoformat() if "today" in scenario.sql.lower() else ""
        return hashlib.sha256("\0".join([scenario.version, day, *reads, *served]).encode()).hexdigest()[:32]

    def _word(self, register: str, state: State | None) -> str:
        """One word for the rows of a register: that of the generation before, where a file was imported again and brought the same."""
        if state is None:
            return ""
        if self._is_new(register, state):
            self.results.put_contents({register: self._asker.submit(self._look, register, state).result()})
        return self._words[register][1]

    def _is_new(self, register: str, state: State) -> bool:
        """Whether this generation of a register has no word yet."""
        known = self._words.get(register)
        return known is None or known[0] != state.generation

    def _look(self, register: str, state: State) -> tuple[str, str]:
        """Find the word for the rows of a generation; in the thread that asks."""
        word = state.generation
        if state.digest and register in self._registers:
            word = self._engine.digest(self._registers[register], state)
        self._words[register] = (state.generation, word)
        return self._words[register]


def _sweep(lake: Path) -> None:
    """Remove what queries of processes that were killed have left on the disk; none runs for a day."""
    for path in lake.glob(f"{SPILL}*"):
        if path.stat().st_mtime < time.time() - 86_400:
            shutil.rmtree(path, ignore_errors=True)


_SAME_FOR_ALL = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
"""What is wrong with the text is wrong for every model that has it."""


def _slots(some: Sequence[Wanted]) -> list[tuple[int, str, Serving]]:
    """Return each serving with the number of its model, its id, and as it is asked: under a number where there are several models."""
    if len(some) == 1:
        return [(0, one.id, one) for one in some[0].servings]
    found: list[tuple[int, str, Serving]] = []
    for at, model in enumerate(some):
        # Models that share a query may have other defaults.
        defaults = {name: parameter.default for name, parameter in model.query.parameters.items()}
        for one in model.servings:
            as_asked = msgspec.structs.replace(one, id=str(len(found)), values={**defaults, **one.values})
            found.append((at, one.id, as_asked))
    return found


def wrong_text(mistakes: Iterable[Mistake]) -> Text | None:
    """Say what is wrong with a query's text, and where; None where nothing is."""
    wrong = next((one for one in mistakes if one.severity == "error"), None)
    if wrong is None:
        return None
    return Text(
        f"{wrong.file}:{wrong.line}：{wrong.message.zh}", f"{wrong.file}:{wrong.line}: {wrong.message.en}"
    )


def cause(failed: Exception) -> Text:
    """Say why a query could not be run."""
    if isinstance(failed, BadResult):
        return failed.text
    if isinstance(failed, Busy):
        return Text("另一次运行还没结束", "Another run has not ended yet")
    first = (str(failed).splitlines() or [""])[0][:300]
    if isinstance(failed, duckdb.OutOfMemoryException):
        return Text(f"内存超过 {MEMORY}：{first}", f"It needs more memory than {MEMORY}: {first}")
    if isinstance(failed, duckdb.Error):
        return Text(f"查询失败：{first}", f"The query failed: {first}")
    if isinstance(failed, sqlite3.Error):
        return Text(f"结果没能保存：{first}", f"The results could not be kept: {first}")
    kind = type(failed).__name__
    return Text(f"没有运行成（{kind}）：{first}", f"It could not be run ({kind}): {first}")
