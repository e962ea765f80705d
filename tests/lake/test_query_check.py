"""A query is refused before it runs: where, why, what instead. Those on the shelf pass, and translate to Spark."""

from __future__ import annotations

import msgspec
import pytest
from tests.shelf import project_shelf

from zhuoli.core.registers import read_registers
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Text
from zhuoli.environment import ROOT
from zhuoli.lake.night import with_queries
from zhuoli.lake.query_check import check_query, to_spark
from zhuoli.lake.query_words import MISTAKES

REGISTERS = read_registers(ROOT / "registers").registers
MODELS = with_queries(project_shelf().scenarios)
FIRE = MODELS["fire_equipment_due"]


def changed(old: str, new: str) -> Scenario:
    assert old in FIRE.sql
    return msgspec.structs.replace(FIRE, sql=FIRE.sql.replace(old, new))


def found(scenario: Scenario) -> list[str]:
    return [one.code for one in check_query(scenario, REGISTERS)]


@pytest.mark.parametrize("name", MODELS)
def test_what_is_on_the_shelf_passes(name: str) -> None:
    assert check_query(MODELS[name], REGISTERS) == []
    assert "serving" in to_spark(MODELS[name].sql)
    query = MODELS[name].query
    assert query is not None
    assert query.subject != "person"


WRONG = [
    ("SELECT\n", "SELEC\n", "sql_syntax", True),
    ("HAVING sum(e.pieces) >= s.least", "; SELECT 1", "one_select", False),
    ("premises p ON", "vans p ON", "register_undeclared", True),
    ("premises p ON", "premisses p ON", "register_unknown", True),
    ("JOIN premises p ON p.premises = e.premises", "", "register_unused", False),
    ("JOIN serving s ON", "JOIN premises s ON", "no_serving", False),
    ("FROM fire_equipment e", "FROM read_csv('/etc/passwd') e", "file_read", True),
    ("min(e.service_due) AS oldest", "mode(e.service_due) AS oldest", "function_unknown", True),
    ("min(e.service_due) AS oldest", "getenv('HOME') AS oldest", "function_unknown", True),
    ("< s.today - s.grace", "< current_date", "not_deterministic", True),
    ("< s.today - s.grace", "< now()", "not_deterministic", True),
    ("min(e.service_due) AS oldest", "any_value(e.service_due) AS oldest", "not_deterministic", True),
    ("HAVING sum(e.pieces) >= s.least", "LIMIT 10", "limit_unordered", False),
    ("p.name,\n", "p.*,\n", "star", True),
    (" ON p.premises = e.premises", " ON true", "cross_join", True),
    (" ON p.premises = e.premises", " ON p.premises = e.premises OR p.kind = e.kind", "cross_join", True),
    ("JOIN premises p ON p.premises = e.premises", "CROSS JOIN premises p", "cross_join", True),
    ("p.kind,\n  sum", "p.kinds AS kind,\n  sum", "column_unknown", True),
    ("  p.name,\n", "", "column_missing", True),
    ("  p.name,\n", "  p.name, p.credit_code,\n", "column_undeclared", True),
    ("p.premises AS subject", "p.premises AS subject, 1 AS 民族", "special_category", True),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "placed"), WRONG)
def test_each_mistake_is_told(old: str, new: str, code: str, placed: bool) -> None:
    mistakes = check_query(changed(old, new), REGISTERS)
    one = next((each for each in mistakes if each.code == code), None)
    assert one is not None, [each.code for each in mistakes]
    assert one.file == "query.sql"
    assert (one.line > 0) or not placed
    assert all((one.message.zh, one.message.en, one.remedy.zh, one.remedy.en))


VANS = """
SELECT s.serving, {subject} AS subject, v.county AS territory, {reason} AS reason_zh, 'x' AS reason_en
FROM {vans} v JOIN serving s ON v.inspection_due < s.today
"""


def over_vans(*, personal: bool = False, **parts: str) -> list[str]:
    query = msgspec.structs.replace(
        MODELS["van_inspection_overdue"].query,
        reads=("vans",),
        answers={},
        evidence={},
        parameters={},
        personal={"vans.plate": Text("路边核对", "To tell it at the roadside")} if personal else {},
    )
    words = {"subject": "v.vehicle", "reason": "'x'", "vans": "vans", **parts}
    scenario = msgspec.structs.replace(
        MODELS["van_inspection_overdue"], query=query, sql=VANS.format(**words)
    )
    return found(scenario)


def test_personal_fields_need_a_purpose_and_are_never_the_subject() -> None:
    assert over_vans() == []
    assert over_vans(reason="v.plate") == ["personal_undeclared"]
    assert over_vans(reason="v.plate", personal=True) == []
    assert over_vans(subject="v.plate", personal=True) == ["person_subject"]
    hidden = "(SELECT upper(plate) AS k, county, inspection_due FROM vans)"
    assert over_vans(subject="concat('a', v.k)", vans=hidden, personal=True) == ["person_subject"]
    assert over_vans(subject="v.county", reason="v.k", vans=hidden) == ["personal_undeclared"]


def test_every_code_is_shown() -> None:
    assert MISTAKES.keys() == {each[2] for each in WRONG} | {"personal_undeclared", "person_subject"}


def test_what_tells_hits_apart_must_be_among_the_columns() -> None:
    assert FIRE.query is not None
    other = msgspec.structs.replace(FIRE, query=msgspec.structs.replace(FIRE.query, same="nothing"))
    assert found(other) == ["column_missing"]
