"""``./zhuoli numbers``: keys by which partner bodies read how the cases stand that carry their system's numbers."""

from __future__ import annotations

import time

import click

from zhuoli.cli import output
from zhuoli.cli.ledger import start_django
from zhuoli.core.text import Text

DAY = 86_400_000


@click.group()
def numbers() -> None:
    """给伙伴单位的密钥。 Keys for partner bodies.

    A key reads number, receipt, status, result and times of the cases with a number of one system; nothing of a person.
    """


@numbers.command("key")
@click.argument("system")
@click.option("--title", required=True, help="给谁的。 Whom it is for.")
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=365,
    show_default=True,
    help="有效天数。 Days it is valid.",
)
def key(system: str, title: str, days: int) -> None:
    """为一个系统发一把密钥，只显示这一次。 Make a key for a system; it is shown only now."""
    start_django()
    from zhuoli.environment import read_environment
    from zhuoli.office import partner_keys, references
    from zhuoli.store.keys import read_master_key

    known = references.systems()
    if system not in known:
        output.fail(
            Text(f"没有系统 {system}。", f"There is no system {system}."),
            Text(f"可用：{'、'.join(known)}", f"Use one of: {', '.join(known)}"),
            code="unknown_system",
        )
    now = time.time_ns() // 1_000_000
    made = partner_keys.make(read_master_key(read_environment()), system, title, now, now + days * DAY)
    output.say(Text(f"密钥（只显示这一次）：{made}", f"The key, shown only now: {made}"))


@numbers.command("keys")
def keys() -> None:
    """列出密钥（只有开头的记号）。 List the keys by the beginning of their mark."""
    start_django()
    from zhuoli.core.worktime import instant_text
    from zhuoli.store.models import PartnerKeyRecord

    now = time.time_ns() // 1_000_000
    for each in PartnerKeyRecord.objects.order_by("system", "made"):
        over = each.until is not None and each.until <= now
        state = (
            Text("已作废", "revoked")
            if each.revoked
            else Text("已到期", "expired")
            if over
            else Text("有效", "valid")
        )
        used = instant_text(each.used) if each.used else Text("没用过", "never used")
        output.say(
            Text(
                f"{each.hash[:12]}  {each.system}  {each.title}  {state.zh}  {used.zh}",
                f"{each.hash[:12]}  {each.system}  {each.title}  {state.en}  {used.en}",
            )
        )


@numbers.command("revoke")
@click.argument("mark")
def revoke(mark: str) -> None:
    """作废一把密钥。 Make a key void."""
    start_django()
    from zhuoli.office import partner_keys

    if len(mark) < 8 or not partner_keys.revoke(mark, time.time_ns() // 1_000_000):
        output.fail(
            Text(f"没有记号是 {mark} 的有效密钥。", f"There is no valid key with the mark {mark}."),
            Text("用 numbers keys 查看记号。", "See the marks by numbers keys."),
            code="no_key",
        )
    output.say(Text("已作废。", "It is void."))
