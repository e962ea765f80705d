"""What was found out about a text is kept by what it follows from: another text, register or edition is looked at anew."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from zhuoli.lake import known, query_check, sharing
from zhuoli.lake.known import Known
from zhuoli.lake.results import Results
from zhuoli.lake.sharing import shape_of

from .test_model import FIRE, REGISTERS, VANS


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which texts were looked at."""
    texts: list[str] = []
    check, shape = query_check.check_query, sharing.shape_of
    monkeypatch.setattr(query_check, "check_query", lambda one, of: texts.append(one.sql) or check(one, of))  # type: ignore[func-returns-value]
    monkeypatch.setattr(sharing, "shape_of", lambda one, of: texts.append(one.sql) or shape(one, of))  # type: ignore[func-returns-value]
    return texts


def test_the_same_is_looked_at_once_in_all_processes(tmp_path: Path, asked: list[str]) -> None:
    other = msgspec.structs.replace(FIRE, scenario="other", version="v", title=VANS.title)
    assert FIRE.query is not None
    defaults = {
        name: msgspec.structs.replace(one, default=one.maximum) for name, one in FIRE.query.parameters.items()
    }
    other = msgspec.structs.replace(
        other, query=msgspec.structs.replace(FIRE.query, parameters=defaults, most=1)
    )
    broken = msgspec.structs.replace(FIRE, sql=FIRE.sql.replace("e.pieces", "e.gone"))
    for _ in range(2):
        with Results(tmp_path) as results:
            of = Known(REGISTERS, results)
            assert of.mistakes(FIRE) == of.mistakes(other) == ()
            assert of.shape(FIRE) == of.shape(other) == shape_of(FIRE, REGISTERS)
            assert [one.code for one in of.mistakes(broken)] == ["column_unknown"]
            of.flush()
    assert asked == [FIRE.sql, FIRE.sql, broken.sql]


def test_another_register_declaration_or_edition_is_another_question(
    tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(registers: dict[str, object]) -> None:
        with Results(tmp_path) as results:
            of = Known(registers, results)  # type: ignore[arg-type]
            of.mistakes(FIRE)
            of.flush()

    look(REGISTERS)
    look(dict(reversed(REGISTERS.items())))
    assert len(asked) == 1
    fields = REGISTERS["premises"].fields
    look({**REGISTERS, "premises": msgspec.structs.replace(REGISTERS["premises"], fields=fields[:-1])})
    assert len(asked) == 2
    look({**REGISTERS, "vans": msgspec.structs.replace(REGISTERS["vans"], title=VANS.title)})
    assert len(asked) == 2, "a register that it does not read"
    monkeypatch.setattr(known, "edition", lambda: "next")
    look(REGISTERS)
    look(REGISTERS)
    assert len(asked) == 3
