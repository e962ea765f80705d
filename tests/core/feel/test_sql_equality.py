"""Python and DuckDB give the same answer to generated expressions and tables, or both refuse."""

import csv
import datetime
import io
from decimal import Decimal

import duckdb
import pytest
from hypothesis import currently_in_test_context, given, note, settings
from hypothesis import strategies as st

from zhuoli.core.feel import FeelErrors, RunError, compile_condition, compile_value, read_table

from .conftest import CHANNELS, COLUMNS, HAZARDS, NAMES, RELAXED, fill, rows

DAY = datetime.date
numbers = st.recursive(
    st.sampled_from(["表单.金额", "form.rate", "form.people", "0", "1", "0.5", "50000", "-3", "2.25"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"{t[0]} * {t[1]}"),
        inner.map(lambda t: f"(-{t})" if not t.startswith("-") else t),
        st.tuples(inner, st.integers(0, 6)).map(lambda t: f"round({t[0]}, {t[1]})"),
    ),
    max_leaves=4,
) | st.sampled_from(["count(form.hazards)", "age(form.birth, form.on)", "age(form.birth, form.on - days(1))"])
days = st.sampled_from(
    ["days(3)", "days(0)", "form.term", "days(form.people)", "form.on - form.birth", "(form.term + days(1))"]
)
dates = st.one_of(
    st.sampled_from(["form.birth", "form.on", "date(form.seen)", 'date("2026-02-28")']),
    st.tuples(st.sampled_from(["form.on", "date(form.seen)"]), st.sampled_from("+-"), days).map(
        lambda t: f"({t[0]} {t[1]} ({t[2]}))"
    ),
)
instants = st.sampled_from(
    ["form.seen", 'datetime("2026-02-01T00:00")', 'datetime("2026-01-31T16:00:00+00:00")']
)
texts = st.sampled_from(["form.note", '"a"', '"甲"', '"it\'s"', '"back\\slash"'])
channels = st.sampled_from([f'"{value}"' for value in CHANNELS])
comparisons = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
equalities = st.sampled_from(["=", "!="])


def named(values):
    return values.filter(lambda text: any(name in text for name in NAMES))


def compared(values, signs=comparisons):
    return st.tuples(named(values), signs, values).map(" ".join)


def ranges(values, ends):
    brackets = st.sampled_from([("[", "]"), ("(", ")"), ("]", "["), ("[", ")")])
    span = st.tuples(brackets, ends, ends).map(lambda t: f"{t[0][0]}{t[1]}..{t[2]}{t[0][1]}")
    order = st.tuples(st.sampled_from(["<", "<=", ">", ">="]), ends).map(" ".join)
    tests = st.lists(span | order | ends, min_size=1, max_size=3).map(lambda found: f"({', '.join(found)})")
    return st.tuples(named(values), st.sampled_from([" in ", " not in "]), tests | span).map("".join)


atoms = st.one_of(
    compared(numbers),
    compared(dates),
    compared(days),
    compared(instants),
    compared(texts, equalities),
    compared(st.sampled_from(["form.channel", "form.other", '"own"', "form.note"]), equalities),
    st.tuples(st.just("form.channel"), equalities, channels).map(" ".join),
    st.lists(channels, min_size=1, max_size=3).map(lambda found: f"form.channel in ({', '.join(found)})"),
    st.sampled_from(HAZARDS).map(lambda value: f'contains(form.hazards, "{value}")'),
    st.sampled_from(list(NAMES)).map(lambda name: f"answered({name})"),
    st.sampled_from(["ok", "form.injured", "ok = form.injured", "form.injured = false", "ok != true"]),
    ranges(numbers, numbers),
    ranges(dates, dates),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda found: f"({' and '.join(found)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda found: f"({' or '.join(found)})"),
        inner.map(lambda item: f"not ({item})"),
    ),
    max_leaves=5,
)


def outcome(function, row):
    try:
        return function(row)
    except RunError as error:
        return error


def assert_equal_in_duckdb(connection, expression, values, expected):
    """Compare one SQL expression with the outcomes of Python: in one query, and one for each row that is refused."""
    if currently_in_test_context():
        note(expression)
    fine = [index for index, found in enumerate(expected) if not isinstance(found, RunError)]
    if fine:
        listed = ", ".join(map(str, fine))
        query = f"SELECT {expression} FROM c WHERE row IN ({listed}) ORDER BY row"
        found = [row[0] for row in connection.execute(query).fetchall()]
        assert found == [expected[index] for index in fine]
    for index, refused in list(enumerate(expected))[-2:]:
        if isinstance(refused, RunError):
            with pytest.raises(duckdb.Error) as caught:
                connection.execute(f"SELECT {expression} FROM c WHERE row = {index}").fetchall()
            if refused.code in ("missing_answer", "no_rule", "many_rules"):
                assert refused.code in str(caught.value)


