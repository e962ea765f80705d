"""Worked examples of conditions and calculations: what they say, what they refuse, what they do without an answer."""

import datetime
from decimal import Decimal

import pytest

from zhuoli.core.feel import (
    BOOLEAN,
    DATE,
    NUMBER,
    TEXT,
    FeelErrors,
    MissingAnswer,
    WrongValue,
    choice,
    compile_condition,
    compile_value,
    many,
    number,
)

from .conftest import COLUMNS, NAMES

DAY = datetime.date
ANSWERS = {
    "form.channel": "joint_online",
    "form.other": "own",
    "表单.金额": 50000,
    "form.rate": Decimal("0.05"),
    "form.people": 3,
    "form.injured": False,
    "ok": True,
    "form.birth": DAY(2008, 2, 29),
    "form.on": DAY(2026, 2, 28),
    "form.seen": 1_769_875_200_000,  # 2026-02-01 00:00 in Beijing, 31 January in UTC
    "form.hazards": ("gas", "电"),
    "form.note": "甲",
    "form.term": 10,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('form.channel = "joint_online"', True),
        ('form.channel != "joint_online"', False),
        ('form.channel in ("own", "joint_online")', True),
        ('form.channel not in ("own", "joint_online")', False),
        ("表单.金额 > 50000", False),
        ("表单.金额 >= 50000", True),
        ("表单.金额 in [50000..60000]", True),
        ("表单.金额 in (50000..60000]", False),
        ("表单.金额 in ]50000..60000]", False),
        ("表单.金额 in [40000..50000)", False),
        ("表单.金额 in [40000..50000[", False),
        ("表单.金额 in (1, 2, >= 50000)", True),
        ("表单.金额 * 0.1 * 3 = 15000", True),
        ("form.rate * 3 = 0.15", True),
        ("1 + 2 * form.people = 7", True),
        ("-form.people + 5 = 2", True),
        ("10 - 3 - form.people = 4", True),
        ("10 - (3 - form.people) = 10", True),
        ("not form.injured", True),
        ("not not ok", True),
        ("not form.injured and ok", True),
        ("form.injured or ok and form.injured", False),
        ("(form.injured or ok) and ok", True),
        ("form.injured = false", True),
        ("form.injured != ok", True),
        ('contains(form.hazards, "gas")', True),
        ('contains(form.hazards, "fire")', False),
        ("count(form.hazards) = 2", True),
        ("answered(form.note)", True),
        ('form.note = "甲"', True),
        ('form.birth = date("2008-02-29")', True),
        ("age(form.birth, form.on) = 17", True),  # born on 29 February: the year is complete on 1 March
        ("age(form.birth, form.on + days(1)) = 18", True),
        ("age(form.birth, form.on + days(1) - days(1)) >= 18", False),
        ("form.on - form.birth > days(6000)", True),
        ('form.on + form.term = date("2026-03-10")', True),
        ('form.on + days(form.people) = date("2026-03-03")', True),
        ('date(form.seen) = date("2026-02-01")', True),
        ('form.seen >= datetime("2026-02-01T00:00")', True),
        ('form.seen > datetime("2026-01-31T16:00:00+00:00")', False),
        ("round(form.rate, 1) = 0.1", True),
        ("round(form.rate - 0.1, 1) = -0.1", True),
        ("form.channel = form.other", False),
        ("TRUE", True),
    ],
)
def test_what_it_says(text, expected):
    assert compile_condition(text, NAMES).evaluate(ANSWERS) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("表单.金额 * form.rate - 0.5", "too_many_decimals"),
        ("round(表单.金额 * form.rate, 2)", 2500),
        ("round(表单.金额 * 0.000125, 2)", Decimal("6.25")),
        ("round(form.people * 0.5, 0)", 2),
        ("round(-form.people * 0.5, 0)", -2),
        ("form.people", 3),
        ("form.on + days(1)", DAY(2026, 3, 1)),
        ("form.on - form.birth", 6574),
        ("form.channel", "joint_online"),
        ("form.people > 2", True),
    ],
)
def test_calculations(text, expected):
    if isinstance(expected, str) and expected == "too_many_decimals":
        with pytest.raises(FeelErrors) as caught:
            compile_value(text, NAMES)
        assert [mistake.code for mistake in caught.value.mistakes] == [expected]
        return
    found = compile_value(text, NAMES).evaluate(ANSWERS)
    assert found == expected
    assert type(found) is type(expected)


