"""What an author gets wrong is refused when it is read: each mistake with its code, its place and its remedy."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhuoli.core.feel import BOOLEAN, NUMBER, FeelErrors, choice, compile_condition, compile_value, read_table

from .conftest import NAMES, RELAXED


def mistakes(text, names=NAMES, compiler=compile_condition):
    with pytest.raises(FeelErrors) as caught:
        compiler(text, names)
    for mistake in caught.value.mistakes:
        assert mistake.message.zh
        assert mistake.message.en
        assert mistake.remedy.zh
        assert mistake.remedy.en
        assert mistake.line == 1
        assert mistake.column > 0
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("text", "code", "column", "remedy"),
    [
        ("表单.金额 >= ５０００", "full_width", 10, "表单.金额 >= 5000"),
        ("form.channel = “own”", "full_width", 16, 'form.channel = "own"'),
        ("form.channel = 「own」", "full_width", 16, 'form.channel = "own"'),
        ("form.channel = ‘own’", "full_width", 16, 'form.channel = "own"'),
        ('form.channel in（"own"，"电话"）', "full_width", 16, 'form.channel in("own","电话")'),
        ("表单.金额 ≥ 5", "full_width", 7, "表单.金额 >= 5"),
        ("表单.金额 ＝ 5", "full_width", 7, "表单.金额 = 5"),
        ("表单.金额　= 5", "full_width", 6, "表单.金额 = 5"),
        ("表单。金额 = 5", "full_width", 3, "表单.金额 = 5"),
        ("表单.金额 in ［１…５］", "full_width", 10, "[1..5]"),
        ("ｏｋ", "full_width", 1, "ok"),
        ("表单.金额 = −5", "full_width", 9, "表单.金额 = -5"),
        ("表单.金额 × 2 = 5", "full_width", 7, "表单.金额 * 2 = 5"),
        ("表单.金額 = 5", "unknown_name", 1, "表单.金额"),
        ('form.chanel = "own"', "unknown_name", 1, "form.channel"),
        ('channel = "own"', "unknown_name", 1, "form.channel"),
        ('Form.Channel = "own"', "unknown_name", 1, "form.channel"),
        ('form.channel = "onw"', "unknown_choice", 16, '"own"'),
        ('form.channel = "OWN"', "unknown_choice", 16, '"own"'),
        ('form.channel in ("own", "fax")', "unknown_choice", 25, '"joint_online"'),
        ('"fax" = form.channel', "unknown_choice", 1, "joint_online"),
        ('contains(form.hazards, "water")', "unknown_choice", 24, "fire"),
        ('form.channel < "own"', "no_order", 16, "in (…)"),
        ("form.injured < ok", "no_order", 16, "="),
        ('form.note > "a"', "no_order", 13, "="),
        ('表单.金额 = "5"', "type_mismatch", 9, "5"),
        ('form.injured = "true"', "type_mismatch", 16, "true"),
        ('form.birth > "2026-01-31"', "type_mismatch", 14, 'date("2026-01-31")'),
        ("form.seen > form.on", "type_mismatch", 13, "date("),
        ("form.on - form.birth > 3", "type_mismatch", 24, "days(3)"),
        ("form.note = 110", "type_mismatch", 13, '"110"'),
        ('form.hazards = "gas"', "type_mismatch", 16, "contains"),
        ('form.hazards in ("gas")', "type_mismatch", 1, "contains"),
        ("form.hazards = form.hazards", "constant_comparison", 1, ""),
        ("form.on + 3 > form.birth", "type_mismatch", 11, "days"),
        ("form.on + form.birth > form.on", "type_mismatch", 11, "days"),
        ("form.note * 2 = 4", "type_mismatch", 1, "数字"),
        ("form.note and ok", "not_a_condition", 1, "金额 > 100"),
        ("表单.金额 + 1", "not_a_condition", 1, ""),
        ("3 = 3", "constant_comparison", 1, "名称"),
        ("3 in (1, 2)", "constant_comparison", 1, "in"),
        ("ok = ok", "constant_comparison", 1, ""),
        ('form.birth > date("2026-02-30")', "bad_date", 14, 'date("2026-01-31")'),
        ('form.birth > date("2026-1-3")', "bad_date", 14, 'date("2026-01-31")'),
        ("form.birth > 2026-01-31", "bare_date", 14, 'date("2026-01-31")'),
        ("form.birth > 2026/1/31", "bare_date", 14, 'date("2026-01-31")'),
        ('form.seen > datetime("2026-01-31")', "bad_date", 13, "datetime("),
        ("表单.金额 > 5万", "bad_number", 9, "50000"),
        ("表单.金额 > 1.5万", "bad_number", 9, "15000"),
        ("表单.金额 > 007", "bad_number", 9, "7"),
        ("表单.金额 > 1e5", "bad_number", 9, ""),
        ("表单.金额 > 0.1234567", "bad_number", 9, "6"),
        ("表单.金额 > 1000000000000", "bad_number", 9, "12"),
        ("表单.金额 in (1,500)", "thousands", 13, "1500"),
        ("表单.金额 in [5..3]", "empty_range", 10, ""),
        ("表单.金额 in (5..5]", "empty_range", 10, "[a..a]"),
        ('form.on in [date("2026-02-01")..date("2026-01-01")]', "empty_range", 12, ""),
        ("1 < 表单.金额 < 3", "chained_comparison", 11, "[1..3]"),
        ("表单.金额 == 5", "wrong_operator", 7, "="),
        ("表单.金额 <> 5", "wrong_operator", 7, "!="),
        ("ok && form.injured", "wrong_operator", 4, "and"),
        ("!ok", "wrong_operator", 1, "not"),
        ("form.note = 'a'", "wrong_operator", 13, '"'),
        ("ok AND form.injured", "wrong_word", 4, "and"),
        ("ok 并且 form.injured", "wrong_word", 4, "and"),
        ("ok 或 form.injured", "wrong_word", 4, "or"),
        ("表单.金额 / 2 > 5", "unknown_character", 7, "0.01"),
        ("表单.金额 > 5%", "unknown_character", 10, "0.05"),
        ("表单.金额 ¥ 5", "unknown_character", 7, ""),
        ('form.note = "a', "unclosed_text", 13, '"'),
        ('form.note = "a”', "unclosed_text", 13, '"'),
        ('form.note = "a\nb"', "control_character", 13, ""),
        ("ok or", "unexpected", 6, ""),
        ("ok form.injured", "unexpected", 4, "ok"),
        ("(ok", "expected", 4, ")"),
        ("ok)", "unexpected", 3, ""),
        ("form.people in 5", "expected_set", 16, "in [1..5]"),
        ("form.people in [1, 5]", "expected_range", 18, "[1..5]"),
        ("form.people in [1..5", "expected_range", 21, "[1..5]"),
        ("form.people in (= 5)", "unexpected", 17, ""),
        ("", "empty", 1, "-"),
        ("   ", "empty", 4, "-"),
        ("cont(form.hazards) = 1", "unknown_function", 1, "count"),
        ("sum(form.people) = 1", "unknown_function", 1, ""),
        ("count(form.people) = 1", "wrong_arguments", 1, "count(name)"),
        ("age(form.birth) = 1", "wrong_arguments", 1, "age(birth, on)"),
        ("days(0.5) > form.term", "wrong_arguments", 1, "days(3)"),
        ("round(表单.金额, 9) = 1", "wrong_arguments", 1, "round"),
        ("answered(3)", "wrong_arguments", 1, "answered(name)"),
        ("表单.金额 * 表单.金额 * 表单.金额 > 1", "too_many_digits", 1, "round"),
        (
            'form.note = "fax" and form.channel = form.note and form.other = "joint_online"',
            "unknown_choice",
            65,
            "own",
        ),
    ],
)
def test_each_mistake(text, code, column, remedy):
    found = mistakes(text)
    assert [(mistake.code, mistake.column) for mistake in found] == [(code, column)]
    assert remedy in found[0].remedy.zh or remedy in found[0].remedy.en


def test_all_mistakes_come_in_one_go():
    text = 'form.chanel = "own" and 表单.金额 ＞ "5" and form.channel = "fax" and foo(1) and form.note < "b"'
    assert sorted(mistake.code for mistake in mistakes(text)) == [
        "full_width", "no_order", "type_mismatch", "unknown_choice", "unknown_function", "unknown_name",
    ]  # fmt: skip


def test_choices_that_never_meet():
    names = {"a": choice(("x",)), "b": choice(("y",))}
    assert [mistake.code for mistake in mistakes("a = b", names)] == ["never_equal"]


def test_a_declared_name_may_be_a_word_of_the_trade():
    names = {"是": BOOLEAN, "大于": NUMBER}
    assert compile_condition("是 and 大于 > 3", names).evaluate({"是": True, "大于": 4})


def test_full_width_inside_a_text_is_meant():
    assert compile_condition('form.note = "（甲）、“乙”，１"', NAMES).evaluate(
        {"form.note": "（甲）、“乙”，１"}
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(" * 100_000 + "ok" + ")" * 100_000, "too_long"),
        ("(" * 1500 + "ok" + ")" * 1500, "too_long"),
        ("(" * 400 + "ok" + ")" * 400, "too_deep"),
        ("not(" * 300 + "ok" + ")" * 300, "too_deep"),
        ("-" * 900 + "1 > 表单.金额", "too_deep"),
        ("count(" * 300 + "ok" + ")" * 300, "too_deep"),
        ("1+" * 400 + "表单.金额 > 3", "too_many_terms"),
        ("1*" * 400 + "表单.金额 > 3", "too_many_terms"),
        ("ok and " * 600 + "ok", "too_long"),
        ("form.people in ((" * 200, "too_deep"),
        ("form.people in (((" * 200, "too_deep"),
    ],
)
def test_hostile_length_and_depth(text, code):
    start = time.perf_counter()
    assert [mistake.code for mistake in mistakes(text)] == [code]
    assert time.perf_counter() - start < 2


def test_the_longest_and_deepest_that_is_allowed_still_works(duck):
    wide = " or ".join(["ok and not form.injured"] * 140)
    deep = "(" * 20 + "ok" + ")" * 20
    terms = "+".join(["form.people"] * 9)
    for _ in range(9):
        terms = f"round(({terms} + 1), 0)"
    for text in (wide, deep, f"{terms} > 1", " and ".join([deep] * 20)):
        condition = compile_condition(text, NAMES)
        answers = {"ok": True, "form.injured": False, "form.people": 1}
        assert condition.evaluate(answers) is True
        sql = condition.sql({"ok": "ok", "form.injured": "injured", "form.people": "people"})
        assert duck.execute(f"SELECT {sql} FROM (SELECT true ok, false injured, 1 people)").fetchall() == [
            (True,)
        ]
        assert condition.in_words().zh


def test_deep_date_arithmetic_does_not_explode():
    text = "form.on"
    for _ in range(9):
        text = f"({text} + days(form.people))"
    condition = compile_condition(f"age(form.birth, {text}) > 3", NAMES)
    assert len(condition.sql({"form.on": "a", "form.birth": "b", "form.people": "p"})) < 20_000


alphabet = st.sampled_from(
    [*"()[]<>=!,.+-*\"' 0159", "..", " and ", " or ", " not ", " in ", "true", "ok", "form.people", "表单.金额",
     "form.on", "form.hazards", "form.channel", '"own"', "days(", "date(", "age(", "（", "“", "５", "万", "\n", "\x00", "é", "٣"]
)  # fmt: skip


@settings(RELAXED, max_examples=400)
@given(st.lists(alphabet, max_size=30).map("".join) | st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_reason(text):
    cells = f'U,when 表单.金额,then x\n1,"{text.replace(chr(34), chr(34) * 2)}",1\n'
    for reader, written in ((compile_condition, text), (compile_value, text), (read_table, cells)):
        found = None
        try:
            reader(written, NAMES)
        except FeelErrors as errors:
            found = errors.mistakes
        assert found != ()


def test_typing_noise_never_changes_the_meaning_silently():
    """A character of a condition replaced by its full-width twin is refused, never read as something else."""
    chance = random.Random(7)
    text = 'form.channel in ("own", "电话") and 表单.金额 in [10..500) or not ok'
    outside = [place for place, sign in enumerate(text) if "!" <= sign <= "~" and not 17 <= place <= 28]
    for place in chance.sample(outside, 25):
        noisy = text[:place] + chr(ord(text[place]) + 0xFEE0) + text[place + 1 :]
        assert "full_width" in [mistake.code for mistake in mistakes(noisy)], noisy