@settings(RELAXED, max_examples=120)
@given(text=conditions, values=st.lists(rows(), min_size=3, max_size=12))
def test_conditions(duck, text, values):
    try:
        condition = compile_condition(text, NAMES)
    except FeelErrors:
        return
    note(text)
    fill(duck, values)
    expected = [outcome(condition.evaluate, row) for row in values]
    assert_equal_in_duckdb(duck, condition.sql(COLUMNS), values, expected)
    if not any(isinstance(found, RunError) for found in expected):
        kept = duck.execute(f"SELECT row FROM c WHERE {condition.sql(COLUMNS)} ORDER BY row").fetchall()
        assert [row for (row,) in kept] == [index for index, found in enumerate(expected) if found]


@settings(RELAXED, max_examples=80)
@given(
    text=numbers.map(lambda found: f"round({found}, 2)") | dates | days,
    values=st.lists(rows(), min_size=3, max_size=8),
)
def test_values(duck, text, values):
    try:
        value = compile_value(text, NAMES)
    except FeelErrors:
        return
    fill(duck, values)
    expected = [outcome(value.evaluate, row) for row in values]
    assert_equal_in_duckdb(duck, value.sql(COLUMNS), values, expected)


@settings(RELAXED, max_examples=100)
@given(text=conditions, row=rows())
def test_the_fast_and_the_exact_form_agree(text, row):
    """The same values in the forms that JSON has take the exact way, and come to the same."""
    try:
        condition = compile_condition(text, NAMES)
    except FeelErrors:
        return
    plain = dict(row)
    for name, value in row.items():
        if NAMES[name].kind == "number" and value is not None:
            plain[name] = Decimal(value)
        elif NAMES[name].kind == "date" and value is not None:
            plain[name] = value.isoformat()
        elif NAMES[name].kind == "many" and value is not None:
            plain[name] = frozenset(value)
    one, two = outcome(condition.evaluate, row), outcome(condition.evaluate, plain)
    assert (one == two) or (type(one) is type(two) and str(one) == str(two))


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("表单.金额 < 50000 * 50000", {"表单.金额": 1}),
        (
            "表单.金额 * form.rate > 0",
            {"表单.金额": 999_999_999_999, "form.rate": Decimal("999999999999.999999")},
        ),
        (
            "表单.金额 - form.rate < 0.000001",
            {"表单.金额": Decimal("0.000001"), "form.rate": Decimal("0.000001")},
        ),
        ("form.term > days(3000000000) - days(1)", {"form.term": 5}),
        (
            "age(form.birth, form.on) * 1000000 * 1000000 > 0",
            {"form.birth": DAY(1, 1, 1), "form.on": DAY(2026, 1, 1)},
        ),
        ("round(表单.金额, 0) = 3", {"表单.金额": Decimal("2.5")}),
        ("round(表单.金额, 0) = -3", {"表单.金额": Decimal("-2.5")}),
        ('date(form.seen) = date("1988-07-01")', {"form.seen": 583_686_000_000}),  # summer time in China
    ],
)
def test_edges_of_numbers_and_days(duck, text, answers):
    condition = compile_condition(text, NAMES)
    row = {**dict.fromkeys(NAMES), **answers}
    fill(duck, [row])
    assert_equal_in_duckdb(duck, condition.sql(COLUMNS), [row], [condition.evaluate(row)])


CELLS = {
    "form.channel": ["-", "own", '"own"', '"own", "电话"', 'not("own")', 'not(own, "电话")', '"it\'s"'],
    "表单.金额": [
        "-",
        "< 50000",
        ">= 50000",
        "[0..2.5]",
        "(0..50000)",
        "1, 2, 3",
        "not(0)",
        "50000",
        "]2..5[, > 9",
    ],
    "form.people": ["-", "0", "> 1", "[1..3]", "not([1..3])"],
    "form.injured": ["-", "true", "FALSE", "not(true)"],
    "form.on": [
        "-",
        '< date("2026-03-01")',
        '[date("2008-02-29")..date("2026-02-28")]',
        'date("2026-03-01")',
    ],
    "form.note": ["-", '"a"', 'not("a")', '"甲", "A"', '"it\'s"'],
    "form.hazards": ["-", "fire", '"gas", "电"', 'not("gas")', "not(fire, gas)"],
    "form.seen": ["-", '>= datetime("2026-02-01T00:00")', '< datetime("2026-02-01T00:00")'],
    "form.term": ["-", "< days(3)", "days(0), days(7)"],
    "age(form.birth, form.on)": ["-", "< 14", "[14..18)", ">= 18"],
    "answered(form.note)": ["-", "true", "false"],
    "表单.金额 * 0.5 + form.rate": ["-", "> 10", "<= 10"],
}
POLICIES = ["U", "A", "F", "P", "C+", "C<", "C>", "C#", "R", "O", "C"]


