"""``./zhuoli serve``: portal, desk and board in earnest. Refuses to start half set up, and says what is missing."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import click
import msgspec

from zhuoli.cli import output
from zhuoli.core.text import Text
from zhuoli.environment import Environment, read_environment

SHORTEST_SECRET = 40
"""Characters; ``--new-secrets`` makes 64."""


class Missing(msgspec.Struct, frozen=True):
    """Something without which the server does not start, and how to come by it."""

    code: str
    text: Text
    remedy: Text


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="地址。 The address to listen on.")
@click.option(
    "--port",
    default=8000,
    envvar="ZHUOLI_PORT",
    show_default=True,
    type=click.IntRange(1, 65535),
    help="端口。 The port.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), help="进程数。 How many processes [one per processor]."
)
@click.option(
    "--threads",
    default=4,
    show_default=True,
    type=click.IntRange(1, 64),
    help="每个进程的线程数。 Threads in each.",
)
@click.option(
    "--migrate", is_flag=True, help="先更新数据库，空库载入区划和单位。 First bring the database up to date."
)
@click.option("--new-secrets", is_flag=True, help="打印一组新密钥，然后结束。 Print new secrets and stop.")
def serve(host: str, port: int, workers: int | None, threads: int, migrate: bool, new_secrets: bool) -> None:
    """启动门户、工作台和指挥屏。 Serve portal, desk and board.

    Needs ZHUOLI_SECRET, ZHUOLI_MASTER_KEY and ZHUOLI_HOSTS; ZHUOLI_DATABASE_URL names a PostgreSQL database, without
    it SQLite in ZHUOLI_DATA is used. Run ./zhuoli worker beside it. docs/operators/run.md tells the rest.
    """
    if new_secrets:
        _print_secrets()
        return
    environment = read_environment()
    missing = find_missing(environment)
    if missing:
        _refuse(missing)
    _require_database(environment, migrate=migrate)
    problem = port_problem(host, port)
    if problem:
        output.fail(
            Text(f"端口 {port} 用不了：{problem}。", f"Port {port} cannot be used: {problem}."),
            Text(
                "停掉占用它的程序，或用 --port 换一个。",
                "Stop the program that uses it, or name another with --port.",
            ),
            code="port_taken",
        )
    count = workers or os.cpu_count() or 1
    output.say(
        Text(f"http://{host}:{port}/ · {count} 个进程", f"http://{host}:{port}/ · {count} processes"),
        err=True,
    )
    run_server(host, port, workers=count, threads=threads)


def run_server(host: str, port: int, *, workers: int, threads: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhuoli.settings")
    Granian(
        "zhuoli.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve(target_loader=load_application)


def load_application(_target: str) -> Callable[..., Any]:
    """Return the WSGI application, in a server process that ends when the one that manages it is gone.

    Without that, killing the manager would leave processes behind that hold the port and nobody can reach.
    """
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    from zhuoli.web.wsgi import application

    threading.Thread(target=_warm, name="warm", daemon=True).start()
    return application


def _warm() -> None:
    """Do beforehand what the first visitor of the figures would wait for: counting, and beginning the drawing machine."""
    from zhuoli.web.figures.warm import warm

    warm()


def _leave_with(manager: int) -> None:
    while os.getppid() == manager:
        time.sleep(0.5)
    os._exit(1)


def port_problem(host: str, port: int, patience: float = 0.0) -> str:
    """Return why nobody can listen there, or an empty text; asks again for ``patience`` seconds."""
    until = time.monotonic() + patience
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if time.monotonic() >= until:
                    return error.strerror or str(error)
            else:
                return ""
        time.sleep(0.2)


def find_missing(environment: Environment) -> list[Missing]:
    """Return everything that must be set before the server may start (nothing in a demonstration)."""
    from zhuoli.store.keys import KeyTrouble, read_master_key

    found: list[Missing] = []
    if environment.mode != "serve":
        return found
    if len(environment.secret) < SHORTEST_SECRET:
        found.append(
            Missing(
                "no_secret",
                Text("没有设置 ZHUOLI_SECRET，或太短。", "ZHUOLI_SECRET is not set, or too short.")
                if environment.secret
                else Text("没有设置 ZHUOLI_SECRET。", "ZHUOLI_SECRET is not set."),
                Text("./zhuoli serve --new-secrets 打印一个。", "./zhuoli serve --new-secrets prints one."),
            )
        )
    try:
        read_master_key(environment)
    except KeyTrouble as trouble:
        found.append(Missing(trouble.code, trouble.text, trouble.remedy))
    if not environment.hosts:
        found.append(
            Missing(
                "no_hosts",
                Text(
                    "没有设置 ZHUOLI_HOSTS(网站的域名)。",
                    "ZHUOLI_HOSTS, the names under which the site is reached, is not set.",
                ),
                Text(
                    "例如 ZHUOLI_HOSTS=zhuoli.example.gov.cn",
                    "For example ZHUOLI_HOSTS=zhuoli.example.gov.cn",
                ),
            )
        )
    return found


def _refuse(missing: list[Missing]) -> None:
    for each in missing[:-1]:
        for lang in output.languages():
            click.echo(
                click.style("✗ ", fg="red") + each.text.in_language(lang) + f" [{each.code}]", err=True
            )
            click.echo("  → " + each.remedy.in_language(lang), err=True)
    output.fail(missing[-1].text, missing[-1].remedy, code=missing[-1].code)


def _require_database(environment: Environment, *, migrate: bool) -> None:
    """Check the database, or with ``migrate`` bring it up to date; leave with words when it is not ready."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhuoli.settings")
    environment.data.mkdir(parents=True, exist_ok=True)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import DatabaseError, connection, connections
    from django.db.migrations.executor import MigrationExecutor

    from zhuoli.office.directory import BadDirectory, install_places, load_directory
    from zhuoli.office.seals import BadSeal, seal_system
    from zhuoli.office.ways_to_sign import BadSigning, signing_factory

    try:
        if migrate:
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
            if install_places():
                output.say(
                    Text(
                        "已载入区划和单位（单位由名单生成）。",
                        "Territories and units are loaded (units generated from the list).",
                    ),
                    err=True,
                )
        executor = MigrationExecutor(connection)
        waiting = [
            f"{each.app_label}.{each.name}"
            for each, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())
        ]
        if waiting:
            waiting.sort(key=lambda name: not name.startswith("store."))  # ours tell most
            shown = ", ".join(waiting[:4]) + (" …" if len(waiting) > 4 else "")
            output.fail(
                Text(
                    f"数据库缺 {len(waiting)} 项更新：{shown}",
                    f"The database lacks {len(waiting)} migrations: {shown}",
                ),
                Text(
                    "先备份，再运行 ./zhuoli serve --migrate", "Back it up, then run ./zhuoli serve --migrate"
                ),
                code="not_migrated",
            )
        load_directory()
        signing_factory(read_environment().signing)
        seal_system(read_environment().seal, demo=False)
    except DatabaseError as error:
        output.fail(
            Text(
                f"数据库连不上：{str(error).strip()}", f"The database cannot be reached: {str(error).strip()}"
            ),
            Text(
                "检查 ZHUOLI_DATABASE_URL 和数据库是否在运行。",
                "Check ZHUOLI_DATABASE_URL and whether the database runs.",
            ),
            code="no_database",
        )
    except (BadDirectory, BadSigning, BadSeal) as error:
        output.fail(error.text, error.remedy, code=error.code)
    connections.close_all()


def _print_secrets() -> None:
    from zhuoli.store.keys import new_master_key

    click.echo(f"ZHUOLI_SECRET={secrets.token_urlsafe(48)}")
    click.echo(f"ZHUOLI_MASTER_KEY={new_master_key()}")
    output.say(
        Text(
            "放进服务的环境（只有它能读的文件）。主密钥另存一份，离开数据库的备份：丢了它，加密的内容谁也打不开。",
            "Put them into the service's environment, in a file that only it can read. Keep a copy of the master key away from the database's backups: without it nobody opens what was encrypted.",
        ),
        err=True,
    )
