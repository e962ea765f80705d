"""What each key of ``query.yaml`` means, in a sentence for authors."""

from __future__ import annotations

from zhuoli.core.text import Text

T = Text

QUERY_KEYS: dict[str, dict[str, Text]] = {
    "Query": {
        "subject": T("找到的是什么；不能是个人", "What it finds; never a person"),
        "finds": T("一句话：找什么", "What it finds, in a sentence"),
        "reads": T("读哪些登记册", "The registers that it reads"),
        "personal": T(
            "用到的个人信息（登记册.字段）和为什么", "Personal fields that it uses (register.field), and why"
        ),
        "parameters": T("上架时可以改的数", "The numbers that a serving may set"),
        "same": T("按哪一列认出同一个命中", "The column by which two hits are the same"),
        "smallest": T(
            "最小按哪一级上架：county 县区，town 乡镇街道（登记册里要有乡镇或村）",
            "The smallest territory it is served for: county or town (its registers must know towns or villages)",
        ),
        "answers": T("受理表的问题，各取哪一列", "Questions of the intake form, and the column of each"),
        "evidence": T("作为证据给人看的列和名称", "Columns shown as evidence, and what they are called"),
        "most": T("一次最多开多少件事项", "How many cases are opened at most at one run"),
        "precision": T("准确率低于多少就建议下架", "The precision below which retirement is proposed"),
        "confirmed": T("哪些办理结果说明查得对", "Results that say the hit was right"),
        "not_so": T("哪些办理结果说明查得不对", "Results that say it was not"),
        "duplicate": T(
            "哪些办理结果说明早已有人在办；并案的不用写",
            "Results that say it was known already; merged cases count by themselves",
        ),
    },
    "PrecisionAim": {
        "floor": T("准确率下限，百分数", "The least precision, in percent"),
        "verdicts": T("有多少个结论才看", "After how many verdicts it is looked at"),
    },
    "Find": {
        "title": T("一句话：这个例子说明什么", "What it shows, in a sentence"),
        "today": T("运行那天，如 2026-03-02", "The day of the run, such as 2026-03-02"),
        "registers": T(
            "登记册里有哪几行：编号对一小段 CSV，第一行是列名；不写的列是空的",
            "Rows of registers: id to a few lines of CSV with a heading; columns left out are empty",
        ),
        "finds": T(
            "必须正好找到这些，每个写 serving、subject 和想核对的列；一个也没有就不写",
            "Exactly these must be found, each with serving, subject and the columns to compare; nothing: leave it out",
        ),
    },
    "QueryParameter": {
        "title": T("参数名称", "What it is called"),
        "default": T("不写时用的数", "The number that is used where none is set"),
        "minimum": T("最小", "The least"),
        "maximum": T("最大", "The greatest"),
        "unit": T("单位", "Its unit"),
    },
}
