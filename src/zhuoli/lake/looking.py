"""Models are run: those that share a query in one, on one connection, none able to stop the rest.

    with Looking(lake, registers) as looking:
        for batch in looking.batches(wanted):
            runs = looking.run(batch, now=now)

A query whose text, declaration, servings, registers and day are those of its last run need not be run again. What fails for several
models at once is run for half of them at a time, until what fails is one model alone. How and why:
``docs/decisions/0019-one-query-for-many-models.md``.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import duckdb
import msgspec

from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import Query, Serving
from zhuoli.core.text import Mistake, Text
from zhuoli.lake.engine import LONGEST, MEMORY, SPILL, BadResult, Engine, today
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
            self._engine = opened.enter_context(Engine(lake, registers, known=self.known))
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

    def run(
        self,
        batch: Batch,
        *,
        now: int,
        before: Callable[[Sequence[Wanted]], None] = lambda _: None,
        longest: float = LONGEST,
    ) -> list[Run]:
        """Run a batch and keep what it found; never raises for what is wrong with a model.

        ``before`` is called with the models of each query before it is asked; what it raises ends the run.
        """
        runs: list[Run] = []
        left = [batch.models]
        while left:
            some = left.pop()
            before(some)
            try:
                runs += self._ask(some, now, longest)
            except Exception as failed:  # noqa: BLE001 - whatever it was, it is told, and never stops the others
                if len(some) > 1 and not isinstance(failed, _SAME_FOR_ALL):
                    half = len(some) // 2
                    left += [some[half:], some[:half]]
                    continue
                runs += self.results.keep(
                    [(self._run(one, now, error=cause(failed)), (), None) for one in some]
                )
        self._engine.done(batch.models[0].query)
        return runs

    def leave_out(self, model: Wanted, error: Text, *, now: int) -> Run:
        """Record that a model was not run, and why."""
        return self.results.keep([(self._run(model, now, error=error), (), None)])[0]

    def _ask(self, some: Sequence[Wanted], now: int, longest: float) -> list[Run]:
        began = time.monotonic()
        first = some[0]
        if wrong := self._wrong(first):
            raise BadResult(wrong)
        self._states |= self._engine.see(first.query.reads)
        slots = _slots(some)
        answer = self._engine.ask(
            first.scenario, [served for _, _, served in slots], now=now, longest=longest
        )
        rows: list[list[Row]] = [[] for _ in some]
        errors: dict[int, Text] = {}
        for at, serving, served in slots:
            if (bad := answer.bad.get(served.id)) is not None:
                errors.setdefault(at, bad.told(serving))
            rows[at] += [(serving, *row[1:]) for row in answer.rows.get(served.id, ())]
        each = (time.monotonic() - began) / max(len(slots), 1)
        done = []
        for at, one in enumerate(some):
            run = self._run(
                one,
                now,
                error=errors.get(at),
                seconds=each * len(one.servings),
                memory=answer.memory,
                together=len(some),
            )
            done.append((run, {serving.id for serving in one.servings}, None if at in errors else rows[at]))
        return self.results.keep(done)

    def _wrong(self, model: Wanted) -> Text | None:
        return wrong_text(self.known.mistakes(model.scenario))

    def _run(
        self,
        model: Wanted,
        now: int,
        *,
        error: Text | None = None,
        seconds: float = 0.0,
        memory: int = 0,
        together: int = 1,
    ) -> Run:
        states = {name: self._states.get(name) for name in model.query.reads}
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
        known = self._words.get(register)
        if known is None or known[0] != state.generation:
            word = state.generation
            if state.digest and register in self._registers:
                word = self._engine.digest(self._registers[register], state)
            known = self._words[register] = (state.generation, word)
            self.results.put_contents({register: known})
        return known[1]


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
