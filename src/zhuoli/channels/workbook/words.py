"""Headings, explanations and the words behind the codes that authors choose from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from zhuoli.core.scenario.directory_words import COMPETENCES, ROLES
from zhuoli.core.text import Text

T = Text

CODES: dict[str, Text] = {
    "text": T("一行字", "a line of text"),
    "long_text": T("一段话", "some lines of text"),
    "integer": T("整数", "a whole number"),
    "decimal": T("小数", "a number"),
    "yes_no": T("是或否", "yes or no"),
    "date": T("日期", "a date"),
    "datetime": T("日期和时间", "a date and time"),
    "choice": T("单选", "one of the choices"),
    "many": T("多选", "several of the choices"),
    "place": T("地点（区划）", "a place of the list"),
    "point": T("地图上的点", "a point on the map"),
    "phone": T("电话", "a phone number"),
    "email": T("邮箱", "an e-mail address"),
    "id_number": T("身份证号", "an identity number"),
    "credit_code": T("信用代码", "a credit code"),
    "plate": T("车牌", "a plate"),
    "signature": T("签名", "a signature"),
    "photos": T("照片", "photos"),
    "files": T("附件", "files"),
    "note": T("说明，不用答", "a note, not a question"),
    "calculate": T("算出来的", "worked out"),
    "resident": T("居民", "residents"),
    "enterprise": T("企业", "enterprises"),
    "organisation": T("组织", "an organisation"),
    "partner": T("协作单位", "partners"),
    "office": T("机关自己", "the office itself"),
    "web": T("网上", "web"),
    "window": T("窗口", "the window"),
    "proxy": T("代办", "a proxy"),
    "guardian": T("监护人", "a guardian"),
    "field": T("现场", "the field"),
    "discovery": T("自主发现", "own discovery"),
    "model": T("模型发现", "a model"),
    "handover": T("别的事转来", "another matter"),
    "share": T("占比", "a share"),
    "count": T("件数", "a count"),
    "hours": T("小时", "hours"),
    "days": T("天", "days"),
    "score": T("评分", "a rating"),
    "up": T("越高越好", "more is better"),
    "down": T("越低越好", "less is better"),
    "done": T("办成", "done"),
    "impossible": T("办不到", "impossible"),
    "unlawful": T("于法无据", "unlawful"),
    "handed_over": T("转出", "handed over"),
    "unit": T("责任单位", "the unit"),
    "dispatcher": T("分派员", "the dispatcher"),
    "opening": T("提出即受理", "at once"),
    "normal": T("一般", "normal"),
    "high": T("优先", "high"),
    "urgent": T("紧急", "urgent"),
    "opened": T("从提出起", "from raising"),
    "accepted": T("从受理起", "from acceptance"),
    "excluded": T("当天不算", "the day does not count"),
    "included": T("当天算", "the day counts"),
    "requester": T("提出的人", "the requester"),
    "nobody": T("不用确认", "nobody"),
    "withdrawn": T("视为撤回", "withdrawn"),
    "refused": T("不予受理", "refused"),
    "goes_on": T("照常办下去", "goes on"),
    "vehicle_class": T("一类车辆", "a class of vehicles"),
    "account": T("账户", "an account"),
    "case": T("事项", "a case"),
    "post": T("岗位", "a post"),
    **COMPETENCES,
    **{key: title for key, title in ROLES.items() if key not in ("partner", "dispatcher")},
}

YES, NO = "是", "否"

SHEETS: dict[str, tuple[str, Text]] = {
    "texts": ("文字", T("所有给人看的话，中英文都要有。只改白色格子。", "Every sentence that people read, in both languages. Change white cells only.")),
    "settings": ("参数", T("时限、归口、条件等。只改“值”这一列。", "Time limits, routing, conditions. Change the column “value” only.")),
    "questions": ("表单", T("一行一个问题，次序就是屏幕上的次序；可以插行、删行、移行。灰底行是表单的名称。", "One question a row, in the order of the screen; rows may come, go and move. A grey row names a form.")),
    "choices": ("选项", T("单选、多选题的选项，一行一个。", "The choices of choice questions, one a row.")),
    "indicators": ("指标", T("这件事办得怎么样，用什么数来量。", "By which figures it is measured.")),
    "parameters": ("查询参数", T("上架时可以改的数，以及它的范围。", "Numbers that a serving may set, and their range.")),
    "notices": ("通知", T("通知和文书。{{case.receipt}} 这样的地方由系统填。", "Notices and papers. Places such as {{case.receipt}} are filled in.")),
    "process": ("办理过程", T("怎么一步步办：灰底行是阶段，下面是阶段里办的事。可以插行、删行、移行。", "How it is handled, step by step: a grey row is a stage, below it what is done in it. Rows may come, go and move.")),
    "outcomes": ("结果", T("人来办的每件事，办完可以是哪几种结果。", "How each task that people do may end.")),
    "examples": ("示例", T("每个示例是一次完整的办理，就是这个场景的测试。", "Each example is one whole case: the scenario's tests.")),
    "steps": ("示例步骤", T("示例里一步一行，从上到下；一格里一行一项。", "A step a row, from top to bottom; in a cell one line each.")),
    "matter": ("事项", T("先填这一张：这件事叫什么、谁提、归谁、多久办好。", "Begin here: what it is called, who raises it, who handles it, how long it takes.")),
    "stages": ("阶段", T("一件事分几步办，一行一步，从上到下。", "The steps in which it is handled, one a row.")),
}  # fmt: skip
TABLE = "表 "
"""Sheets whose name begins so are decision tables."""
SERVINGS = "上架"

DURATION = T(
    "时限写法：2 hours、5 working days、60 calendar days、3 months，或 5个工作日",
    "2 hours, 5 working days, 60 calendar days, 3 months",
)
CONDITION = T("条件写法见 docs/authors/expressions.md", "see docs/authors/expressions.md")

_WHOLE = re.compile(r"-?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})\Z")
_CODE = re.compile(r"([A-Za-z0-9_.\u4e00-\u9fff]+)\s*·")


def offered(code: str, title: Text | None = None) -> str:
    """A code as it stands in a list: “choice · 单选”."""
    said = title or CODES.get(code)
    return f"{code} · {said.zh}" if said is not None else code


def code_of(written: str, choices: Iterable[str] = ()) -> str:
    """The code of what was chosen from a list, or typed as one of its titles (“单选”); other words as they are."""
    found = _CODE.match(written)
    if found:
        return found[1]
    titled = [code for code, _, title in (one.partition(" · ") for one in choices) if title == written]
    return titled[0] if len(titled) == 1 else written


def digits(written: str) -> str:
    """A whole number as a file has it: wide digits become narrow ones, marks of thousands go; other words as they are."""
    plain = unicodedata.normalize("NFKC", written)
    return plain.replace(",", "") if _WHOLE.match(plain) else written
