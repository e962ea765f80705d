"""An evaluation in plain words, for people who decide and for those who are told; both languages."""

from __future__ import annotations

from zhuoli.core.text import Text
from zhuoli.evaluate.areas import Compared
from zhuoli.evaluate.periods import Period, so_many
from zhuoli.evaluate.trial import Effect, Evaluation, Unit

VERDICTS = {
    "fell": Text("下降了", "It fell"),
    "rose": Text("上升了", "It rose"),
    "no_change": Text("没有值得一说的变化", "No change that matters"),
    "cannot_tell": Text("说不准", "Cannot tell"),
}


def sentences(found: Evaluation, period: Period, compared: Compared | None = None) -> list[Text]:
    """The answer, what it rests on, what could have been seen, and what it does not say."""
    said = [_answer(found), _basis(found, period)]
    if found.placebos:
        said.append(_placebo(found))
    if compared is not None and compared.elsewhere:
        said.append(_elsewhere(compared))
    return [*said, _power(found), _limits(found)]


def headline(found: Evaluation) -> Text:
    """The answer in a few words."""
    return VERDICTS[found.verdict]


def size(value: float, unit: Unit) -> Text:
    """A size without its sign: “20 %”, “3.5 points”, “12.4”."""
    number = abs(value) * (1 if unit == "amount" else 100)
    shown = f"{number:.3g}" if unit == "amount" else f"{number:.1f}" if number < 10 else f"{number:.0f}"
    if unit == "ratio":
        return Text(f"{shown}%", f"{shown} %")
    return Text(f"{shown} 个百分点", f"{shown} points") if unit == "points" else Text(shown, shown)


def change(value: float, unit: Unit) -> Text:
    """A change with its direction: “下降 20%”, “a fall of 20 %”."""
    told = size(value, unit)
    if value < 0:
        return Text(f"下降 {told.zh}", f"a fall of {told.en}")
    return Text(f"上升 {told.zh}", f"a rise of {told.en}")


def interval(effect: Effect, unit: Unit) -> Text:
    """The interval in words."""
    low, high = change(effect.low, unit), change(effect.high, unit)
    return Text(f"从{low.zh}到{high.zh}", f"from {low.en} to {high.en}")


def _answer(found: Evaluation) -> Text:
    effect, unit = found.effect, found.unit
    best, reach = change(effect.value, unit), interval(effect, unit)
    if found.verdict in ("fell", "rose"):
        return Text(
            f"{found.at} 起，比按原来走势应有的平均{best.zh}（95% 区间：{reach.zh}）。",
            f"From {found.at} on there was, on average, {best.en} against what trend and season would have given "
            f"(95 % interval: {reach.en}).",
        )
    if found.verdict == "no_change":
        return Text(
            f"{found.at} 前后没有值得一说的变化（95% 区间：{reach.zh}）。",
            f"There was no change that matters at {found.at} (95 % interval: {reach.en}).",
        )
    if effect.clear:
        return Text(
            f"说不准。算出来是{best.zh}，但在什么也没做的日子（或地方）也常算出变化，这个结果不可信。",
            f"It cannot be told. The figures give {best.en}, but the same method also finds changes where nothing was "
            "done, so it is not to be believed.",
        )
    return Text(
        f"说不准。最可能是{best.zh}，但{reach.zh}都与数据相符。",
        f"It cannot be told. The best guess is {best.en}, but anything {reach.en} fits the data.",
    )


def _basis(found: Evaluation, period: Period) -> Text:
    before, after = so_many(found.before, period), so_many(found.after, period)
    if found.compared:
        how = _compared(found)
    elif found.season:
        how = Text("已去掉走势和季节起伏", "trend and seasons are taken out")
    elif period == "year":
        how = Text("已去掉走势；按年数，不分季节", "the trend is taken out; by year there are no seasons")
    else:
        how = Text(
            "已去掉走势；数据太短，季节起伏分不出来",
            "the trend is taken out; too short to tell seasons apart",
        )
    return Text(
        f"依据：之前 {before.zh}、之后 {after.zh}；{how.zh}。相邻时段会相像（相关 {found.rho:.2f}），已算进区间。",
        f"It rests on {before.en} before and {after.en} after; {how.en}. Neighbouring periods resemble each other "
        f"(correlation {found.rho:.2f}); the interval takes that into account.",
    )


def _compared(found: Evaluation) -> Text:
    if found.parallel:
        return Text(
            "与对照相比，共同的起伏由对照抵消；之前看不出两边走势有差别，看不出来的那一点也算进了区间",
            "against a comparison, so that whatever moves both falls out; no difference of trends is seen before, and one too small to be seen "
            "is allowed for",
        )
    return Text(
        "与对照相比，之前两边走势就不同，已把差别延续下去再比",
        "against a comparison whose trend differed before, which is carried on",
    )


def _placebo(found: Evaluation) -> Text:
    tried, alarms = len(found.placebos), found.false_alarms
    return Text(
        f"试了 {tried} 个什么也没做的日期：{alarms} 个算出了变化" + ("。" if alarms else "，方法可信。"),
        f"Tried at {tried} date{'' if tried == 1 else 's'} where nothing was done: it found a change at {alarms}.",
    )


def _elsewhere(compared: Compared) -> Text:
    tried = len(compared.elsewhere)
    alarms = sum(one.effect.clear for one in compared.elsewhere)
    return Text(
        f"试了 {tried} 个没有采取措施的地区：{alarms} 个也算出了变化。",
        f"Tried in {tried} area{'' if tried == 1 else 's'} where nothing was done: it found a change in {alarms}.",
    )


def _power(found: Evaluation) -> Text:
    least = size(found.seen_from, found.unit)
    return Text(
        f"这样的数据，下降至少 {least.zh} 才看得出来（五次里看出四次）。",
        f"This design could only have seen a fall of at least {least.en} (four times out of five).",
    )


def _limits(found: Evaluation) -> Text:
    if found.verdict in ("fell", "rose"):
        return Text(
            "这说明此时有变化，不说明为什么：同一时候还发生了什么，请一并考虑。",
            "This says that there was a change then, not why: think of what else happened at that time.",
        )
    return Text(
        "“说不准”不等于“没有效果”，也不等于“有效果”。"
        if found.verdict == "cannot_tell"
        else "没有变化，是指变化不超过 5%。",
        "“Cannot tell” is neither “it worked” nor “it did not”."
        if found.verdict == "cannot_tell"
        else "No change means none of more than 5 %.",
    )
