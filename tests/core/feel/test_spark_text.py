"""The SQL for Spark, as text: there is no Spark in this suite, so these lines are compared with what was reviewed.

What each line relies on in Spark 3.4 and later: CASE stops at the first branch that holds, ``raise_error`` fails the
query, literals with a point are DECIMAL, ``transform`` binds a name, ``element_at`` counts from 1.
"""

import pytest

from zhuoli.core.feel import (
    BOOLEAN,
    DATE,
    DATETIME,
    NUMBER,
    TEXT,
    WHOLE,
    choice,
    compile_condition,
    many,
    read_table,
)

NAMES = {
    "a": NUMBER,
    "b": BOOLEAN,
    "c": choice(("x", "y")),
    "d": DATE,
    "m": many(("x", "y")),
    "n": WHOLE,
    "s": DATETIME,
    "t": TEXT,
}
COLUMNS = {name: f"r.{name}" for name in NAMES}


def missing(name, column=None):
    return f"CASE WHEN {column or f'`r`.`{name}`'} IS NULL THEN raise_error('missing_answer: {name}')"


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("b", f"({missing('b')} ELSE `r`.`b` END)"),
        ("answered(t)", "(`r`.`t` IS NOT NULL)"),
        (
            "answered(t) and b",
            f"(CASE WHEN NOT (`r`.`t` IS NOT NULL) THEN FALSE ELSE ({missing('b')} ELSE `r`.`b` END) END)",
        ),
        ('t = "it\'s \\\\"', f"(({missing('t')} ELSE `r`.`t` END) = 'it\\'s \\\\\\\\')"),
        ("a > 0.5", f"(({missing('a')} ELSE CAST(`r`.`a` AS DECIMAL(18,6)) END) > 0.5)"),
        (
            "a * 2 > 0.5",
            f"((({missing('a')} ELSE CAST(`r`.`a` AS DECIMAL(18,6)) END) * CAST(2 AS DECIMAL(1,0)))"
            " > CAST(0.5 AS DECIMAL(1,1)))",
        ),
        (
            'c != "x"',
            f"(({missing('c')} WHEN `r`.`c` NOT IN ('x', 'y') THEN raise_error('wrong_value: c')"
            " ELSE `r`.`c` END) <> 'x')",
        ),
        (
            'contains(m, "x")',
            f"array_contains(({missing('m')} WHEN size(array_except(`r`.`m`, array('x', 'y'))) > 0"
            " THEN raise_error('wrong_value: m') ELSE `r`.`m` END), 'x')",
        ),
        (
            'date(s) = date("2026-01-31")',
            f"(to_date(from_utc_timestamp(timestamp_millis(({missing('s')} ELSE `r`.`s` END)), 'Asia/Shanghai'))"
            " = DATE '2026-01-31')",
        ),
        (
            'd + days(3) > date("2026-01-31")',
            f"((transform(array(({missing('d')} ELSE `r`.`d` END)), let1 ->"
            " (CASE WHEN CAST(3 AS BIGINT) < datediff(DATE '0001-01-01', let1)"
            " OR CAST(3 AS BIGINT) > datediff(DATE '9999-12-31', let1) THEN raise_error('wrong_value: date ± days')"
            " ELSE date_add(let1, CAST(CAST(3 AS BIGINT) AS INT)) END))[0]) > DATE '2026-01-31')",
        ),
    ],
)
def test_conditions(text, sql):
    assert compile_condition(text, NAMES).sql(COLUMNS, "spark") == sql


def test_tables():
    b = f"({missing('b')} ELSE `r`.`b` END)"
    first, second = f"({b} IN (TRUE))", f"({b} IN (FALSE))"

    def made(policy, values=""):
        sheet = f"{policy},when b,then x\n{values}1,true,5\n2,false,7\n"
        return read_table(sheet, NAMES, file="t.csv").sql(COLUMNS, "spark")["x"]

    none = "raise_error('no_rule: t.csv')"
    assert made("F") == f"(CASE WHEN {first} THEN 5 WHEN {second} THEN 7 ELSE {none} END)"
    hits = f"transform(array(array(CASE WHEN {first} THEN 1 END, CASE WHEN {second} THEN 2 END)), let1 -> "
    assert made("U") == (
        f"{hits}(CASE WHEN array_min(let1) IS NULL THEN {none} WHEN array_min(let1) <> array_max(let1)"
        " THEN raise_error('many_rules: t.csv') ELSE element_at(array(5, 7), array_min(let1)) END))[0]"
    )
    ranked = f"transform(array(array(CASE WHEN {first} THEN 2 END, CASE WHEN {second} THEN 1 END)), let1 -> "
    assert made("P", 'values,,"7, 5"\n') == (
        f"{ranked}(CASE WHEN array_min(let1) IS NULL THEN {none}"
        " ELSE element_at(array(7, 5), array_min(let1)) END))[0]"
    )
    values = [
        f"CASE WHEN {test} THEN CAST({x} AS DECIMAL(18,6)) END" for test, x in ((first, 5), (second, 7))
    ]
    count = "size(filter(let1, e -> e IS NOT NULL))"
    assert made("C+") == (
        f"transform(array(array({', '.join(values)})), let1 -> (CASE WHEN {count} = 0 THEN {none}"
        " ELSE aggregate(filter(let1, e -> e IS NOT NULL), CAST(0 AS DECIMAL(38,6)),"
        " (total, e) -> CAST(total + e AS DECIMAL(38,6))) END))[0]"
    )
