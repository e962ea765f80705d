"""The one results table: every hit of every model, and the record of every run, in ``lake/results.sqlite3``.

What one query found is written in one transaction together with its runs: a process that is killed leaves the results of
before or those after, never half of them. Hits that earlier versions kept in folders are taken in once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import msgspec

from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import DAY
from zhuoli.lake.hits import Hit
from zhuoli.lake.older import older_hits, older_runs

FILE = "results.sqlite3"
KEPT_DAYS = 400
"""How long runs stay in the record."""
_WAIT = 60.0
"""Seconds for which one who writes waits for another."""
_EDITION = 3
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS hit (
  model TEXT NOT NULL, serving TEXT NOT NULL, same TEXT NOT NULL, first_seen INTEGER NOT NULL,
  subject TEXT NOT NULL, territory TEXT NOT NULL, reason_zh TEXT NOT NULL, reason_en TEXT NOT NULL, evidence TEXT NOT NULL,
  last_seen INTEGER NOT NULL, gone INTEGER, case_id INTEGER,
  PRIMARY KEY (model, serving, same, first_seen)
) WITHOUT ROWID""",
    "DROP INDEX IF EXISTS hit_waiting",
    "CREATE INDEX IF NOT EXISTS hit_opened ON hit (model, case_id) WHERE case_id IS NOT NULL",
    "CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, model TEXT NOT NULL, at INTEGER NOT NULL, told BLOB NOT NULL)",
    "CREATE INDEX IF NOT EXISTS run_model ON run (model)",
    "CREATE INDEX IF NOT EXISTS run_at ON run (at)",
    "CREATE TABLE IF NOT EXISTS known (key TEXT PRIMARY KEY, edition TEXT NOT NULL, told BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS content (register TEXT PRIMARY KEY, generation TEXT NOT NULL, word TEXT NOT NULL) WITHOUT ROWID",
)
_COLUMNS = (
    "serving", "same", "subject", "territory", "reason_zh", "reason_en", "evidence", "first_seen", "last_seen", "gone", "case_id",
)  # fmt: skip
_PUT = (
    "INSERT INTO hit (model, serving, same, first_seen, subject, territory, reason_zh, reason_en, evidence, last_seen) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (model, serving, same, first_seen) DO UPDATE SET "
    "subject = excluded.subject, territory = excluded.territory, reason_zh = excluded.reason_zh, "
    "reason_en = excluded.reason_en, evidence = excluded.evidence, last_seen = excluded.last_seen, gone = NULL"
)

Row = tuple[str, str, str, str, str, str, str]
"""One row of what a query found: serving, same, subject, territory, reason in both languages, evidence as JSON."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one scenario's query. ``error`` is empty when it went well; ``inputs`` names everything it depends on.

    Where several models were run as one query, ``together`` says how many; ``seconds`` is then this one's share by its
    servings, and ``memory`` what all of them held.
    """

    scenario: str
    version: str
    at: int
    inputs: str
    seconds: float
    servings: int
    rows_read: int
    hits: int
    new: int
    still: int
    gone: int
    memory: int = 0
    together: int = 1
    unchanged: bool = False
    error: Text | None = None


