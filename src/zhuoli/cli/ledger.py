"""``./zhuoli ledger``: verify, replay, seal, prove; keys and the database role."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from zhuoli.cli import output
from zhuoli.cli.options import JSON
from zhuoli.core.text import Text

if TYPE_CHECKING:
    from zhuoli.store.replay import Replayed
    from zhuoli.store.verify import Verified

_heads = click.option(
    "--heads",
    type=click.Path(path_type=Path),
    help="公布树头的文件。 The file to which tree heads are published.",
)


@click.group()
def ledger() -> None:
    """核验、证明、重放、封存账本。 Verify, prove, replay or seal the ledger.

    docs/operators/ledger.md tells what is stored and how to check it without this program.
    """


@ledger.command()
@_heads
@JSON
def verify(heads: Path | None, as_json: bool) -> None:
    """核验：记下的事没有被改过。 Check that nothing recorded was changed.

    Computes every hash again: chains, tree, published heads, looks; and checks keys, snapshots and guards. Exit code
    1 when something is wrong.
    """
    start_django()
    from zhuoli.store.verify import verify as run

    found = run(_heads_file(heads), _now())
    if as_json:
        output.echo_json({"good": found.good, **msgspec.structs.asdict(found)})
    else:
        _tell_verified(found)
    if not found.good:
        raise click.exceptions.Exit(1)


@ledger.command()
@click.option("--write", is_flag=True, help="把不同之处改成账本给出的样子。 Set right what differs.")
@JSON
def replay(write: bool, as_json: bool) -> None:
    """重放：从账本重建所有状态和表，与现有的比较。 Rebuild every row from the ledger and compare.

    Exit code 1 when something differs (with --write: never, unless it fails).
    """
    start_django()
    from zhuoli.store.replay import replay as run

    found = run(write=write)
    if as_json:
        output.echo_json({"equal": found.equal, **msgspec.structs.asdict(found)})
    else:
        _tell_replayed(found, write)
    if not found.equal and not write:
        raise click.exceptions.Exit(1)


@ledger.command()
@_heads
@JSON
def seal(heads: Path | None, as_json: bool) -> None:
    """封存：给新记录编上树叶，公布树头。 Give new entries their leaves and publish the tree head.

    Run it once a day, and keep the file of heads somewhere else.
    """
    start_django()
    from zhuoli.store.tree import TreeError
    from zhuoli.store.tree import seal as run

    with _told(TreeError):
        done = run(_heads_file(heads), _now())
    if as_json:
        output.echo_json(done)
    elif done.head is None:
        output.say(Text("账本是空的。", "The ledger is empty."))
    else:
        output.say(
            Text(
                "封存 {added} 条，共 {size} 条；树头 {root}",
                "{added} sealed, {size} in all; tree head {root}",
            ).format(added=done.added, size=done.head.tree_size, root=done.head.root_hash)
        )


@ledger.command()
@click.argument("case", type=int)
@click.argument("seq", type=int)
@click.option("--size", type=int, help="对哪一个树头（叶数）。 Against which head (number of leaves).")
@JSON
def prove(case: int, seq: int, size: int | None, as_json: bool) -> None:
    """证明：某条记录在已公布的树里。 Prove that an entry is in the published tree.

    The JSON holds all that a third party needs; docs/operators/ledger.md has the lines that check it.
    """
    start_django()
    from zhuoli.store.tree import TreeError
    from zhuoli.store.tree import prove as run

    with _told(TreeError):
        proof = run(case, seq, size=size)
    if as_json:
        output.echo_json(proof)
        return
    output.say(
        Text(
            "事项 {case} 的第 {seq} 条是第 {leaf} 片叶子，在 {size} 片叶子的树里（树头 {root}）。",
            "Entry {seq} of case {case} is leaf {leaf} in the tree of {size} leaves (head {root}).",
        ).format(
            case=case, seq=seq, leaf=proof.leaf_number, size=proof.head.tree_size, root=proof.head.root_hash
        )
    )
    for sibling in proof.path:
        click.echo("  " + sibling)


@ledger.command()
@click.argument("old", type=int)
@click.argument("new", type=int, required=False)
@JSON
def consistency(old: int, new: int | None, as_json: bool) -> None:
    """一致：后来的树包含先前的树。 Prove that a later tree begins with an earlier one.

    OLD and NEW are numbers of leaves of published heads (default for NEW: the newest).
    """
    start_django()
    from zhuoli.store.tree import TreeError
    from zhuoli.store.tree import consistency as run

    with _told(TreeError):
        found = run(old, new)
    if as_json:
        output.echo_json(found)
    else:
        output.say(
            Text(
                "{old} 片叶子的树是 {new} 片叶子的树的开头。",
                "The tree of {new} leaves begins with that of {old}.",
            ).format(old=found.old.tree_size, new=found.new.tree_size)
            if found.consistent
            else Text("不一致：先前的记录被改过。", "Not consistent: what was recorded before was changed.")
        )
    if not found.consistent:
        raise click.exceptions.Exit(1)


@ledger.command()
def key() -> None:
    """生成一把新的主密钥。 Make a new master key for ZHUOLI_MASTER_KEY."""
    from zhuoli.store.keys import new_master_key

    click.echo(new_master_key())


@ledger.command()
@click.option(
    "--role", default="zhuoli_app", show_default=True, help="数据库角色。 The role of the application."
)
@click.option(
    "--apply", is_flag=True, help="立即执行（须为表的所有者）。 Execute it now, as the owner of the tables."
)
def grant(role: str, apply: bool) -> None:
    """PostgreSQL:应用程序的角色只得到它需要的权限。 Print (or apply) what the application's role is granted.

    The role may read and add to the ledger; UPDATE, DELETE and TRUNCATE of it are not granted.
    """
    start_django()
    from zhuoli.store.role import RoleError, apply_role, role_sql

    with _told(RoleError):
        if apply:
            apply_role(role)
            output.say(Text(f"角色 {role} 已设好。", f"The role {role} is ready."))
        else:
            click.echo("\n".join(f"{statement};" for statement in role_sql(role)))


def start_django() -> None:
    """Start Django with this installation's settings; say so when the database has no tables, and stop.

    Raises:
        click.exceptions.Exit: the database cannot be reached, or was not migrated.
    """
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhuoli.settings")
    import django

    django.setup()
    from django.db import DatabaseError, connection

    try:
        tables = connection.introspection.table_names()
    except DatabaseError as error:
        output.fail(
            Text(f"连不上数据库：{error}", f"The database cannot be reached: {error}"),
            Text("检查 ZHUOLI_DATABASE_URL 或 ZHUOLI_DATA。", "Check ZHUOLI_DATABASE_URL or ZHUOLI_DATA."),
            code="no_database",
        )
    if "store_entry" not in tables:
        output.fail(
            Text("数据库是空的，还没有建表。", "The database is empty; its tables have not been made."),
            Text("先运行 ./zhuoli serve --migrate。", "Run ./zhuoli serve --migrate first."),
            code="no_tables",
        )


def _now() -> int:
    return time.time_ns() // 1_000_000


def _heads_file(heads: Path | None) -> Path:
    from zhuoli.environment import read_environment

    return heads or read_environment().data / "tree-heads.jsonl"


@contextmanager
def _told(kind: type[Any]) -> Iterator[None]:
    try:
        yield
    except kind as error:
        output.fail(error.text, error.remedy, code=error.code)


def _tell_verified(found: Verified) -> None:
    for fault in found.faults:
        output.say(fault.text, err=True)
    rate = found.events / found.seconds if found.seconds else 0
    output.say(
        Text(
            "{entries} 条记录（{events} 个事件，{cases} 件事项）,{leaves} 片叶子，{heads} 个树头，{looks} 次查看；{unsealed} 条待封存；{seconds:.1f} 秒，每秒 {rate:,.0f} 个事件",
            "{entries} entries ({events} events, {cases} cases), {leaves} leaves, {heads} heads, {looks} looks; {unsealed} not sealed yet; {seconds:.1f} s, {rate:,.0f} events per second",
        ).format(rate=rate, **msgspec.structs.asdict(found))
    )
    output.say(
        Text("没有发现问题。", "Nothing is wrong.")
        if found.good
        else Text(f"发现 {found.fault_count} 处问题。", f"{found.fault_count} things are wrong.")
    )


def _tell_replayed(found: Replayed, write: bool) -> None:
    for each in found.differences:
        click.echo(
            f"{each.case} {each.table} {each.key} {each.column}: {each.ledger!r} ≠ {each.stored!r}", err=True
        )
    rate = found.events / found.seconds if found.seconds else 0
    output.say(
        Text(
            "重放 {entries} 条记录（{events} 个事件，{cases} 件事项）;{seconds:.1f} 秒，每秒 {rate:,.0f} 个事件",
            "{entries} entries replayed ({events} events, {cases} cases); {seconds:.1f} s, {rate:,.0f} events per second",
        ).format(rate=rate, **msgspec.structs.asdict(found))
    )
    if found.equal:
        output.say(Text("表与账本一致。", "The tables are what the ledger gives."))
    elif write:
        output.say(
            Text(
                f"{found.written} 件事项已按账本改正。",
                f"{found.written} cases were set right from the ledger.",
            )
        )
    else:
        output.say(
            Text(
                f"{found.difference_count} 处不同；加 --write 按账本改正。",
                f"{found.difference_count} differences; --write sets them right from the ledger.",
            )
        )