@st.composite
def tables(draw, policies=POLICIES):
    policy = draw(st.sampled_from(policies))
    headings = draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=4, unique=True))
    count = draw(st.integers(1, 6))
    outcomes = ["1", "2", "0.5", "10"]
    sheet = [[policy, *(f"when {heading}" for heading in headings), "then fee", "then word"]]
    if policy in "PO" or draw(st.integers(0, 3)) == 0:
        sheet.append(["values", *([""] * len(headings)), "10, 2, 1, 0.5", '"y", "x"'])
    numeric = policy in ("C+", "C<", "C>")
    if numeric:
        sheet[0][-1] = "then more"
        if len(sheet) == 2:
            sheet[1][-1] = "1, 2"
    for number in range(1, count + 1):
        cells = [draw(st.sampled_from(CELLS[heading])) for heading in headings]
        word = draw(st.sampled_from(["1", "2"] if numeric else ['"x"', '"y"']))
        sheet.append([str(number), *cells, draw(st.sampled_from(outcomes)), word])
    if policy in ("U", "A", "F", "P", "C+", "C<", "C>") and draw(st.booleans()):
        sheet.append(
            ["else", *([""] * len(headings)), "0.5" if len(sheet[1]) else "1", "1" if numeric else '"x"']
        )
    return headings, sheet


def to_csv(sheet):
    out = io.StringIO()
    csv.writer(out).writerows(sheet)
    return out.getvalue()


@settings(RELAXED, max_examples=80)
@given(
    made=tables(["U", "A", "F", "P", "C+", "C<", "C>", "C#"]),
    values=st.lists(rows(), min_size=3, max_size=12),
)
def test_tables(duck, made, values):
    _, sheet = made
    note(to_csv(sheet))
    table = read_table(to_csv(sheet), NAMES, file="it's.csv")
    fill(duck, values)
    decisions = [outcome(table.decide, row) for row in values]
    expressions = table.sql(COLUMNS)
    columns = [lambda found, name=name: found.outputs[name] for name in expressions]
    if table.policy in ("U", "F", "P"):
        expressions["rule"] = table.sql_rule(COLUMNS)
        columns.append(lambda found: found.rules[0])
    expected = [
        found
        if isinstance(found, RunError)
        else {str(place): pick(found) for place, pick in enumerate(columns)}
        for found in decisions
    ]
    listed = ", ".join(f"'{place}': {expression}" for place, expression in enumerate(expressions.values()))
    assert_equal_in_duckdb(duck, f"{{{listed}}}", values, expected)


def as_condition(heading, cell):
    """Say a cell as a condition, the long way round."""
    negated = cell.startswith("not(")
    tests = cell[4:-1] if negated else cell
    kind = NAMES.get(heading)
    if kind is not None and kind.kind == "many":
        parts = [f'contains({heading}, "{word.strip().strip(chr(34))}")' for word in tests.split(",")]
        joined = " or ".join(parts)
        return f"not ({joined})" if negated else f"({joined})"
    if heading == "form.channel":
        words = ", ".join(f'"{word.strip().strip(chr(34))}"' for word in tests.split(","))
        tests = words
    return f"({heading}) {'not ' if negated else ''}in ({tests})"


@settings(RELAXED, max_examples=150)
@given(made=tables(), values=st.lists(rows(), min_size=1, max_size=8))
def test_tables_mean_their_rows(made, values):
    """A table decides as its rows say when each is read as a condition, one after the other."""
    headings, sheet = made
    note(to_csv(sheet))
    table = read_table(to_csv(sheet), NAMES, file="t.csv")
    body = [row for row in sheet[1:] if row[0] not in ("values", "else")]
    order = {value: place for place, value in enumerate(["10", "2", "1", "0.5"])}
    conditions = []
    for row in body:
        parts = [
            as_condition(head, cell) for head, cell in zip(headings, row[1:-2], strict=True) if cell != "-"
        ]
        conditions.append(compile_condition(" and ".join(parts), NAMES).evaluate if parts else lambda _: True)
    for row in values:
        hits, failure = [], None
        for rule, condition in zip(body, conditions, strict=True):
            found = outcome(condition, row)
            if isinstance(found, RunError):
                failure = found
                break
            if found:
                hits.append(rule)
                if table.policy == "F":
                    break
        decided = outcome(table.decide, row)
        if failure is not None:
            assert type(decided) is type(failure)
            assert str(decided) == str(failure)
            continue
        if table.policy in ("P", "O"):
            hits.sort(key=lambda rule: (order[rule[-2]], ['"y"', '"x"'].index(rule[-1])))
        if table.policy == "P":
            hits = hits[:1]
        differ = len({(rule[-2], rule[-1]) for rule in hits}) > 1
        if (table.policy == "U" and len(hits) > 1) or (table.policy == "A" and differ):
            assert decided.code == "many_rules"
            assert decided.rules == tuple(int(rule[0]) for rule in hits)
            continue
        if not hits and table.policy not in ("R", "O", "C", "C#"):
            if sheet[-1][0] == "else":
                assert decided.rules == (0,)
            else:
                assert decided.code == "no_rule"
            continue
        fees = [Decimal(rule[-2]) for rule in hits]
        expected = {
            "C+": sum(fees), "C<": min(fees, default=0), "C>": max(fees, default=0), "C#": len(fees),
            "R": tuple(fees), "O": tuple(fees), "C": tuple(fees),
        }.get(table.policy, fees[0] if fees else None)  # fmt: skip
        assert decided.outputs["fee"] == expected
        assert decided.rules == tuple(int(rule[0]) for rule in hits)
