"""Options that several commands take, with the same words everywhere."""

from __future__ import annotations

from pathlib import Path

import click

JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
"""Print JSON instead of words: docs/authors/cli-json.md."""
DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="数据文件夹；也可设 ZHUOLI_DATA。 The data folder; or set ZHUOLI_DATA.",
)
"""Where data are kept."""
