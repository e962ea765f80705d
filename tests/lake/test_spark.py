"""Every model of the shelf gives the same rows on Spark as on DuckDB, for each of its worked examples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.shelf import project_shelf

from zhuoli.core.registers import read_registers
from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import read_servings
from zhuoli.environment import ROOT
from zhuoli.lake.checking import schema_of
from zhuoli.lake.finds import fill
from zhuoli.lake.folder import RegisterFolder
from zhuoli.lake.query_check import to_spark

REGISTERS = read_registers(ROOT / "registers").registers
MODELS = {name: one for name, one in project_shelf().scenarios.items() if one.query is not None}
FINDS = [(name, find) for name, one in MODELS.items() for find in one.finds]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A Spark of one thread; its own warnings are left out."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]").appName("zhuoli")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.session.timeZone": "Asia/Shanghai",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def relations(place: Path, scenario: Scenario, name: str) -> dict[str, str]:
    """The registers and the servings of a worked example as Parquet files, by relation."""
    query, find = scenario.query, scenario.finds[name]
    assert query is not None
    found: dict[str, str] = {}
    for register in query.reads:
        if register in find.registers:
            fill(place, REGISTERS[register], find.registers[register])
            (found[register],) = RegisterFolder(place, register).files()
        else:
            found[register] = str(place / f"{register}.parquet")
            pyarrow.parquet.write_table(_empty(REGISTERS[register]), found[register])
    rows = [
        {
            "serving": one.id,
            "territory": one.territory,
            "today": date.fromisoformat(find.today),
            **{key: one.values.get(key, parameter.default) for key, parameter in query.parameters.items()},
        }
        for one in read_servings(scenario.servings_text, query)[0]
    ]
    fields = [("serving", pa.string()), ("territory", pa.string()), ("today", pa.date32())]
    schema = pa.schema([*fields, *((key, pa.int32()) for key in query.parameters)])
    found["serving"] = str(place / "serving.parquet")
    pyarrow.parquet.write_table(pa.Table.from_pylist(rows, schema), found["serving"])
    return found


def _empty(register: Register) -> pa.Table:
    return schema_of(register).empty_table()


def plain(rows: list[dict[str, Any]]) -> list[list[tuple[str, Any]]]:
    """Rows without an order; a whole decimal is the integer that it is."""
    return sorted(
        ([(name, _plain(value)) for name, value in sorted(row.items())] for row in rows),
        key=repr,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else str(value.normalize())
    return value


@pytest.mark.parametrize(("name", "find"), FINDS, ids=["-".join(each) for each in FINDS])
def test_spark_finds_the_same(spark: Any, tmp_path: Path, name: str, find: str) -> None:
    scenario = MODELS[name]
    files = relations(tmp_path, scenario, find)
    with duckdb.connect() as connection:
        for relation, path in files.items():
            connection.read_parquet(path).create_view(relation)
        ours = connection.sql(scenario.sql).to_arrow_table().to_pylist()
    for relation, path in files.items():
        spark.read.parquet(path).createOrReplaceTempView(relation)
    theirs = [row.asDict() for row in spark.sql(to_spark(scenario.sql)).collect()]
    assert plain(theirs) == plain(ours)
    wanted = sorted((str(hit["serving"]), str(hit["subject"])) for hit in scenario.finds[find].finds)
    assert sorted((row["serving"], row["subject"]) for row in theirs) == wanted