def test_the_type_of_a_calculation():
    assert compile_value("表单.金额 + 1", NAMES).type == NUMBER
    assert compile_value("form.people * 2", NAMES).type.whole
    assert compile_value("form.on + days(2)", NAMES).type == DATE
    assert compile_value("form.on - form.birth", NAMES).type.kind == "days"
    assert compile_value("form.channel", NAMES).type == NAMES["form.channel"]
    assert compile_value("ok and form.injured", NAMES).type == BOOLEAN


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("表单.金额 = 1 or true", "表单.金额"),
        ("form.injured and 表单.金额 = 1 or ok", None),
        ("表单.金额 in [1..2]", "表单.金额"),
        ("ok and 表单.金额 > 1", "表单.金额"),
        ("answered(表单.金额) and 表单.金额 > 1", None),
        ("not answered(表单.金额) or 表单.金额 > 1", None),
        ("表单.金额 > 1 and answered(表单.金额)", "表单.金额"),
        ("ok or 表单.金额 > 1", None),
        ("form.people + 表单.金额 > 1", "表单.金额"),
        ("form.people in [1..表单.金额]", "表单.金额"),
        ("form.people in [5..表单.金额]", None),
    ],
)
@pytest.mark.parametrize("how", ["absent", "none"])
def test_a_missing_answer_is_never_a_no(text, name, how):
    answers = {key: value for key, value in ANSWERS.items() if key != "表单.金额"}
    if how == "none":
        answers["表单.金额"] = None
    condition = compile_condition(text, NAMES)
    if name is None:
        assert condition.evaluate(answers) in (True, False)
    else:
        with pytest.raises(MissingAnswer) as caught:
            condition.evaluate(answers)
        assert caught.value.name == name
        assert name in caught.value.text.zh
        assert caught.value.remedy.en


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("表单.金额", "five"),
        ("表单.金额", True),
        ("表单.金额", float("nan")),
        ("表单.金额", float("inf")),
        ("表单.金额", Decimal("NaN")),
        ("表单.金额", 10**12),
        ("表单.金额", -(10**12)),
        ("表单.金额", Decimal("0.0000001")),
        ("表单.金额", []),
        ("form.people", Decimal("1.5")),
        ("form.channel", "post"),
        ("form.channel", 1),
        ("form.channel", ["own"]),
        ("form.injured", 0),
        ("form.injured", "true"),
        ("form.birth", "2026-02-30"),
        ("form.birth", "2026/02/01"),
        ("form.birth", datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)),
        ("form.seen", 1.5),
        ("form.seen", True),
        ("form.hazards", "gas"),
        ("form.hazards", ["gas", "water"]),
        ("form.hazards", [["gas"]]),
        ("form.note", 1),
        ("form.term", "3"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(name, value):
    kind = NAMES[name]
    test = {
        "many": f"count({name}) > 5",
        "boolean": name,
        "date": f"{name} > form.on",
        "days": f"{name} > days(3)",
    }
    text = test.get(kind.kind) or (
        f"{name} > datetime(\"2026-01-01T00:00\")"
        if kind.kind == "datetime"
        else f'{name} = "own"' if kind.kind in ("choice", "text") else f"{name} > 5"
    )  # fmt: skip
    with pytest.raises(WrongValue) as caught:
        compile_condition(text, NAMES).evaluate({**ANSWERS, name: value})
    assert caught.value.name == name
    assert str(caught.value) == str(WrongValue(name, kind.in_words()))  # the answer itself is never told


def test_plain_json_forms_are_read_exactly():
    same = compile_condition("表单.金额 = 0.1", NAMES).evaluate
    assert same({"表单.金额": 0.1})
    assert same({"表单.金额": "0.1"})
    assert same({"表单.金额": Decimal("0.100")})
    assert compile_condition("form.rate + 0.2 = 0.3", NAMES).evaluate({"form.rate": 0.1})
    assert compile_condition('form.birth < date("2020-01-01")', NAMES).evaluate({"form.birth": "2008-02-29"})
    assert NUMBER.read(2.0) == 2
    assert type(NUMBER.read(Decimal("2.00"))) is int


def test_dates_that_do_not_exist_are_refused_at_run():
    with pytest.raises(WrongValue):
        compile_condition("form.on + days(1) > form.birth", NAMES).evaluate({**ANSWERS, "form.on": DAY.max})
    with pytest.raises(WrongValue):
        compile_condition("age(form.on, form.birth) > 3", NAMES).evaluate(ANSWERS)


def test_exact_arithmetic_beyond_28_digits():
    condition = compile_condition("表单.金额 * form.rate = 表单.金额 * form.rate + 0.000000", NAMES)
    big = {"表单.金额": Decimal("999999999999.999999"), "form.rate": Decimal("999999999999.999999")}
    assert condition.evaluate(big)
    assert not compile_condition("表单.金额 * form.rate = 999999999999 * form.rate", NAMES).evaluate(big)


def test_a_condition_tells_what_it_depends_on():
    condition = compile_condition("answered(form.note) and 表单.金额 > form.people", NAMES)
    assert condition.names == {"form.note", "表单.金额", "form.people"}
    assert condition.text == "answered(form.note) and 表单.金额 > form.people"


def test_names_and_texts_never_become_code():
    names = {"__import__": TEXT, "values": TEXT, "exact": NUMBER, "None_": BOOLEAN, "v0": TEXT, "date": DATE}
    nasty = '"); import os; os.abort() #'
    with pytest.raises(FeelErrors):
        compile_condition(f'__import__ = "{nasty}"', names)
    text = '__import__ = "\'); DROP TABLE c; --\\" and values = "{0}" and exact > 1 and None_ and v0 = "v1"'
    condition = compile_condition(text, names)
    answers = {"__import__": "'); DROP TABLE c; --\\", "values": "{0}", "exact": 2, "None_": True, "v0": "v1"}
    assert condition.evaluate(answers) is True
    assert condition.evaluate({**answers, "v0": "v0"}) is False


def test_sql_quotes_everything():
    names = {"a": TEXT}
    sql = compile_condition('a = "\'; DROP\\"', names).sql({"a": 't.x" OR 1=1 --'})
    assert '"t"."x"" OR 1=1 --"' in sql
    assert "'''; DROP\\'" in sql
    spark = compile_condition('a = "\'; DROP\\"', names).sql({"a": "t.x` OR 1=1 --"}, "spark")
    assert "`t`.`x`` OR 1=1 --`" in spark
    assert "'\\'; DROP\\\\'" in spark


def test_a_name_without_a_column_is_refused():
    with pytest.raises(FeelErrors) as caught:
        compile_condition("ok and form.injured", NAMES).sql({})
    assert [mistake.code for mistake in caught.value.mistakes] == ["no_column", "no_column"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('form.channel in ("joint_online", "own", "电话", "it\'s")', True),
        ('form.channel = "own" and form.channel = "电话"', False),
        ('form.channel = "own" or form.channel != "own"', True),
        ("表单.金额 > 5 and 表单.金额 < 3", False),
        ("表单.金额 > 5 or 表单.金额 <= 5", True),
        ("form.people > 4 and form.people < 5", False),
        ("表单.金额 > 4 and 表单.金额 < 5", None),
        ("ok and not ok", False),
        ("answered(ok) or not answered(ok)", True),
        ('contains(form.hazards, "gas") and count(form.hazards) = 0', None),
        ('contains(form.hazards, "gas") and not contains(form.hazards, "gas")', False),
        ("ok", None),
        ("form.people > 表单.金额", None),
        ('form.note = "a" and form.note = "b"', False),
        ('form.on < date("2026-01-01") and form.on > date("2026-01-01")', False),
        ("true", True),
    ],
)
def test_conditions_that_are_always_or_never_true(text, expected):
    assert compile_condition(text, NAMES).constant() is expected


def test_types_are_easily_made():
    assert choice(["a", "b"]) == choice(("a", "b"))
    assert many(("a",)).kind == "many"
    assert number(low=0, high=5).high == 5
    for wrong in ([], ["a", "a"], ["a", 1]):
        with pytest.raises(ValueError, match="choices"):
            choice(wrong)


def test_columns_of_the_fixture_are_complete():
    assert COLUMNS.keys() == NAMES.keys() == ANSWERS.keys()
