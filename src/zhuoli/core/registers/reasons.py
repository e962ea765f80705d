"""Why a row is not taken, and what to do: the sentences that stand beside each rejected row. Codes are stable."""

from __future__ import annotations

import msgspec

from zhuoli.core.scenario.catalog import Entry
from zhuoli.core.text import Text

T = Text

REASONS: dict[str, Entry] = {
    "width": (
        T(
            "这一行有 {actual} 列，表头有 {expected} 列",
            "This row has {actual} columns, the heading {expected}",
        ),
        T("检查多出或漏掉的逗号和引号", "Look for a comma or quotation mark too many or too few"),
    ),
    "missing": (T("没有填", "Nothing is filled in"), T("填上{title}", "Fill in: {title}")),
    "not_integer": (
        T("“{value}”不是整数", "“{value}” is no whole number"),
        T("只写半角数字，例如 7", "Write digits only, such as 7"),
    ),
    "not_number": (
        T("“{value}”不是数", "“{value}” is no number"),
        T("只写半角数字和小数点，例如 0.5", "Write digits and a point, such as 0.5"),
    ),
    "not_date": (
        T("“{value}”不是日期", "“{value}” is no date"),
        T("写成 2024-03-01；1900 到 2100 年之间", "Write it as 2024-03-01, between 1900 and 2100"),
    ),
    "not_datetime": (
        T("“{value}”不是日期时间", "“{value}” is no date and time"),
        T("写成 2024-03-01 08:00", "Write it as 2024-03-01 08:00"),
    ),
    "not_boolean": (
        T("“{value}”不是“是”或“否”", "“{value}” is neither yes nor no"),
        T("写 是 或 否", "Write yes or no"),
    ),
    "too_small": (
        T("“{value}”小于 {limit}", "“{value}” is below {limit}"),
        T("核对；不小于 {limit}", "Check it: at least {limit}"),
    ),
    "too_great": (
        T("“{value}”大于 {limit}", "“{value}” is above {limit}"),
        T("核对；不大于 {limit}", "Check it: at most {limit}"),
    ),
    "too_short": (
        T("“{value}”太短", "“{value}” is too short"),
        T("至少 {limit} 个字", "At least {limit} characters"),
    ),
    "too_long": (
        T("“{value}”太长", "“{value}” is too long"),
        T("最多 {limit} 个字", "At most {limit} characters"),
    ),
    "pattern": (
        T("“{value}”的写法不对", "“{value}” is not of the right form"),
        T("应符合 {limit}", "It must match {limit}"),
    ),
    "category": (
        T("“{value}”不是可用的取值", "“{value}” is none of the allowed values"),
        T("可用：{limit}", "Allowed: {limit}"),
    ),
    "credit_code": (
        T(
            "“{value}”不是统一社会信用代码（GB 32100）",
            "“{value}” is no unified social credit code (GB 32100)",
        ),
        T(
            "18 位，末位是校验码；照营业执照重录",
            "18 signs, the last one checks the others: copy it from the licence",
        ),
    ),
    "resident_id": (
        T("身份证号不成立（GB 11643）", "The identity number does not hold (GB 11643)"),
        T(
            "18 位：地区、出生日期和校验码都要对；照证件重录",
            "18 signs; place, date of birth and check digit must hold: copy it from the card",
        ),
    ),
    "plate": (
        T("“{value}”不是号牌号码（GA 36）", "“{value}” is no number plate (GA 36)"),
        T("例如 甘A12345、甘AD12345；不用字母 I 和 O", "Such as 甘A12345 or 甘AD12345; no letters I and O"),
    ),
    "division": (
        T("“{value}”不是 12 位区划代码", "“{value}” is no division code of 12 digits"),
        T(
            "写 12 位统计用区划代码，例如 620102001001",
            "Write the 12-digit statistical code, such as 620102001001",
        ),
    ),
    "foreign_key": (
        T("“{value}”不在登记册“{other}”里", "“{value}” is not in the register “{other}”"),
        T("核对编号，或先把它导入那个登记册", "Check the number, or import it into that register first"),
    ),
    "past_deletion": (
        T("{value} 的数据已过保存期限", "Data of {value} are past their deletion date"),
        T("不用再导入；保存 {limit} 天", "Nothing to do: rows are kept for {limit} days"),
    ),
    "duplicate": (
        T("与第 {limit} 行重复（{value}）", "The same as row {limit} ({value})"),
        T("留下一行，或改正编号", "Keep one of them, or correct the number"),
    ),
    "bad_change": (
        T("“{value}”不是变更类型", "“{value}” is no kind of change"),
        T("写 新增、修改 或 删除", "Write put or remove"),
    ),
    "nothing_to_remove": (
        T("没有 {value} 这一行可删", "There is no row {value} to remove"),
        T("核对编号，或去掉这一行", "Check the number, or leave this row out"),
    ),
}


class Reason(msgspec.Struct, frozen=True):
    """One thing wrong with one value of one row."""

    code: str
    field: str
    message: Text
    remedy: Text


def reason(code: str, field: str, **values: object) -> Reason:
    """Fill the sentences of ``code``; long values are cut."""
    shown = {
        key: f"{value[:40]}…" if isinstance(value, str) and len(value) > 41 and key == "value" else value
        for key, value in values.items()
    }
    message, remedy = REASONS[code]
    return Reason(code, field, message.format(**shown), remedy.format(**shown))
