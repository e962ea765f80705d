"""Expressions in plain words, in both languages."""

import pytest

from zhuoli.core.feel import compile_condition, compile_value
from zhuoli.core.text import Text

from .conftest import NAMES

LABELS = {
    "form.channel": Text("渠道", "channel"),
    "form.channel=joint_online": Text("联合在线", "joint online"),
    "表单.金额": Text("金额", "amount"),
    "form.people": Text("人数", "number of people"),
    "form.injured": Text("有人受伤", "somebody is hurt"),
    "form.birth": Text("出生日期", "date of birth"),
    "form.on": Text("事发日期", "date of the event"),
    "form.hazards": Text("隐患", "hazards"),
    "form.hazards=gas": Text("燃气", "gas"),
    "form.term": Text("期限", "term"),
    "form.seen": Text("发现时刻", "time of discovery"),
}


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ('form.channel = "joint_online"', "渠道等于“联合在线”", "channel is joint online"),
        ('form.channel != "own"', "渠道不等于“own”", 'channel is not "own"'),
        ('"own" = form.channel', "“own”等于渠道", '"own" is channel'),
        (
            'form.channel in ("joint_online", "own")',
            "渠道为“联合在线”、“own”之一",
            'channel is one of joint online, "own"',
        ),
        ('form.channel not in ("own")', "渠道不等于“own”", 'channel is not "own"'),
        ("表单.金额 >= 50000", "金额不少于 50000", "amount is at least 50000"),
        (
            "表单.金额 in (1..2.5]",
            "金额在 1（不含）到 2.5（含）之间",
            "amount is from 1 (not included) to 2.5",
        ),
        (
            "表单.金额 * 2 + 1 > form.people",
            "金额 × 2 + 1大于人数",
            "amount × 2 + 1 is more than number of people",
        ),
        ("not form.injured", "有人受伤为“否”", "somebody is hurt is no"),
        ("form.injured = true", "有人受伤为“是”", "somebody is hurt is yes"),
        ("form.injured != true", "有人受伤为“否”", "somebody is hurt is no"),
        ('contains(form.hazards, "gas")', "隐患包括“燃气”", "hazards includes gas"),
        ("count(form.hazards) > 1", "隐患所选项数大于 1", "the number of answers to hazards is more than 1"),
        ("answered(form.birth)", "出生日期已有回答", "date of birth is answered"),
        (
            'form.on < date("2026-01-31")',
            "事发日期早于2026年1月31日",
            "date of the event is before 2026-01-31",
        ),
        ("form.term > days(3)", "期限大于 3 天", "term is more than 3 days"),
        (
            "age(form.birth, form.on) >= 18",
            "出生日期出生者在事发日期的周岁不少于 18",
            "the age on date of the event of a person born on date of birth is at least 18",
        ),
        (
            'form.seen > datetime("2026-01-31T08:00")',
            "发现时刻晚于2026-01-31 08:00",
            "time of discovery is after 2026-01-31 08:00",
        ),
        (
            "form.injured and (表单.金额 > 5 or 表单.金额 < 1)",
            "有人受伤为“是”并且（金额大于 5 或者金额小于 1）",
            "somebody is hurt is yes and (amount is more than 5 or amount is less than 1)",
        ),
        ("not (表单.金额 > 5)", "并非（金额大于 5）", "it is not so that (amount is more than 5)"),
    ],
)
def test_in_words(text, zh, en):
    assert compile_condition(text, NAMES).in_words(LABELS) == Text(zh, en)


def test_without_labels_the_names_are_said():
    assert compile_condition("表单.金额 > 5", NAMES).in_words() == Text(
        "表单.金额大于 5", "表单.金额 is more than 5"
    )


def test_calculations_in_words():
    said = compile_value("round(表单.金额 * 0.05, 2)", NAMES).in_words(LABELS)
    assert said == Text("金额 × 0.05（四舍五入到 2 位小数）", "amount × 0.05 (rounded to 2 decimals)")
