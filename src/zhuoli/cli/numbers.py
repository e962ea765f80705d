"""``./zhuoli numbers``: keys by which partner bodies read how the cases stand that carry their system's numbers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from zhuoli.cli import output
from zhuoli.cli.ledger import start_django
from zhuoli.cli.options import JSON
from zhuoli.core.text import Text

if TYPE_CHECKING:
    from zhuoli.store.models import PartnerKeyRecord

DAY = 86_400_000
STATES = {
    "valid": Text("有效", "valid"),
    "expired": Text("已到期", "expired"),
    "revoked": Text("已作废", "revoked"),
}


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
@JSON
def keys(as_json: bool) -> None:
    """列出密钥（只有开头的记号）。 List the keys by the beginning of their mark."""
    start_django()
    from zhuoli.core.worktime import instant_text
    from zhuoli.store.models import PartnerKeyRecord

    now = time.time_ns() // 1_000_000
    found = list(PartnerKeyRecord.objects.order_by("system", "made"))
    states = [_state(each, now) for each in found]
    if as_json:
        output.echo_json(
            [
                {
                    "mark": each.hash[:12],
                    "system": each.system,
                    "title": each.title,
                    "state": state,
                    "made": each.made,
                    "until": each.until,
                    "used": each.used,
                }
                for each, state in zip(found, states, strict=True)
            ]
        )
        return
    for each, state in zip(found, states, strict=True):
        words = STATES[state]
        used = instant_text(each.used) if each.used else Text("没用过", "never used")
        output.say(
            Text(
                f"{each.hash[:12]}  {each.system}  {each.title}  {words.zh}  {used.zh}",
                f"{each.hash[:12]}  {each.system}  {each.title}  {words.en}  {used.en}",
            )
        )


def _state(key: PartnerKeyRecord, now: int) -> str:
    if key.revoked:
        return "revoked"
    return "expired" if key.until is not None and key.until <= now else "valid"


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
