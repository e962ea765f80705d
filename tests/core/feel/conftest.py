"""Names, values and expressions that the tests of the language share."""

import datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from zhuoli.core.feel import BOOLEAN, DATE, DATETIME, DAYS, NUMBER, TEXT, WHOLE, choice, many

RELAXED = settings(deadline=None, suppress_health_check=list(HealthCheck))

CHANNELS = ("joint_online", "own", "电话", "it's")
HAZARDS = ("fire", "gas", "电")
NAMES = {
    "form.channel": choice(CHANNELS),
    "form.other": choice(("own", "电话", "post")),
    "表单.金额": NUMBER,
    "form.rate": NUMBER,
    "form.people": WHOLE,
    "form.injured": BOOLEAN,
    "ok": BOOLEAN,
    "form.birth": DATE,
    "form.on": DATE,
    "form.seen": DATETIME,
    "form.hazards": many(HAZARDS),
    "form.note": TEXT,
    "form.term": DAYS,
}
COLUMNS = {
    "form.channel": "c.channel",
    "form.other": "c.other",
    "表单.金额": "c.表单_金额",
    "form.rate": 'c.ra"te',
    "form.people": "c.let1",
    "form.injured": "c.injured",
    "ok": "c.e",
    "form.birth": "c.birth",
    "form.on": "c.on",
    "form.seen": "c.seen",
    "form.hazards": "c.hazards",
    "form.note": "c.note",
    "form.term": "c.term",
}
SQL_TYPES = {
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "number": "DECIMAL(18,6)",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "BIGINT",
    "days": "BIGINT",
    "many": "VARCHAR[]",
}

amounts = st.one_of(
    st.sampled_from([0, 1, 2, 3, 5, 49999, 50000, 50001, 999_999_999_999, -999_999_999_999]),
    st.sampled_from([Decimal("0.5"), Decimal("49999.999999"), Decimal("-0.000001"), Decimal("2.50")]),
    st.integers(-100, 100),
)
dates = st.one_of(
    st.sampled_from([datetime.date(2008, 2, 29), datetime.date(2026, 2, 28), datetime.date(2026, 3, 1)]),
    st.dates(datetime.date(1950, 1, 1), datetime.date(2040, 1, 1)),
    st.sampled_from([datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]),
)
instants = st.one_of(
    st.sampled_from([0, 1_769_875_200_000, 1_769_875_199_999, -1]), st.integers(-(10**12), 4 * 10**12)
)
notes = st.sampled_from(["", "a", "甲", "it's", "A", "a ", "%", "back\\slash"])
VALUES = {
    "text": notes,
    "number": amounts,
    "boolean": st.booleans(),
    "date": dates,
    "datetime": instants,
    "days": st.integers(-40, 40),
    "choice": st.sampled_from([*CHANNELS, "post"]),
    "many": st.lists(st.sampled_from(HAZARDS), unique=True).map(tuple),
}


@st.composite
def rows(draw, names=NAMES, missing=True):
    """Values for every name: now and then missing, now and then not of the type."""
    row = {}
    for name, kind in names.items():
        value = draw(VALUES[kind.kind])
        if kind.whole and isinstance(value, Decimal):
            value = int(value)
        if (
            kind.kind == "choice"
            and value not in kind.values
            and not (missing and draw(st.integers(0, 5)) == 0)
        ):
            value = kind.values[0]
        if missing and draw(st.integers(0, 7)) == 0:
            value = None
        row[name] = value
    return row


def fill(connection, values):
    """Put rows into the table ``c`` of a DuckDB connection, with the column types that authors are told to use."""
    if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'c'").fetchone():
        columns = ["row BIGINT"]
        for name, column in COLUMNS.items():
            kind = "BIGINT" if NAMES[name].whole else SQL_TYPES[NAMES[name].kind]
            quoted = column.removeprefix("c.").replace('"', '""')
            columns.append(f'"{quoted}" {kind}')
        connection.execute(f"CREATE TABLE c ({', '.join(columns)})")
    connection.execute("DELETE FROM c")
    marks = ", ".join("?" * (len(COLUMNS) + 1))
    for index, row in enumerate(values):
        shown = [list(row[name]) if isinstance(row[name], tuple) else row[name] for name in COLUMNS]
        connection.execute(f"INSERT INTO c VALUES ({marks})", [index, *shown])


@pytest.fixture(scope="session")
def duck():
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        yield connection