class Results:
    """The results of one lake, open for reading and writing in one thread; a context manager."""

    def __init__(self, lake: Path) -> None:
        lake.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(lake / FILE, timeout=_WAIT, isolation_level=None)
        self._db.execute("PRAGMA synchronous = FULL")
        if self._edition() < _EDITION:
            self._begin(lake)

    def __enter__(self) -> Results:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    # --- hits

    def hits(self, model: str, *, standing: bool = False) -> tuple[Hit, ...]:
        """Return the hits of a model, those that are gone as well unless ``standing``, by serving and what they found."""
        only = " AND gone IS NULL" if standing else ""
        rows = self._db.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM hit WHERE model = ?{only} ORDER BY serving, same, first_seen",
            [model],
        )
        return tuple(Hit(**dict(zip(_COLUMNS, row, strict=True))) for row in rows)

    def keep(self, done: Iterable[tuple[Run, Collection[str], Sequence[Row] | None]]) -> list[Run]:
        """Keep runs with what they found, all of it or nothing; return the runs with what is new, still there, and gone.

        With each run come the servings that were run and the rows that they found; None leaves the hits as they are (the run
        went wrong). A hit that comes back after it was gone is a new one, with a case of its own; the old one stays known. What servings
        have found that were not run stays as it is: nobody has looked.
        """
        kept = []
        with self._writing():
            for run, servings, rows in done:
                told = run if rows is None else self._compare(run, set(servings), rows)
                self._record(told.scenario, told.at, msgspec.json.encode(told))
                kept.append(told)
        return kept

    def _compare(self, run: Run, servings: set[str], rows: Sequence[Row]) -> Run:
        model, now = run.scenario, run.at
        before = self._db.execute(
            "SELECT serving, same, first_seen FROM hit WHERE model = ? AND gone IS NULL", [model]
        ).fetchall()
        standing = {(serving, same): seen for serving, same, seen in before if serving in servings}
        count = len(standing)
        first = [standing.pop((row[0], row[1]), now) for row in rows]
        still = count - len(standing)
        # Where most are gone all are let go at once, and what still stands is put back; else each by itself.
        at_once = len(standing) > still and count == len(before)
        if at_once:
            self._db.execute("UPDATE hit SET gone = ? WHERE model = ? AND gone IS NULL", [now, model])
        self._db.executemany(
            _PUT, [(model, *row[:2], seen, *row[2:], now) for row, seen in zip(rows, first, strict=True)]
        )
        self._db.executemany(
            "UPDATE hit SET gone = ? WHERE model = ? AND serving = ? AND same = ? AND first_seen = ?",
            [] if at_once else [(now, model, *key, seen) for key, seen in standing.items()],
        )
        return msgspec.structs.replace(
            run, hits=len(rows), new=len(rows) - still, still=still, gone=len(standing)
        )

    def put_hits(self, model: str, hits: Iterable[Hit]) -> None:
        """Let these be all hits of a model."""
        with self._writing():
            self._put_hits(model, hits)

    def _put_hits(self, model: str, hits: Iterable[Hit]) -> None:
        self._db.execute("DELETE FROM hit WHERE model = ?", [model])
        marks = ", ".join("?" * (1 + len(_COLUMNS)))
        self._db.executemany(
            f"INSERT INTO hit (model, {', '.join(_COLUMNS)}) VALUES ({marks})",
            [(model, *msgspec.structs.astuple(hit)) for hit in hits],
        )

    def set_cases(self, model: str, hits: Iterable[Hit]) -> None:
        """Keep which cases hits of a model have."""
        with self._writing():
            self._db.executemany(
                "UPDATE hit SET case_id = ? WHERE model = ? AND serving = ? AND same = ? AND first_seen = ?",
                [(hit.case_id, model, hit.serving, hit.same, hit.first_seen) for hit in hits],
            )

    def waits(self, model: str) -> bool:
        """Whether a model has standing hits without a case."""
        row = self._db.execute(
            "SELECT 1 FROM hit WHERE model = ? AND gone IS NULL AND case_id IS NULL LIMIT 1", [model]
        ).fetchone()
        return row is not None

    def opened(self) -> dict[str, int]:
        """Return how many pairs of a case and a serving that found it each model has."""
        rows = self._db.execute(
            "SELECT model, count(*) FROM (SELECT DISTINCT model, case_id, serving FROM hit WHERE case_id IS NOT NULL) GROUP BY model"
        )
        return dict(rows.fetchall())

    # --- runs

    def runs(self, model: str) -> list[Run]:
        """Return the recorded runs of a model, oldest first."""
        rows = self._db.execute("SELECT told FROM run WHERE model = ? ORDER BY id", [model])
        return [_run(told) for (told,) in rows]

    def last(self) -> dict[str, Run]:
        """Return the newest run of every model."""
        rows = self._db.execute("SELECT told FROM run WHERE id IN (SELECT max(id) FROM run GROUP BY model)")
        return {run.scenario: run for (told,) in rows if (run := _run(told))}

    def last_of(self, model: str) -> Run | None:
        """Return the newest run of a model."""
        row = self._db.execute(
            "SELECT told FROM run WHERE model = ? ORDER BY id DESC LIMIT 1", [model]
        ).fetchone()
        return None if row is None else _run(row[0])

    def forget_runs(self, now: int) -> None:
        """Remove from the record what is older than it is kept (``now`` in ms UTC)."""
        with self._writing():
            self._db.execute("DELETE FROM run WHERE at < ?", [now - KEPT_DAYS * DAY])

    def _record(self, model: str, at: int, told: bytes) -> None:
        self._db.execute("INSERT INTO run (model, at, told) VALUES (?, ?, ?)", [model, at, told])

    # --- registers

    def contents(self) -> dict[str, tuple[str, str]]:
        """Return of each register which generation was looked at last, and the word for its rows."""
        rows = self._db.execute("SELECT register, generation, word FROM content")
        return {register: (generation, word) for register, generation, word in rows}

    def put_contents(self, words: Mapping[str, tuple[str, str]]) -> None:
        """Keep the words for the rows of registers, with their generations."""
        with self._writing():
            self._db.executemany(
                "INSERT OR REPLACE INTO content (register, generation, word) VALUES (?, ?, ?)",
                [(register, *word) for register, word in words.items()],
            )

    # --- queries

    def known(self, key: str) -> bytes | None:
        """Return what was kept under a key."""
        row = self._db.execute("SELECT told FROM known WHERE key = ?", [key]).fetchone()
        return None if row is None else bytes(row[0])

    def put_known(self, edition: str, told: Mapping[str, bytes]) -> None:
        """Keep what was found out by an edition of the code; what others found goes."""
        with self._writing():
            self._db.execute("DELETE FROM known WHERE edition <> ?", [edition])
            self._db.executemany(
                "INSERT OR REPLACE INTO known (key, edition, told) VALUES (?, ?, ?)",
                [(key, edition, each) for key, each in told.items()],
            )

    # --- the file

    def _edition(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _begin(self, lake: Path) -> None:
        self._db.execute(
            "PRAGMA page_size = 16384"
        )  # of a new file: rows are long, and written in their order
        self._db.execute("PRAGMA journal_mode = WAL")
        with self._writing():
            if self._edition() >= _EDITION:
                return  # another process was faster
            first = self._edition() == 0
            for statement in _SCHEMA:
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {_EDITION}")
            if not first:
                return
            for model, hits in older_hits(lake):
                self._put_hits(model, hits)
            for line in older_runs(lake):
                try:
                    run = _run(line)
                except msgspec.MsgspecError:
                    continue  # a line that was not written to its end
                self._record(run.scenario, run.at, line)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """All or nothing, and one at a time."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


_run = msgspec.json.Decoder(Run).decode


def read_hits(lake: Path, model: str) -> tuple[Hit, ...]:
    """Every hit that is known of a model, those that are gone as well, by serving and what they found."""
    if not _any(lake):
        return ()
    with Results(lake) as results:
        return results.hits(model)


def runs_of(lake: Path, model: str) -> list[Run]:
    """The recorded runs of a model, oldest first."""
    if not _any(lake):
        return []
    with Results(lake) as results:
        return results.runs(model)


def last_run(lake: Path, model: str) -> Run | None:
    """The newest recorded run of a model, or None."""
    if not _any(lake):
        return None
    with Results(lake) as results:
        return results.last_of(model)


def _any(lake: Path) -> bool:
    """Whether there are results; whoever only reads makes no file."""
    return (lake / FILE).exists() or next(lake.glob("hits.*"), None) is not None
