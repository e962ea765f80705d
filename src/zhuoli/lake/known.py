"""What was found out about the texts of queries is kept: mistakes and shape follow from text, declaration and registers alone.

Reading a text takes tens of milliseconds, and the library for it as long as a whole night of queries that have not changed; so neither
is done where the answer is known. Answers are kept by what they follow from, the code that found them too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import msgspec

from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import REQUIRED
from zhuoli.core.text import Mistake
from zhuoli.lake.results import Results
from zhuoli.lake.shapes import Shape

_HERE = Path(__file__).parent
_CODE = (
    *(_HERE / name for name in ("query_check.py", "query_words.py", "sharing.py", "shapes.py", "columns.py")),
    _HERE.parent / "core" / "registers" / "special.py",
)
_mistakes = msgspec.msgpack.Decoder(tuple[Mistake, ...]).decode
_shape = msgspec.msgpack.Decoder(Shape).decode


class Known:
    """What is known of queries over these registers; kept in ``results``, or in memory only."""

    def __init__(self, registers: Mapping[str, Register], results: Results | None = None) -> None:
        self._registers = registers
        self._results = results
        self._words = {name: msgspec.json.encode(one) for name, one in registers.items()}
        self._names = sorted(registers)
        self._found: dict[str, bytes] = {}
        self._fresh: dict[str, bytes] = {}

    def mistakes(self, scenario: Scenario) -> tuple[Mistake, ...]:
        """Return what ``check_query`` says."""
        key = self._key("mistakes", scenario)
        told = self._told(key)
        if told is None:
            from zhuoli.lake.query_check import check_query

            told = self._keep(key, msgspec.msgpack.encode(check_query(scenario, self._registers)))
        return _mistakes(told)

    def shape(self, scenario: Scenario) -> Shape:
        """Return what ``shape_of`` says of a query that has passed its check."""
        key = self._key("shape", scenario)
        told = self._told(key)
        if told is None:
            from zhuoli.lake.sharing import shape_of

            told = self._keep(key, msgspec.msgpack.encode(shape_of(scenario, self._registers)))
        return _shape(told)

    def flush(self) -> None:
        """Keep for other processes what was found out since."""
        if self._results is not None and self._fresh:
            self._results.put_known(edition(), self._fresh)
        self._fresh = {}

    def _told(self, key: str) -> bytes | None:
        told = self._found.get(key)
        if told is None and self._results is not None:
            told = self._results.known(key)
            if told is not None:
                self._found[key] = told
        return told

    def _keep(self, key: str, told: bytes) -> bytes:
        self._found[key] = self._fresh[key] = told
        return told

    def _key(self, what: Literal["mistakes", "shape"], scenario: Scenario) -> str:
        query = scenario.query
        assert query is not None  # noqa: S101 - callers choose scenarios with a query
        columns = tuple(dict.fromkeys([*REQUIRED, *query.evidence, *query.answers.values()]))
        declared = (query.reads, sorted(query.personal), list(query.parameters), columns)
        word = hashlib.sha256(msgspec.json.encode((edition(), what, scenario.sql, declared, self._names)))
        for name in query.reads:
            word.update(self._words.get(name, b""))
            word.update(b"\0")
        return word.hexdigest()


@cache
def edition() -> str:
    """A fingerprint of the code that reads texts: another edition may judge differently."""
    word = hashlib.sha256(version("sqlglot").encode())
    for path in _CODE:
        word.update(path.read_bytes())
    return word.hexdigest()
