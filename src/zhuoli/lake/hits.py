"""What a scenario's query has found: each hit with when it was first and last seen, whether it is gone, and its case.

Hits of one scenario are one register-like folder (``lake/hits.<scenario>``), written whole and published at once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet

from zhuoli.lake.folder import RegisterFolder, State

SCHEMA = pa.schema(
    [
        ("serving", pa.string()),
        ("same", pa.string()),
        ("subject", pa.string()),
        ("territory", pa.string()),
        ("reason_zh", pa.string()),
        ("reason_en", pa.string()),
        ("evidence", pa.string()),
        ("first_seen", pa.int64()),
        ("last_seen", pa.int64()),
        ("gone", pa.int64()),
        ("case_id", pa.int64()),
    ]
)


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One hit. ``evidence`` is JSON of the columns that the query declares; instants in ms UTC; ``gone`` is None while it stands."""

    serving: str
    same: str
    subject: str
    territory: str
    reason_zh: str
    reason_en: str
    evidence: str
    first_seen: int
    last_seen: int
    gone: int | None = None
    case_id: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same hit."""
        return self.serving, self.same

    def request_key(self, scenario: str) -> str:
        """The key under which its case is opened: the same for the same appearance, so that a case is opened once."""
        word = f"{scenario}\0{self.serving}\0{self.same}\0{self.first_seen}"
        return f"hit-{hashlib.sha256(word.encode()).hexdigest()[:40]}"


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """The hits after a run, and how they differ from those before."""

    hits: tuple[Hit, ...]
    new: int
    still: int
    gone: int


def folder_of(lake: Path, scenario: str) -> RegisterFolder:
    """The folder of a scenario's hits."""
    return RegisterFolder(lake, f"hits.{scenario}")


def read_hits(lake: Path, scenario: str) -> tuple[Hit, ...]:
    """Every hit that is known, those that are gone as well, by serving and subject."""
    files = folder_of(lake, scenario).files()
    if not files:
        return ()
    rows = pyarrow.parquet.read_table(files[0], schema=SCHEMA).to_pylist()
    return msgspec.convert(rows, tuple[Hit, ...])


def write_hits(lake: Path, scenario: str, hits: Sequence[Hit], *, now: int) -> None:
    """Let these be the scenario's hits from now on: all of them, or the old ones stay.

    Raises:
        Busy: another run is writing.
    """
    folder = folder_of(lake, scenario)
    generation = f"{now:014d}-{secrets.token_hex(4)}"
    with folder.writing(generation) as stage:
        new = stage / "new"
        new.mkdir()
        ordered = sorted(hits, key=lambda hit: (*hit.key, hit.first_seen))
        rows = [msgspec.structs.asdict(hit) for hit in ordered]
        pyarrow.parquet.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), new / "hits.parquet")
        folder.publish(new, State(generation=generation, rows=len(rows), origin="own", at=now))


def compare(
    before: Sequence[Hit], found: Sequence[Hit], now: int, servings: Collection[str] | None = None
) -> Compared:
    """Tell new hits from those that still stand and those that are gone.

    A hit that comes back after it was gone is a new one, with a case of its own; the old one stays known. What servings
    have found that were not run (``servings`` names those that were; None: all) stays as it is: nobody has looked.
    """
    run = [hit for hit in before if servings is None or hit.serving in servings]
    standing = {hit.key: hit for hit in run if hit.gone is None}
    kept = [
        hit
        for hit in before
        if hit.gone is not None or (servings is not None and hit.serving not in servings)
    ]
    keys = {hit.key for hit in found}
    fresh = [hit for hit in found if hit.key not in standing]
    still = [
        msgspec.structs.replace(hit, first_seen=old.first_seen, case_id=old.case_id)
        for hit in found
        if (old := standing.get(hit.key)) is not None
    ]
    gone = [msgspec.structs.replace(hit, gone=now) for key, hit in standing.items() if key not in keys]
    return Compared(hits=(*kept, *gone, *still, *fresh), new=len(fresh), still=len(still), gone=len(gone))
