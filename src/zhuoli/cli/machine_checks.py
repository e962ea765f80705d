"""The checks of ``./zhuoli check`` that look at the machine itself."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhuoli.cli import machine
from zhuoli.cli.check import Finding
from zhuoli.core.text import Text
from zhuoli.environment import ROOT, read_environment

OLDEST_SQLITE = (3, 35, 0)
"""RETURNING came with 3.35 (SQLite release history); Django 5.2 itself asks for 3.31."""

OLDEST_POSTGRESQL = 14
"""Django 5.2 supports PostgreSQL 14 and later (its release notes)."""

_GIGABYTE = 1_000_000_000


def python() -> Iterator[Finding]:
    """Which Python runs this; the start script has seen to it that it is new enough."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding(
        name="python",
        status="ok",
        message=Text(f"Python {version}", f"Python {version}"),
        detail={"version": version, "path": sys.executable},
    )


def packages() -> Iterator[Finding]:
    """The environment holds exactly the versions in requirements.lock."""
    path = ROOT / "requirements.lock"
    pins = dict(_pins(path)) if path.exists() else {}
    wrong = [
        f"{name} {pin}≠{_installed(name)}"
        for name, pin in pins.items()
        if _installed(name) not in (pin, None)
    ]
    missing = [name for name in pins if _installed(name) is None]
    if not pins or wrong or missing:
        listed = ", ".join((wrong + missing)[:5]) or "requirements.lock"
        yield Finding(
            name="packages",
            status="failure" if missing or not pins else "warning",
            message=Text(f"与锁文件不一致：{listed}", f"not as locked: {listed}"),
            remedy=Text("删掉 .venv，再运行一次 ./zhuoli。", "Remove .venv and start ./zhuoli again."),
            detail={"locked": len(pins), "missing": len(missing), "other_version": len(wrong)},
        )
    else:
        yield Finding(
            name="packages",
            status="ok",
            message=Text(f"{len(pins)} 个软件包与锁文件一致", f"{len(pins)} packages, as locked"),
            detail={"locked": len(pins)},
        )


def sqlite() -> Iterator[Finding]:
    """SQLite is new enough, knows JSON, and the disk allows write-ahead logging."""
    version = sqlite3.sqlite_version
    detail: dict[str, str | int | float | bool | None] = {"version": version}
    place = _data_folder()
    with tempfile.TemporaryDirectory(dir=place if os.access(place, os.W_OK) else None) as folder:
        connection = sqlite3.connect(Path(folder) / "check.sqlite3")
        try:
            detail["wal"] = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal"
            detail["json"] = _has_json(connection)
        finally:
            connection.close()
    if sqlite3.sqlite_version_info < OLDEST_SQLITE or not detail["json"]:
        oldest = ".".join(str(part) for part in OLDEST_SQLITE)
        yield Finding(
            name="sqlite",
            status="failure",
            message=Text(f"SQLite {version} 太旧或没有 JSON", f"SQLite {version} is too old or lacks JSON"),
            remedy=Text(
                f"换用带 SQLite {oldest} 以上的 Python，或使用 PostgreSQL。",
                f"Use a Python built with SQLite {oldest} or newer, or use PostgreSQL.",
            ),
            detail=detail,
        )
    elif not detail["wal"]:
        yield Finding(
            name="sqlite",
            status="failure",
            message=Text(
                f"{place} 所在的磁盘不支持预写日志", f"the disk of {place} does not allow write-ahead logging"
            ),
            remedy=Text(
                "把数据放到本地磁盘（网络盘不行）。",
                "Put the data on a local disk; a network share will not do.",
            ),
            detail=detail,
        )
    else:
        yield Finding(
            name="sqlite",
            status="ok",
            message=Text(
                f"SQLite {version}，JSON 和预写日志可用", f"SQLite {version} with JSON and write-ahead log"
            ),
            detail=detail,
        )


def disk() -> Iterator[Finding]:
    """There is room for data, and the folder can be written to."""
    place = _data_folder()
    free = shutil.disk_usage(place).free
    detail: dict[str, str | int | float | bool | None] = {"free_bytes": free, "path": str(place)}
    room = f"{free / _GIGABYTE:.1f} GB"
    if not os.access(place, os.W_OK):
        yield Finding(
            name="disk",
            status="failure",
            message=Text(f"不能写入 {place}", f"cannot write to {place}"),
            remedy=Text(
                "换成目录的主人来运行，或改权限。", "Run it as the owner of the folder, or change its rights."
            ),
            detail=detail,
        )
    elif free < _GIGABYTE:
        yield Finding(
            name="disk",
            status="failure" if free < _GIGABYTE // 5 else "warning",
            message=Text(f"只剩 {room}", f"only {room} left"),
            remedy=Text(
                f"在 {place} 所在的磁盘上腾出至少 1 GB。", f"Free at least 1 GB on the disk of {place}."
            ),
            detail=detail,
        )
    else:
        yield Finding(name="disk", status="ok", message=Text(f"可用 {room}", f"{room} free"), detail=detail)


