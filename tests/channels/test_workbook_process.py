"""The life cycle and the worked examples in a workbook: what is changed arrives, the rest keeps its bytes, each mistake has its cell."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.test_workbook import FIRST, HEADING, NEED, ROOT, find, folder, put, take

from zhuoli.channels.workbook import lines

SHARED = ROOT / "scenarios/permit_lapsed"

keys = st.text("abcdefgxyz_.", min_size=1, max_size=8)
words = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-999, 999_999_999),
    st.text(max_size=12),
    st.sampled_from(
        ["620102001000", "0931", "true", "null", "5", "[a]", "{}", "a = b", ' "x" ', "第一行\n第二行", "#1"]
    ),
)
trees = st.recursive(
    words | st.lists(st.text("abc甲", min_size=1, max_size=4), max_size=3),
    lambda inner: (
        st.dictionaries(keys, inner, max_size=3)
        | st.lists(st.dictionaries(keys, inner, max_size=2), max_size=2)
    ),
    max_leaves=8,
)


@given(st.dictionaries(keys, trees, min_size=1, max_size=4))
def test_a_part_with_parts_is_read_as_it_is_shown(tree: dict[str, Any]) -> None:
    assert lines.read(lines.shown(tree)) == tree
    assert lines.read(lines.shown(tree), tree) == tree


@pytest.mark.parametrize(
    "text", ["a", "a = 1\na = 2", "a = 1\na/b = 2", "a = 1\nb", "/a = 1\nb = 2", " = 1\nb = 2"]
)
def test_lines_that_say_nothing_clear_are_refused(text: str) -> None:
    if text == "a":
        assert lines.read(text) == "a"
        return
    with pytest.raises(lines.Unreadable):
        lines.read(text)


def changed_lines(files: Any, done: Any, name: str) -> tuple[list[str], list[str]]:
    before, after = files[name].decode().split("\n"), done.files[name].decode().split("\n")
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_an_answer_of_an_example_is_one_line() -> None:
    def change(book: Any) -> None:
        page = book["示例步骤"]
        row = next(
            row
            for row in range(FIRST, page.max_row + 1)
            if "老人晚上不敢出门" in str(page.cell(row, 6).value)
        )
        cell = page.cell(row, 6)
        cell.value = cell.value.replace("晚上能亮", "周末前能亮")

    files, _, _ = folder(NEED)
    done = take(NEED, change)
    assert done.sound, done.mistakes
    assert done.changed == ("examples.yaml",)
    gone, new = changed_lines(files, done, "examples.yaml")
    assert [one.strip() for one in gone] == ["wish: 晚上能亮"]
    assert [one.strip() for one in new] == ["wish: 周末前能亮"]


def test_a_step_comes_and_the_others_keep_their_text() -> None:
    def change(book: Any) -> None:
        page = book["示例步骤"]
        at = next(row for row in range(FIRST, page.max_row + 1) if page.cell(row, 3).value == "accept") + 1
        name = page.cell(at - 1, 1).value
        page.insert_rows(at)
        put(page, at, "示例编号", name)
        put(page, at, "谁", "requester")
        put(page, at, "做什么", "note")
        put(page, at, "内容", "text = 请尽快\naudience = everyone")

    files, scenario, _ = folder(NEED)
    done = take(NEED, change)
    assert done.scenario is not None, done.mistakes
    assert done.changed == ("examples.yaml",)
    gone, new = changed_lines(files, done, "examples.yaml")
    assert gone == []
    assert any("请尽快" in line for line in new)
    first = next(iter(scenario.examples))
    assert len(done.scenario.examples[first].steps) == len(scenario.examples[first].steps) + 1
    assert done.scenario.examples[first].steps[2].give == {"text": "请尽快", "audience": "everyone"}


def test_a_task_and_its_outcomes_come_with_their_times() -> None:
    def change(book: Any) -> None:
        page, ends = book["办理过程"], book["结果"]
        at = page.max_row + 1
        stage = page.cell(FIRST, 1).value
        task = find(page, 阶段=stage, 哪一种="human_tasks · 人来办")
        for head, value in {
            "阶段": stage,
            "事项编号": "thank",
            "哪一种": "human_tasks · 人来办",
            "名称（中文）": "道谢",
            "名称（英文）": "Say thank you",
            "必办": "否",
            "什么时候开始": f"on = {page.cell(task, 2).value}.completed",
            "时限": "promised = 2 working days\nlate = [urge]",
        }.items():
            put(page, at, head, value)
        row = ends.max_row + 1
        for column, value in enumerate([stage, "thank", "said", "谢过了", "Thanked"], start=1):
            ends.cell(row, column).value = value

    files, scenario, _ = folder(NEED)
    done = take(NEED, change)
    assert done.scenario is not None, done.mistakes
    assert done.changed == ("scenario.yaml",)
    gone, _ = changed_lines(files, done, "scenario.yaml")
    assert gone == []
    stage = next(iter(scenario.stages))
    task = done.scenario.stages[stage].human_tasks["thank"]
    assert (task.title.zh, task.required, list(task.outcomes)) == ("道谢", False, ["said"])
    assert task.due is not None
    assert (task.due.promised, task.due.late) == ("2 working days", ("urge",))


def test_a_scenario_that_shares_its_life_has_examples_only() -> None:
    _, scenario, _ = folder(SHARED)
    assert scenario.stages
    names = []
    take(SHARED, lambda book: names.extend(book.sheetnames))
    assert {"示例", "示例步骤"} <= set(names)
    assert "办理过程" not in names


def no_line(book: Any) -> None:
    book["示例步骤"].cell(FIRST, 6).value = "answers/danger = none\n随便写写"


def no_example(book: Any) -> None:
    book["示例步骤"].cell(FIRST, 1).value = "nothing_like_it"


def no_steps(book: Any) -> None:
    page = book["示例"]
    for column, value in enumerate(["quite_new", "新的", "New", "2026-03-02 09:00"], start=1):
        page.cell(page.max_row + (column == 1), column).value = value


def no_stage(book: Any) -> None:
    page = book["办理过程"]
    row = find(page, 哪一种="human_tasks · 人来办")
    page.cell(row, 1).value = "another_stage"


def no_kind(book: Any) -> None:
    page = book["办理过程"]
    put(page, find(page, 哪一种="human_tasks · 人来办"), "哪一种", "tasks")


def no_task(book: Any) -> None:
    book["结果"].cell(FIRST, 2).value = "nobody_does_it"


def no_limit(book: Any) -> None:
    page = book["办理过程"]
    put(page, find(page, 哪一种="human_tasks · 人来办"), "时限", "promised = 3 days")


@pytest.mark.parametrize(
    ("change", "code", "sheet"),
    [
        (no_line, "line_unreadable", "示例步骤"),
        (no_example, "example_unknown", "示例步骤"),
        (no_steps, "example_without_steps", "示例"),
        (no_stage, "stage_missing", "办理过程"),
        (no_kind, "value_unknown", "办理过程"),
        (no_task, "outcome_without_task", "结果"),
        (no_limit, "ambiguous_days", "办理过程"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_mistake_is_told_by_its_cell(change: Any, code: str, sheet: str) -> None:
    done = take(NEED, change)
    assert not done.sound
    one = next(one for one in done.mistakes if one.code == code)
    assert one.file == "a.xlsx"
    assert f"工作表“{sheet}”第 {one.line} 行" in one.message.zh
    assert one.line >= HEADING
    assert one.remedy.zh
