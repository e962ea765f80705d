"""``./zhuoli scenario``: look after the shelf of scenarios, without starting the web framework."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from zhuoli.cli import output
from zhuoli.cli.options import JSON
from zhuoli.cli.scenario_registers import known_registers, wrong_feeds, wrong_queries
from zhuoli.core.scenario.catalog import did_you_mean
from zhuoli.core.scenario.folder import across, beside, read_folder
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.shelf import Shelf, folder_names, read_shelf
from zhuoli.core.scenario.source import MAIN
from zhuoli.core.text import Mistake, Text
from zhuoli.environment import read_environment


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--shelf",
    type=click.Path(path_type=Path, file_okay=False),
    help="场景架（文件夹）；也可设 ZHUOLI_SCENARIOS。 The shelf; or set ZHUOLI_SCENARIOS.",
)
@click.pass_context
def scenario(context: click.Context, shelf: Path | None) -> None:
    """检查、测试、解释、列出、新建场景。 Check, test, explain, list or begin scenarios."""
    context.obj = _shown(shelf or read_environment().scenarios)


@scenario.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@JSON
@click.pass_obj
def check(shelf: Path, paths: tuple[Path, ...], as_json: bool) -> None:
    """检查场景文件夹（或整个场景架）。 Check folders, or a whole shelf."""
    sound: dict[str, Scenario] = {}
    mistakes: list[Mistake] = []
    folders: dict[str, Path] = {}
    for path in paths or (shelf,):
        one = _read(path, shelf)
        sound |= one.scenarios
        mistakes += one.mistakes
        folders |= one.folders
    mistakes += wrong_queries(sound, folders) + wrong_feeds(sound, folders)
    errors = sum(one.severity == "error" for one in mistakes)
    warnings = len(mistakes) - errors
    if as_json:
        found = [
            {"id": name, "version": one.version, "folder": str(folders[name])} for name, one in sound.items()
        ]
        output.echo_json(
            {
                "ok": not errors,
                "errors": errors,
                "warnings": warnings,
                "scenarios": found,
                "mistakes": mistakes,
            }
        )
    else:
        output.show_mistakes(mistakes)
        output.say(
            Text(
                f"{len(sound)} 个场景可用；{errors} 处错误，{warnings} 处提醒",
                f"{len(sound)} sound; mistakes: {errors}, warnings: {warnings}",
            )
        )
    if errors:
        raise click.exceptions.Exit(1)


@scenario.command("list")
@JSON
@click.pass_obj
def list_(shelf: Path, as_json: bool) -> None:
    """列出场景架上的场景。 List what is on the shelf."""
    found = read_shelf(shelf, cache=_cache())
    if as_json:
        output.echo_json([_entry(one, found.folders[name]) for name, one in found.scenarios.items()])
    else:
        columns = [
            Text("编号", "Id"),
            Text("事项", "Matter"),
            Text("任务书", "Rows"),
            Text("阶段", "Stages"),
            Text("示例", "Examples"),
            Text("版本", "Version"),
        ]
        rows: Iterable[list[object]] = (
            [
                name,
                one.title,
                " ".join(one.rows),
                Text(
                    " › ".join(stage.title.zh for stage in one.stages.values()),
                    " › ".join(stage.title.en for stage in one.stages.values()),
                ),
                len(one.examples),
                one.version,
            ]
            for name, one in found.scenarios.items()
        )
        output.table(columns, rows)
    if any(one.severity == "error" for one in found.mistakes):
        broken = sorted({Path(one.file).parent.name for one in found.mistakes if one.severity == "error"})
        output.say(
            Text(
                f"另有文件夹不能用：{'、'.join(broken)}；运行 scenario check 查看原因",
                f"Not usable: {', '.join(broken)}; scenario check says why",
            ),
            err=True,
        )
        raise click.exceptions.Exit(1)


@scenario.command()
@click.argument("ids", nargs=-1)
@JSON
@click.pass_obj
def test(shelf: Path, ids: tuple[str, ...], as_json: bool) -> None:
    """运行示例（全部，或指定的场景）。 Run the worked examples, of all or of some."""
    results = [result for one in _some(shelf, ids).values() for result in _tested(one)]
    failed = sum(not result["passed"] for result in results)
    passed = len(results) - failed
    if as_json:
        output.echo_json({"ok": not failed, "passed": passed, "failed": failed, "examples": results})
    else:
        for result in results:
            _show_example(result)
        output.say(
            Text(f"示例：{passed} 个通过，{failed} 个不符", f"Examples: {passed} passed, {failed} failed")
        )
    if failed:
        raise click.exceptions.Exit(1)


def _tested(one: Scenario) -> Iterator[dict[str, Any]]:
    """Run the lived examples of a scenario, then those of its query."""
    from zhuoli.core.case.compile import compile_plan
    from zhuoli.core.case.examples import run_example

    plan = compile_plan(one)
    for name, story in one.examples.items():
        report = run_example(one, name, plan=plan)
        yield _result(one, name, story.title, report.failures, steps=len(story.steps))
    if one.query is None or not one.finds:
        return
    from zhuoli.lake.finds import run_find

    registers = known_registers()
    for name, find in one.finds.items():
        yield _result(one, name, find.title, run_find(one, name, registers, plan=plan), hits=len(find.finds))


def _result(one: Scenario, name: str, title: Text, failures: Sequence[Text], **more: int) -> dict[str, Any]:
    return {
        "scenario": one.scenario,
        "version": one.version,
        "example": name,
        "title": title,
        "passed": not failures,
        **more,
        "failures": list(failures),
    }


@scenario.command()
@click.argument("name", metavar="ID")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="语言。 Language.")
@click.option(
    "--svg", type=click.Path(path_type=Path, dir_okay=False), help="把线路图写进文件。 Draw the line."
)
@click.option(
    "--size",
    default="explanation",
    type=click.Choice(["strip", "case", "narrow", "explanation"]),
    help="线路图的大小。 Size of the drawing.",
)
@click.pass_obj
def explain(shelf: Path, name: str, lang: str | None, svg: Path | None, size: Any) -> None:
    """用一页纸讲清一个场景。 Explain a scenario on one page."""
    from zhuoli.core.scenario.explain import explain as explained
    from zhuoli.core.scenario.line import line_svg

    (one,) = _some(shelf, (name,)).values()
    spoken = lang or output.language()
    if svg is None:
        click.echo(explained(one, spoken), nl=False)
        return
    svg.write_text(line_svg(one, None, spoken, size, alone=True), encoding="utf-8")
    output.say(Text(f"已写入 {svg}", f"Written to {svg}"))


@scenario.command()
@click.argument("name", metavar="ID", required=False)
@click.option("--title-zh", help="中文名称。 Its Chinese title.")
@click.option("--title-en", help="英文名称。 Its English title.")
@click.option("--audience", type=click.Choice(["resident", "enterprise"]), help="谁提出。 Who raises it.")
@click.option("--competence", help="归哪项职能。 Which competence is responsible.")
@click.option("--days", type=click.IntRange(1, 1000), help="承诺几个工作日。 Working days promised.")
@click.option(
    "--stage", "stages", multiple=True, metavar="中文|English", help="阶段，可多次。 A stage; repeat it."
)
@click.option("--row", "rows", multiple=True, help="任务书的行，可多次。 Row of the mission; repeat it.")
@click.pass_obj
def new(
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
    """起一个新场景：回答几个问题（或用选项给出）。 Begin a scenario from a few questions, or from options."""
    from zhuoli.cli.scenario_new import begin

    begin(shelf, name, title_zh, title_en, audience, competence, days, stages, rows)


@scenario.command()
@click.argument(
    "name",
    default="scenario",
    type=click.Choice(
        [
            "scenario",
            "form",
            "pictures",
            "templates",
            "exports",
            "feeds",
            "indicators",
            "examples",
            "query",
            "finds",
        ]
    ),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="把每一份都写进这个文件夹。 Write all of them into this folder.",
)
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="更新参考页（format.md）中生成的表格。 Renew the generated tables of the reference page.",
)
@click.pass_obj
def schema(shelf: Path, name: str, out: Path | None, page: Path | None) -> None:
    """输出文件格式的 JSON Schema。 Print the JSON Schema of a file."""
    from zhuoli.core.scenario.schema import schema_text, schemas

    made = schemas()
    if page is not None:
        _renew(page, shelf)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for stem, body in made.items():
            (out / f"{stem}.schema.json").write_text(schema_text(body), encoding="utf-8")
    if out is None and page is None:
        click.echo(schema_text(made[name]), nl=False)


def _renew(page: Path, shelf: Path) -> None:
    from zhuoli.core.scenario.format_page import generated_parts, with_parts

    example = next(iter(read_shelf(shelf, cache=_cache(), check=False).scenarios.values()))
    text = page.read_text(encoding="utf-8")
    page.write_text(with_parts(text, generated_parts(example)), encoding="utf-8")


def _read(path: Path, shelf: Path) -> Shelf:
    """Read a folder, a shelf, or the folder of an id on the shelf."""
    if not path.exists() and (shelf / path).is_dir():
        path = shelf / path
    if path.name == MAIN:
        path = path.parent
    if path == shelf or (not (path / MAIN).exists() and any(path.glob(f"*/{MAIN}"))):
        return read_shelf(path, cache=_cache() if path == shelf else None)
    one, mistakes = read_folder(path)
    if one is not None:
        mistakes = mistakes + across(path, one, beside(path, one))
    found = {one.scenario: one} if one is not None else {}
    return Shelf(found, mistakes, dict.fromkeys(found, path))


def _some(shelf: Path, ids: tuple[str, ...]) -> dict[str, Scenario]:
    """The scenarios with these ids (or folders); leaves with the mistakes when one cannot be used."""
    if not ids:
        found = read_shelf(shelf, cache=_cache())
        if output.show_mistakes(one for one in found.mistakes if one.severity == "error"):
            raise click.exceptions.Exit(1)
        return found.scenarios
    chosen: dict[str, Scenario] = {}
    for name in ids:
        path = shelf / name if (shelf / name).is_dir() else Path(name)
        if not path.is_dir():
            known = folder_names(shelf) if shelf.is_dir() else []
            listed = ", ".join(known)
            near = did_you_mean(name, known)
            output.fail(
                Text(f"没有场景 {name}", f"There is no scenario {name}"),
                Text(f"{near.zh}架上有：{listed}", f"{near.en}On the shelf: {listed}"),
                code="no_such_scenario",
                exit_code=2,
            )
        one, mistakes = read_folder(path)
        if one is None:
            output.show_mistakes(mistakes)
            raise click.exceptions.Exit(1)
        chosen[one.scenario] = one
    return chosen


def _show_example(result: dict[str, Any]) -> None:
    title: Text = result["title"]
    mark = click.style("✓", fg="green") if result["passed"] else click.style("✗", fg="red")
    spoken = output.language()
    click.echo(f"{mark} {result['scenario']}/{result['example']}  {title.in_language(spoken)}")
    for failure in result["failures"]:
        click.echo(f"    {failure.in_language(spoken)}")


def _entry(one: Scenario, folder: Path) -> dict[str, Any]:
    extra = [name for name in ("query.sql", "servings.csv") if (folder / name).is_file()]
    return {
        "id": one.scenario,
        "title": one.title,
        "rows": one.rows,
        "version": one.version,
        "audience": one.audience,
        "channels": one.channels,
        "stages": [{"id": key, "title": stage.title} for key, stage in one.stages.items()],
        "examples": len(one.examples),
        "folder": str(folder),
        "also": extra,
    }


def _cache() -> Path | None:
    """Where results of reading are kept, once the program has a place for its data."""
    data = read_environment().data
    return data / "cache" / "scenarios.msgpack" if data.is_dir() else None


def _shown(path: Path) -> Path:
    """The path as people like to see it: from here, when it lies below."""
    here = Path.cwd()
    return (
        path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) and path != here else path
    )


class _Later(click.Group):
    """A group of commands that is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands."""
        return self._real().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one."""
        return self._real().get_command(ctx, cmd_name)

    def _real(self) -> click.Group:
        from zhuoli.cli.scenario_workbook import workbook

        return workbook


scenario.add_command(
    _Later(
        "workbook",
        help="用 Excel 改场景：导出、导入、新建。 Change scenarios in Excel: export, import, begin.",
    )
)
