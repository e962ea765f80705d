"""``./zhuoli services``: read the sheets of service guides and tell every mistake by its cell."""

from __future__ import annotations

from pathlib import Path

import click

from zhuoli.cli import output
from zhuoli.cli.directory import check_directory
from zhuoli.cli.options import JSON
from zhuoli.core.guides import read_catalogue
from zhuoli.core.scenario.shelf import folder_names
from zhuoli.core.text import Text
from zhuoli.environment import read_environment


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    is_flag=False,
    flag_value=".",
    help="改为检查法律服务名录（不写文件则查数据文件夹里的）。 Check the directory of legal service instead.",
)
@JSON
def services(folder: Path | None, directory: Path | None, as_json: bool) -> None:
    """检查办事指南的表格，或法律服务名录。 Check the sheets of service guides, or the directory of legal service."""
    if directory is not None:
        check_directory(directory, as_json)
        return
    environment = read_environment()
    shelf = environment.scenarios
    scenarios = folder_names(shelf) if shelf.is_dir() else []
    found = read_catalogue(folder or environment.services, scenarios)
    full = sum(each.depth == "full" for each in found.guides)
    if as_json:
        output.echo_json(
            {
                "ok": not found.mistakes,
                "services": len(found.guides),
                "full": full,
                "themes": [
                    {"id": theme.id, "services": sum(each.theme == theme.id for each in found.guides)}
                    for theme in found.themes
                ],
                "mistakes": found.mistakes,
            }
        )
    else:
        output.show_mistakes(found.mistakes)
        output.say(
            Text(
                f"{len(found.guides)} 项服务可用，其中 {full} 项有场景；{len(found.mistakes)} 处错误",
                f"{len(found.guides)} services, {full} of them with a scenario; mistakes: {len(found.mistakes)}",
            )
        )
    if found.mistakes:
        raise click.exceptions.Exit(1)
