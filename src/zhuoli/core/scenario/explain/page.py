"""The page that explains a scenario, as blocks: headings, paragraphs and items, each in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from zhuoli.core.feel import Table
from zhuoli.core.scenario.explain.plan_page import limits, stages
from zhuoli.core.scenario.explain.words import (
    Words,
    competence,
    due,
    duration,
    ground,
    listed,
)
from zhuoli.core.scenario.model import Question, Scenario
from zhuoli.core.scenario.names import human_tasks, personal_names
from zhuoli.core.text import Text

AUDIENCES: dict[str, Text] = {
    "resident": Text("居民", "residents"),
    "enterprise": Text("企业", "enterprises"),
    "partner": Text("协作单位", "partners"),
    "office": Text("经办单位自己", "the offices themselves"),
}
TYPES: dict[str, Text] = {
    "text": Text("文字", "text"),
    "long_text": Text("长文字", "long text"),
    "integer": Text("整数", "a whole number"),
    "decimal": Text("数", "a number"),
    "yes_no": Text("是或否", "yes or no"),
    "date": Text("日期", "a date"),
    "datetime": Text("日期和时间", "date and time"),
    "choice": Text("单选", "one of"),
    "many": Text("多选", "any of"),
    "place": Text("地点（街道、乡镇）", "a place (street or township)"),
    "point": Text("地图上的点", "a point on the map"),
    "phone": Text("电话", "a phone number"),
    "email": Text("电子邮箱", "an e-mail address"),
    "id_number": Text("身份证号码", "an identity number"),
    "credit_code": Text("统一社会信用代码", "a credit code"),
    "plate": Text("号牌", "a number plate"),
    "signature": Text("签名（姓名加验证码）", "a signature (name and one-time code)"),
    "photos": Text("照片", "photos"),
    "files": Text("文件", "files"),
    "note": Text("说明", "a note"),
    "calculate": Text("自动算出", "worked out"),
}
KINDS: dict[str, Text] = {
    "done": Text("办成", "done"),
    "impossible": Text(
        "现在办不到，可申请独立复核", "cannot be done; an independent review can be asked for"
    ),
    "unlawful": Text("于法无据，可申请独立复核", "not lawful; an independent review can be asked for"),
    "handed_over": Text("移交", "handed over"),
}
EXPIRES: dict[str, Text] = {
    "withdrawn": Text("逾期视为撤回", "after that the case counts as withdrawn"),
    "refused": Text("逾期不予受理", "after that it is not accepted"),
    "goes_on": Text("逾期照现有材料办", "after that it goes on with what is there"),
}


class Heading(NamedTuple):
    """A heading of level 1 to 3."""

    text: Text
    level: int = 2


class Paragraph(NamedTuple):
    """Running text."""

    text: Text


class Item(NamedTuple):
    """One line of a list; ``depth`` 1 stands below the line before it."""

    text: Text
    depth: int = 0


Block = Heading | Paragraph | Item


class Section(NamedTuple):
    """A part of the page by its name; without a heading of its own it stands at the top."""

    name: str
    blocks: tuple[Block, ...]


def pages(scenario: Scenario) -> Iterator[Block]:
    """The blocks of the page, from top to bottom."""
    for section in sections(scenario):
        yield from section.blocks


def sections(scenario: Scenario) -> Iterator[Section]:
    """The parts of the page, for whoever shows some of them in another way; empty ones are left out."""
    words = Words(scenario)
    parts: tuple[tuple[str, Iterator[Block]], ...] = (
        ("head", _head(scenario)),
        ("who", _who(words)),
        ("questions", _questions(words)),
        ("routing", _routing(words)),
        ("acceptance", _acceptance(words)),
        ("stages", _stages(words)),
        ("limits", _limits(words)),
        ("ends", _ends(words)),
        ("privacy", _privacy(words)),
        ("tables", _tables(words)),
        ("rest", _rest(words)),
    )
    for name, blocks in parts:
        found = tuple(blocks)
        if found:
            yield Section(name, found)


def _head(scenario: Scenario) -> Iterator[Block]:
    yield Heading(scenario.title, 1)
    yield Paragraph(scenario.purpose)
    rows = " ".join(scenario.rows)
    yield Paragraph(
        Text(
            f"`{scenario.scenario}` · 版本 {scenario.version or '—'} · 任务书 {rows}",
            f"`{scenario.scenario}` · version {scenario.version or '—'} · rows {rows}",
        )
    )


def _stages(words: Words) -> Iterator[Block]:
    yield Heading(Text("怎么办", "How it is handled"))
    for depth, text in stages(words):
        yield Heading(text, 3) if depth < 0 else Item(text, depth)


def _limits(words: Words) -> Iterator[Block]:
    yield Heading(Text("时限", "Time limits"))
    yield from (Item(text) for text in limits(words))


def _who(words: Words) -> Iterator[Block]:
    scenario = words.scenario
    yield Heading(Text("谁可以提出", "Who may raise it"))
    audience = listed([AUDIENCES[one] for one in scenario.audience])
    channels = listed([words.labels[f"case.channel={one}"] for one in scenario.channels])
    yield Paragraph(
        Text(f"{audience.zh}；渠道：{channels.zh}。", f"{_upper(audience.en)}. Ways in: {channels.en}.")
    )
    for party in scenario.parties.values():
        must = Text("（必须有）", " (always)") if party.required else Text("", "")
        yield Item(Text(f"{party.title.zh}{must.zh}", f"{party.title.en}{must.en}"))
    if scenario.urgency:
        yield Heading(Text("先打电话", "When to call first"), 3)
    for urgency in scenario.urgency:
        when = words.condition(urgency.when)
        yield Item(
            Text(
                f"{when.zh.strip()}：拨打 **{urgency.call}**。{urgency.message.zh}",
                f"{_upper(when.en)}: call **{urgency.call}**. {urgency.message.en}",
            )
        )


def _questions(words: Words) -> Iterator[Block]:
    scenario = words.scenario
    form = scenario.forms[scenario.intake]
    yield Heading(Text("要问什么", "What is asked"))
    for name, question in form.questions.items():
        yield Item(_question(words, f"form.{name}", question))
        if question.personal and question.why is not None:
            party = scenario.parties[question.personal].title
            yield Item(
                Text(
                    f"个人信息，属于{party.zh}。为什么要问：{question.why.zh}",
                    f"Personal, belongs to the {party.en.lower()}. Why it is asked: {question.why.en}",
                ),
                1,
            )
        if question.relevant:
            when = words.condition(question.relevant)
            yield Item(Text(f"只在{when.zh.strip()}时问", f"Asked only if {when.en}"), 1)
        if question.required_if:
            when = words.condition(question.required_if)
            yield Item(Text(f"{when.zh.strip()}时必答", f"Mandatory if {when.en}"), 1)


def _question(words: Words, name: str, question: Question) -> Text:
    kind = TYPES[question.type]
    if question.choices:
        titles = [choice.title for choice in question.choices.values()]
        zh, en = (" / ".join(title.in_language(one) for title in titles) for one in ("zh", "en"))
        kind = Text(f"{kind.zh}：{zh}", f"{kind.en}: {en}")
    if question.type == "calculate":
        value = words.value(question.calculate)
        kind = Text(f"自动算出：{value.zh.strip()}", f"worked out: {value.en}")
    must = Text("，必答", ", mandatory") if question.required else Text("", "")
    if question.type == "note":
        return question.title
    return Text(
        f"**{question.title.zh}**（{kind.zh}{must.zh}）", f"**{question.title.en}** ({kind.en}{must.en})"
    )


def _routing(words: Words) -> Iterator[Block]:
    yield Heading(Text("谁负责", "Who is responsible"))
    for rule in words.scenario.routing:
        unit = competence(rule.competence)
        place = words.labels.get(rule.place, Text("提出地", "the place where it is raised"))
        when = words.condition(rule.when) if rule.when else Text("其他情况", "otherwise")
        if len(words.scenario.routing) == 1 and not rule.when:
            when = Text("一律", "always")
        start = (
            Text(f"如果{when.zh.strip()}", f"If {when.en}") if rule.when else Text(when.zh, _upper(when.en))
        )
        why = Text(f"。{rule.why.zh}", f". {rule.why.en}") if rule.why else Text("", "")
        if rule.priority:
            level = words.labels[f"case.priority={rule.priority}"]
            why = Text(f"（{level.zh}）{why.zh}", f" (priority: {level.en}){why.en}")
        yield Item(
            Text(
                f"{start.zh}：{place.zh}所在地的**{unit.zh}**{why.zh}",
                f"{start.en}: **{unit.en}** where {place.en} is{why.en}",
            )
        )
    yield Item(Text("找不到单位时由分派单位确定", "Where no unit is found, the dispatching unit decides"))


def _acceptance(words: Words) -> Iterator[Block]:
    scenario = words.scenario
    acceptance, supplement = scenario.acceptance, scenario.supplement
    yield Heading(Text("受理", "Acceptance"))
    by = {
        "unit": Text("由责任单位决定是否受理", "The responsible unit decides"),
        "dispatcher": Text("由分派单位决定是否受理", "The dispatching unit decides"),
        "opening": Text("提出即受理", "Accepted at once"),
    }[acceptance.by]
    limit = due(acceptance.due) if acceptance.due else Text("", "")
    yield Item(
        Text(f"{by.zh}{'：' if limit.zh else ''}{limit.zh}", f"{by.en}{', ' if limit.en else ''}{limit.en}")
    )
    if acceptance.silence == "accepted":
        yield Item(
            Text(
                "法定期限满了没有决定不予受理的，期满当天视为受理",
                "It counts as accepted when the statutory time passes without a refusal",
            )
        )
    if acceptance.eligible_with:
        yield Item(
            Text(
                "先按下面的表判断是否符合条件；不符合的也可以提出，由单位决定",
                "A table below says who is eligible; others may still ask, and the unit decides",
            )
        )
    for reason in acceptance.refusal_reasons.values():
        yield Item(Text(f"可以不受理：{reason.title.zh}", f"May be refused: {reason.title.en}"))
    within = duration(supplement.within)
    times = f"{supplement.times}" if supplement.times != 1 else ""
    yield Item(
        Text(
            f"缺材料时一次列全（最多 {times or 1} 次），{within.zh}内补齐，期间停表；{EXPIRES[supplement.expires].zh}",
            f"What is missing is asked for in one list (at most {times or 'once'}{' times' if times else ''}), "
            f"to be supplied within {within.en} while the clock stands still; {EXPIRES[supplement.expires].en}",
        )
    )


def _ends(words: Words) -> Iterator[Block]:
    scenario = words.scenario
    yield Heading(Text("怎样结束", "How it ends"))
    for result in scenario.closing.results.values():
        kind = KINDS[result.kind]
        must = Text("，要有证据", ", with evidence") if result.evidence else Text("", "")
        yield Item(
            Text(f"**{result.title.zh}**：{kind.zh}{must.zh}", f"**{result.title.en}**: {kind.en}{must.en}")
        )
    for auto in scenario.closing.auto:
        when, result = words.criteria(auto.entry), scenario.closing.results[auto.result]
        yield Item(
            Text(
                f"{when.zh}时自动以“{result.title.zh}”办结",
                f"When {when.en}, it closes by itself with “{result.title.en}”",
            )
        )
    confirmation = scenario.confirmation
    if confirmation.by == "nobody":
        yield Item(Text("无需确认，办结即销号", "Nobody has to confirm: closing settles it"))
        return
    within, until = duration(confirmation.within), duration(confirmation.reopen_within)
    yield Item(
        Text(
            f"由提出人确认：{within.zh}内答复；不表态记为“未确认”，不当作同意",
            f"Whoever raised it confirms within {within.en}; silence counts as unconfirmed, not as agreement",
        )
    )
    yield Item(
        Text(
            f"{until.zh}内可以要求重办，最多 {confirmation.contests} 次；之后由{words.who(scenario.review.by).zh}独立复核",
            f"It can be reopened within {until.en}, at most {confirmation.contests} times; "
            f"after that {words.who(scenario.review.by).en} reviews it independently",
        )
    )


def _privacy(words: Words) -> Iterator[Block]:
    privacy = words.scenario.privacy
    yield Heading(Text("个人信息", "Personal data"))
    for purpose in privacy.purposes.values():
        fields = listed([words.labels.get(name, Text(name, name)) for name in purpose.fields])
        sees = fields if purpose.fields else Text("全部个人信息", "all personal data")
        yield Item(Text(f"为了“{purpose.title.zh}”可以看：{sees.zh}", f"For “{purpose.title.en}”: {sees.en}"))
    personal = personal_names(words.scenario)
    for matter in words.scenario.next_matters.values():
        if matter.purpose:
            for_what = privacy.purposes[matter.purpose].title
            names = [
                str(value)[1:].strip() for value in matter.answers.values() if str(value).startswith("=")
            ]
            goes = listed([words.labels.get(name, Text(name, name)) for name in names if name in personal])
            yield Item(
                Text(
                    f"为了“{for_what.zh}”，这些会带到后续事项 `{matter.scenario}`：{goes.zh}",
                    f"For “{for_what.en}” these go along to the next matter, `{matter.scenario}`: {goes.en}",
                )
            )
    kept = duration(privacy.retention)
    law = ground(privacy.retention_ground) if privacy.retention_ground else Text("", "")
    yield Item(
        Text(
            f"办结后保存 {kept.zh}{'，依据' if law.zh else ''}{law.zh}；每次查看都有记录，本人可以查",
            f"Kept for {kept.en} after closing{f' ({law.en})' if law.en else ''}; "
            "every look is recorded, and the person can read the record",
        )
    )


def _tables(words: Words) -> Iterator[Block]:
    tables = words.plan.tables
    if not tables:
        return
    yield Heading(Text("判断规则", "Rules"))
    for name, table in tables.items():
        labels = {**words.labels, **_output_labels(words, name, table)}
        yield Heading(Text(f"{name}", f"{name}"), 3)
        numbers = [rule.number for rule in table.rules.rules]
        if table.rules.otherwise is not None:
            numbers.append(0)
        for number in numbers:
            said = table.rule_in_words(number, labels)
            yield Item(Text(said.zh, _upper(said.en)))


def _output_labels(words: Words, name: str, table: Table) -> dict[str, Text]:
    """What the outputs of a table are called in its rules."""
    labels = {output: Text(f"“{output}”", f"“{output}”") for output in table.outputs}
    labels["eligible"] = Text("是否符合条件", "being eligible")
    for task in human_tasks(words.scenario).values():
        if task.decide_with == name:
            labels["outcome"] = Text(
                f"“{task.title.zh}”的建议结果", f"the proposed outcome of “{task.title.en}”"
            )
            labels |= {f"outcome={key}": one.title for key, one in task.outcomes.items()}
            form = words.scenario.forms.get(task.form)
            for key, question in (form.questions if form else {}).items():
                labels |= {f"{key}={one}": choice.title for one, choice in question.choices.items()}
    return labels


def _rest(words: Words) -> Iterator[Block]:
    scenario = words.scenario
    if scenario.indicators:
        yield Heading(Text("统计什么", "What is counted"))
    for indicator in scenario.indicators.values():
        target = f"（目标 {indicator.target}）" if indicator.target else ""
        aim = f" (target {indicator.target})" if indicator.target else ""
        yield Item(Text(f"{indicator.title.zh}{target}", f"{indicator.title.en}{aim}"))
    yield Heading(Text("示例", "Examples"))
    for example in scenario.examples.values():
        yield Item(example.title)
    if scenario.legal_ground:
        yield Heading(Text("依据", "Grounds"))
    for one in scenario.legal_ground:
        cited = ground(one)
        note = Text(f"：{one.note.zh}", f": {one.note.en}") if one.note else Text("", "")
        yield Item(Text(f"{cited.zh}{note.zh}", f"{cited.en}{note.en}"))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