def port() -> Iterator[Finding]:
    """The port that ``demo`` and ``serve`` use by default is free."""
    number = int(os.environ.get("ZHUOLI_PORT", "8000"))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError as error:
            yield Finding(
                name="port",
                status="warning",
                message=Text(f"端口 {number} 用不了：{error.strerror}", f"port {number}: {error.strerror}"),
                remedy=Text(
                    "停掉占用它的程序，或设置 ZHUOLI_PORT=另一个端口。",
                    "Stop the program that uses it, or set ZHUOLI_PORT to another one.",
                ),
                detail={"port": number, "free": False},
            )
        else:
            yield Finding(
                name="port",
                status="ok",
                message=Text(f"端口 {number} 空着", f"port {number} is free"),
                detail={"port": number, "free": True},
            )


def local_time() -> Iterator[Finding]:
    """The time zone of every screen is known and is UTC+8 (Beijing time)."""
    try:
        offset = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).utcoffset()
    except ZoneInfoNotFoundError:
        offset = None
    if offset == timedelta(hours=8):
        yield Finding(name="time", status="ok", message=Text("北京时间可用", "Asia/Shanghai is UTC+8"))
    else:
        yield Finding(
            name="time",
            status="failure",
            message=Text("时区数据缺失或不对", "the time zone data is missing or wrong"),
            remedy=Text(
                "更新系统的 tzdata，或删掉 .venv 重装。",
                "Update the system's tzdata, or remove .venv and start again.",
            ),
            detail={"utc_offset_s": offset.total_seconds() if offset is not None else None},
        )


def postgresql() -> Iterator[Finding]:
    """The configured PostgreSQL answers and is new enough; without one, SQLite is used."""
    address = read_environment().database_url
    if not address:
        yield Finding(
            name="postgresql",
            status="note",
            message=Text("没有配置；使用 SQLite", "not configured; SQLite is used"),
            remedy=Text(
                "一个城市的规模：设置 ZHUOLI_DATABASE_URL=postgresql://用户@主机/库。",
                "For a whole city: set ZHUOLI_DATABASE_URL=postgresql://user@host/name.",
            ),
            detail={"configured": False, "server_programs": str(machine.find_postgresql() or "")},
        )
        return
    import psycopg

    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            number = connection.info.server_version
    except psycopg.Error as error:
        yield Finding(
            name="postgresql",
            status="failure",
            message=Text(f"连不上：{_first_line(error)}", f"no connection: {_first_line(error)}"),
            remedy=Text(
                "检查 ZHUOLI_DATABASE_URL、网络和账号。",
                "Check ZHUOLI_DATABASE_URL, the network and the account.",
            ),
            detail={"configured": True, "reachable": False},
        )
        return
    version = f"{number // 10000}.{number % 10000}"
    new_enough = number // 10000 >= OLDEST_POSTGRESQL
    yield Finding(
        name="postgresql",
        status="ok" if new_enough else "failure",
        message=Text(f"PostgreSQL {version}", f"PostgreSQL {version}"),
        remedy=None
        if new_enough
        else Text(f"升级到 {OLDEST_POSTGRESQL} 或更新的版本。", f"Upgrade to {OLDEST_POSTGRESQL} or newer."),
        detail={"configured": True, "reachable": True, "version": version},
    )


def browser() -> Iterator[Finding]:
    """A browser for the tests of the screens."""
    found = machine.find_chromium()
    yield Finding(
        name="browser",
        status="ok" if found else "note",
        message=Text(f"{found}", f"{found}") if found else Text("没有 Chromium", "no Chromium"),
        remedy=None
        if found
        else Text(
            "只有界面测试用它：apt-get install chromium，或设置 ZHUOLI_CHROMIUM=路径。",
            "Only the tests of the screens use it: apt-get install chromium, or set ZHUOLI_CHROMIUM=path.",
        ),
        detail={"path": str(found or "")},
    )


def fonts() -> Iterator[Finding]:
    """A font with Chinese characters, for pictures of the screens."""
    found = machine.find_cjk_font()
    yield Finding(
        name="fonts",
        status="ok" if found else "note",
        message=Text(found, found) if found else Text("没有中文字体", "no Chinese font"),
        remedy=None
        if found
        else Text(
            "服务器上截图时用：apt-get install fonts-noto-cjk。",
            "For pictures taken on this machine: apt-get install fonts-noto-cjk.",
        ),
        detail={"family": found or ""},
    )


def _pins(path: Path) -> Iterator[tuple[str, str]]:
    from packaging.requirements import Requirement

    for line in path.read_text().splitlines():
        if line[:1].isalnum():
            wanted = Requirement(line.rstrip("\\").strip())
            if wanted.marker is None or wanted.marker.evaluate():
                yield wanted.name, next(iter(wanted.specifier)).version


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _has_json(connection: sqlite3.Connection) -> bool:
    try:
        return bool(connection.execute("SELECT json_extract('{\"a\": 1}', '$.a') = 1").fetchone()[0])
    except sqlite3.OperationalError:
        return False


def _data_folder() -> Path:
    """Where the product keeps its data by default, or its nearest folder that exists already."""
    place = read_environment().data
    while not place.exists():
        place = place.parent
    return place


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]
