"""``./zhuoli scenario new``: asks what is not given, writes the folder, checks it and runs its example."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from zhuoli.cli import output
from zhuoli.core.scenario.build import ID
from zhuoli.core.scenario.catalog import did_you_mean
from zhuoli.core.scenario.directory_words import COMPETENCES
from zhuoli.core.scenario.folder import read_folder
from zhuoli.core.scenario.scaffold import Beginning, id_from, new_files
from zhuoli.core.text import Text
from zhuoli.environment import read_environment

_FIRST_STAGE = "办理|Handling"


def begin(
    shelf: Path,
    name: str | None,
    title_zh: str | None,
    title_en: str | None,
    audience: str | None,
    competence: str | None,
    days: int | None,
    stages: tuple[str, ...],
    rows: tuple[str, ...],
) -> None:
    """Write a new folder on the shelf; what is ``None`` or empty is asked for."""
    zh = title_zh or _ask(Text("事项叫什么（中文）", "What is it called, in Chinese"))
    en = title_en or _ask(Text("英文怎么说", "And in English"))
    identity = name or _ask(Text("编号（文件夹名）", "Its id (the folder's name)"), id_from(en))
    who = audience or _ask(
        Text("谁提出：resident 居民、enterprise 企业", "Who raises it: resident or enterprise"), "resident"
    )
    listed = "、".join(f"{key} {title.zh}" for key, title in COMPETENCES.items())
    unit = competence or _ask(
        Text(f"归哪项职能：{listed}", f"Which competence: {', '.join(COMPETENCES)}"), "urban_management"
    )
    promised = days or int(
        _ask(Text("承诺几个工作日", "How many working days are promised"), "5", str.isdigit)
    )
    titles = stages or _ask_stages()
    _refuse_wrong(shelf, identity, who, unit, promised)
    files = new_files(
        Beginning(
            id=identity,
            title=Text(zh.strip(), en.strip()),
            audience=who,
            competence=unit,
            days=promised,
            stages=tuple(_pair(one) for one in titles),
            rows=rows or ("S5",),
        )
    )
    folder = shelf / identity
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _, mistakes = read_folder(folder)
    if output.show_mistakes(mistakes):
        raise click.exceptions.Exit(1)
    usual = shelf.resolve() == read_environment().scenarios
    said = identity if usual else str(folder)
    output.say(
        Text(
            f"已起好 {folder}\n"
            f"接下来：看一页说明  ./zhuoli scenario explain {said}\n"
            f"        运行示例    ./zhuoli scenario test {said}\n"
            f"        改了之后检查 ./zhuoli scenario check {folder}",
            f"Begun: {folder}\n"
            f"Next: read its page      ./zhuoli scenario explain {said}\n"
            f"      run its example    ./zhuoli scenario test {said}\n"
            f"      check your changes ./zhuoli scenario check {folder}",
        )
    )


def _ask(question: Text, default: str = "", fits: Callable[[str], bool] = bool) -> str:
    spoken = question.in_language(output.language())
    while True:
        answer: str = click.prompt(spoken, default=default or None, err=True)
        if fits(answer.strip()):
            return answer.strip()


def _ask_stages() -> tuple[str, ...]:
    """Ask for stages until an empty answer; one at least."""
    found: list[str] = []
    while True:
        number = len(found) + 1
        question = Text(
            f"第 {number} 阶段（中文|English，空着结束）", f"Stage {number} （中文|English, empty to end）"
        )
        default = _FIRST_STAGE if not found else ""
        answer = click.prompt(question.in_language(output.language()), default=default, err=True).strip()
        if not answer:
            return tuple(found)
        found.append(answer)


def _pair(written: str) -> Text:
    """“办理|Handling” as a text; a title in one language stands for both until it is translated."""
    zh, _, en = written.replace("\uff5c", "|").partition("|")
    return Text(zh.strip(), en.strip() or zh.strip())


def _refuse_wrong(shelf: Path, identity: str, who: str, unit: str, days: int) -> None:
    if not ID.match(identity) or not identity.isascii():
        output.fail(
            Text(f"“{identity}”不能用作编号", f"“{identity}” cannot be an id"),
            Text(
                "用小写字母、数字和下划线，例如 street_lamp",
                "Use lower-case letters, digits, underscores: street_lamp",
            ),
            code="bad_id",
            exit_code=2,
        )
    if (shelf / identity).exists():
        output.fail(
            Text(f"{shelf / identity} 已经有了", f"{shelf / identity} exists already"),
            Text("换一个编号", "Take another id"),
            code="folder_exists",
            exit_code=2,
        )
    if unit not in COMPETENCES:
        near, listed = did_you_mean(unit, list(COMPETENCES)), ", ".join(COMPETENCES)
        output.fail(
            Text(f"没有单位有“{unit}”这项职能", f"No unit has the competence “{unit}”"),
            Text(f"{near.zh}已有的职能：{listed}", f"{near.en}Competences: {listed}"),
            code="unknown_competence",
            exit_code=2,
        )
    if who not in ("resident", "enterprise") or days < 1:
        output.fail(
            Text(
                "谁提出只能是 resident 或 enterprise；工作日至少 1 个",
                "It is raised by resident or enterprise; days are 1 or more",
            ),
            Text("再试一次", "Try again"),
            code="wrong_answer",
            exit_code=2,
        )
