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
    ``second_factor`` names the roles of posts whose accounts must have one, or is ``("all",)``. ``passkeys`` and
    ``oidc_server`` (the address of an OpenID Connect provider) switch further ways of signing in on.
    ``channels`` is the file that says over which channels messages go out; links in messages begin with ``address``.
    ``tiles`` is the address of map tiles (``https://…/{z}/{x}/{y}.png``; empty: only our own outlines), ``tiles_credit`` whom
    to name for them. ``night`` is when the models of the night begin (local time, ``02:30``; ``off``: never). ``hotline`` is the number under which a person answers questions about a receipt.
    ``signing`` is how people sign (``zhuoli.office.signing``), ``seal`` what puts the official seal on papers (``zhuoli.office.seals``).
    """

    mode: str
    data: Path
    database_url: str
    secret: str
    hosts: tuple[str, ...]
    master_key: str
    scenarios: Path
    services: Path
    registers: Path
    https: bool
    second_factor: tuple[str, ...] = ()
    passkeys: bool = False
    oidc_server: str = ""
    oidc_client: str = ""
    oidc_secret: str = ""
    oidc_name: str = ""
    oidc_claim: str = "preferred_username"
    channels: Path | None = None
    address: str = ""
    tiles: str = ""
    tiles_credit: str = ""
    hotline: str = "12345"
    night: str = "02:30"
    signing: str = "codes"
    seal: str = ""


def read_environment(values: Mapping[str, str] | None = None) -> Environment:
    """Read the settings from ``values`` (default: the process's environment)."""
    env = os.environ if values is None else values
    return Environment(
        mode=env.get("ZHUOLI_MODE", "serve"),
        data=Path(env.get("ZHUOLI_DATA", ROOT / "data")).resolve(),
        database_url=env.get("ZHUOLI_DATABASE_URL", ""),
        secret=env.get("ZHUOLI_SECRET", ""),
        hosts=_words(env.get("ZHUOLI_HOSTS", "")),
        master_key=env.get("ZHUOLI_MASTER_KEY", ""),
        scenarios=Path(env.get("ZHUOLI_SCENARIOS", ROOT / "scenarios")).resolve(),
        services=Path(env.get("ZHUOLI_SERVICES", ROOT / "services")).resolve(),
        registers=Path(env.get("ZHUOLI_REGISTERS", ROOT / "registers")).resolve(),
        https=env.get("ZHUOLI_HTTPS", "1") != "0",
        second_factor=_words(env.get("ZHUOLI_SECOND_FACTOR", "")),
        passkeys=env.get("ZHUOLI_PASSKEYS", "0") == "1",
        oidc_server=env.get("ZHUOLI_OIDC_SERVER", "").rstrip("/"),
        oidc_client=env.get("ZHUOLI_OIDC_CLIENT", ""),
        oidc_secret=env.get("ZHUOLI_OIDC_SECRET", ""),
        oidc_name=env.get("ZHUOLI_OIDC_NAME", "OpenID Connect"),
        oidc_claim=env.get("ZHUOLI_OIDC_CLAIM", "preferred_username"),
        channels=Path(env["ZHUOLI_CHANNELS"]).resolve() if env.get("ZHUOLI_CHANNELS") else None,
        address=env.get("ZHUOLI_ADDRESS", "").rstrip("/"),
        tiles=env.get("ZHUOLI_TILES", ""),
        tiles_credit=env.get("ZHUOLI_TILES_CREDIT", ""),
        hotline=env.get("ZHUOLI_HOTLINE", "12345"),
        night=env.get("ZHUOLI_NIGHT", "02:30"),
        signing=env.get("ZHUOLI_SIGNING", "codes"),
        seal=env.get("ZHUOLI_SEAL", ""),
    )


def site_address(environment: Environment) -> str:
    """Return the address with which links in messages begin: the one that was set, else that of the first host."""
    if environment.address or not environment.hosts:
        return environment.address
    return f"{'https' if environment.https else 'http'}://{environment.hosts[0].lstrip('.')}"


def _words(line: str) -> tuple[str, ...]:
    """Split what is separated by commas."""
    return tuple(word.strip() for word in line.split(",") if word.strip())
