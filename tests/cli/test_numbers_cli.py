"""Keys for partner bodies by the commands that an operator types: help in words, a key's life, mistakes with a remedy."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner, Result
from tests.web.site import Clock, clock, site_template  # noqa: F401 - fixtures

from zhuoli.cli.numbers import DAY, numbers
from zhuoli.office import partner_keys
from zhuoli.store.models import PartnerKeyRecord
from zhuoli.web import door


def run(*words: str) -> Result:
    return CliRunner().invoke(numbers, words, env={"ZHUOLI_LANG": "en"})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), ("给伙伴单位的密钥", "Keys for partner bodies", "nothing of a person", "key", "keys", "revoke")),
        (("key",), ("SYSTEM", "--title", "给谁的", "--days", "default: 365", "shown only now")),
        (("keys",), ("列出密钥", "List the keys")),
        (("revoke",), ("MARK", "作废", "Make a key void")),
    ],
)
def test_help_says_what_a_command_does_in_both_languages(
    words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    shown = run(*words, "--help")
    assert shown.exit_code == 0
    told = " ".join(shown.output.split())
    for each in said:
        assert each in told, each
    assert not re.search(r"(?m)^  (key|keys|revoke) *$", shown.output), (
        "each command of the list says what it does"
    )


def test_a_key_is_made_listed_made_void_and_runs_out(clock: Clock) -> None:  # noqa: F811
    made = run("key", "hotline", "--title", "12345 centre", "--days", "30")
    assert made.exit_code == 0, made.output
    key = made.output.strip().rsplit(" ", 1)[-1]
    record = PartnerKeyRecord.objects.get()
    assert record.until == record.made + 30 * DAY
    listed = run("keys").output
    assert key not in listed
    assert re.search(rf"^{record.hash[:12]}  hotline  12345 centre  valid  never used$", listed, re.MULTILINE)
    (told,) = json.loads(run("keys", "--json").output)
    assert key not in told.values()
    assert told["mark"] == record.hash[:12]
    assert (told["system"], told["title"], told["state"]) == ("hotline", "12345 centre", "valid")
    assert (told["made"], told["until"], told["used"]) == (record.made, record.until, None)
    assert partner_keys.find(door.office().master, key, record.made) is not None
    assert "never used" not in run("keys").output
    PartnerKeyRecord.objects.update(until=record.made - 1)
    assert "  expired  " in run("keys").output
    PartnerKeyRecord.objects.update(until=record.until)
    assert run("revoke", record.hash[:12]).exit_code == 0
    assert "  revoked  " in run("keys").output
    assert partner_keys.find(door.office().master, key, record.made) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("key", "pigeon", "--title", "x"), ("There is no system pigeon", "Use one of", "hotline")),
        (("key", "hotline"), ("--title",)),
        (("key", "hotline", "--title", "x", "--days", "0"), ("--days", "1<=x<=3650")),
        (("revoke", "abc"), ("no valid key with the mark abc", "numbers keys")),
        (("revoke", "0" * 12), ("no valid key with the mark", "numbers keys")),
    ],
)
def test_mistakes_say_what_to_do(clock: Clock, words: tuple[str, ...], said: tuple[str, ...]) -> None:  # noqa: F811
    wrong = run(*words)
    assert wrong.exit_code != 0
    assert not isinstance(wrong.exception, AssertionError)
    for each in said:
        assert each in wrong.output, wrong.output
    assert not PartnerKeyRecord.objects.exists()
