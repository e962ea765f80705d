"""The same models as a project of dbt with DuckDB, in an environment of its own that is made for the measurement and thrown away.

Nothing of it is in the locks of this project. Where it cannot be had, the reason is told and the rest is measured.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import msgspec
from benchmarks.models_data import TABLES, Parameters
from benchmarks.models_folders import alone_text
from benchmarks.models_parts import Cost, Digest, digest_of, run_measured

WANTED = ("dbt-core>=1.11,<1.12", "dbt-duckdb")
_PROJECT = """\
name: speed
profile: speed
model-paths: [models]
models:
  speed:
    +materialized: table
"""
_PROFILE = """\
speed:
  target: it
  outputs:
    it:
      type: duckdb
      path: "{path}"
      threads: 2
      settings: {{memory_limit: 1GB}}
"""
_SOURCES = """\
sources:
  - name: lake
    tables:
"""


class Dbt(msgspec.Struct, frozen=True):
    """What dbt took: versions, reading cold and warm, running; and how many models and rows there were."""

    version: str
    models: int
    cold: Cost
    warm: Cost
    run: Cost
    rows: int


class NotHad(Exception):
    """dbt could not be installed, or did not run; says why."""


def measure(place: Path, lake: Path, sets: Sequence[Parameters], expected: Mapping[str, Digest]) -> Dbt:
    """Install dbt, write the models, read them cold and warm, run them, and compare their rows with those that are expected.

    Raises:
        NotHad: it cannot be had here.
        SystemExit: its rows are others.
    """
    python = _install(place / "env")
    project = place / "project"
    _write(project, lake, sets)
    dbt = [str(python.with_name("dbt"))]
    where = ["--project-dir", str(project), "--profiles-dir", str(project), "--no-use-colors", "--quiet"]
    more = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    try:
        cold = run_measured([*dbt, "parse", *where], more)
        warm = run_measured([*dbt, "parse", *where], more)
        run = run_measured([*dbt, "run", *where], more)
    except subprocess.CalledProcessError as failed:
        raise NotHad(f"dbt ended with {failed.returncode}: {str(failed.output)[-400:]}") from failed
    rows = 0
    with duckdb.connect(str(project / "speed.duckdb"), read_only=True) as connection:
        for one in sets:
            made = digest_of(
                connection.execute(
                    f"SELECT subject, territory, reason_zh, reason_en, CAST(pieces AS BIGINT), CAST(oldest AS VARCHAR) FROM {one.id}"
                ).fetchall()
            )
            if made != expected.get(one.id, digest_of(())):
                raise SystemExit(f"dbt finds other rows for {one.id}: {made[0]}")
            rows += made[0]
    asked = subprocess.run(
        [str(python), "-c", "from importlib.metadata import version as v; print(f'dbt-core {v(\"dbt-core\")}, dbt-duckdb {v(\"dbt-duckdb\")}, duckdb {v(\"duckdb\")}')"],
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    return Dbt(asked.stdout.strip(), len(sets), cold, warm, run, rows)


def _install(place: Path) -> Path:
    python = place / "bin" / "python"
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    ways = [
        ([uv, "venv", "-q", "--python", sys.executable, str(place)], [uv, "pip", "install", "-q", "--only-binary", ":all:", "--python", str(python), *WANTED]),
        ([sys.executable, "-m", "venv", str(place)], [str(python), "-m", "pip", "install", "-q", "--only-binary", ":all:", *WANTED]),
    ]  # fmt: skip
    told = ""
    for way in ways:
        try:
            for step in way:
                subprocess.run(step, check=True, capture_output=True, text=True, timeout=600)
        except (OSError, subprocess.SubprocessError) as failed:
            told = (str(getattr(failed, "stderr", "") or failed).strip().splitlines() or ["?"])[-1]
            shutil.rmtree(place, ignore_errors=True)
            continue
        return python
    raise NotHad(f"dbt could not be installed: {told}")


def _write(project: Path, lake: Path, sets: Sequence[Parameters]) -> None:
    models = project / "models"
    models.mkdir(parents=True)
    (project / "dbt_project.yml").write_text(_PROJECT, encoding="utf-8")
    (project / "profiles.yml").write_text(_PROFILE.format(path=project / "speed.duckdb"), encoding="utf-8")
    lines = [_SOURCES]
    for name in TABLES:
        [generation] = [path for path in (lake / name).iterdir() if path.is_dir()]
        files = f"read_parquet('{generation}/**/*.parquet', hive_partitioning = false)"
        lines.append(f'      - name: {name}\n        meta: {{external_location: "{files}"}}\n')
    (models / "sources.yml").write_text("".join(lines), encoding="utf-8")
    names = "|".join(TABLES)
    for one in sets:
        sql = re.sub(rf"\b(FROM|JOIN) ({names}) ", r"\1 {{ source('lake', '\2') }} ", alone_text(one))
        (models / f"{one.id}.sql").write_text(sql, encoding="utf-8")
