"""Everything that can be set from outside, read in one place.

Nothing else in the house reads ``os.environ``. Paths are absolute after reading.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[2]
"""The checkout: where ``scenarios/`` and ``registers/`` lie."""


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """What the outside has set.

    ``mode`` is ``serve`` (durable, refuses missing secrets), ``demo`` (marked, personas, lighter
    durability) or ``test``. ``master_key`` is 32 bytes in base64url, ``database_url`` empty for SQLite.
    """

    mode: str
    data: Path
    database_url: str
    secret: str
    hosts: tuple[str, ...]
    master_key: str
    scenarios: Path
    https: bool


def read_environment(values: Mapping[str, str] | None = None) -> Environment:
    """Read the settings from ``values`` (default: the process's environment)."""
    env = os.environ if values is None else values
    return Environment(
        mode=env.get("ZHUOLI_MODE", "serve"),
        data=Path(env.get("ZHUOLI_DATA", ROOT / "data")).resolve(),
        database_url=env.get("ZHUOLI_DATABASE_URL", ""),
        secret=env.get("ZHUOLI_SECRET", ""),
        hosts=tuple(host.strip() for host in env.get("ZHUOLI_HOSTS", "").split(",") if host.strip()),
        master_key=env.get("ZHUOLI_MASTER_KEY", ""),
        scenarios=Path(env.get("ZHUOLI_SCENARIOS", ROOT / "scenarios")).resolve(),
        https=env.get("ZHUOLI_HTTPS", "1") != "0",
    )
