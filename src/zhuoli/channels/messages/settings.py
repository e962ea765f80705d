"""Over which channels messages go out: one YAML file of the operator, named by ``ZHUOLI_CHANNELS``.

    people:
      sms: "json://sms.example.org/send?to={to}"
      mail: "mailtos://user:password@smtp.example.org?to={to}"
    staff:
      "*": ["wecombot://key"]
      station-620102001: ["feishu://token"]

The addresses are those of Apprise. ``{to}`` stands for the person's number (E.164, without +) or mail address.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import apprise
import msgspec
import yaml

from zhuoli.core.text import Text

Kind = Literal["sms", "mail"]


class People(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where messages to people go, by what kind of address they gave."""

    sms: str = ""
    mail: str = ""


class Channels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file says. Without a file nothing is sent, except that the demonstration shows what would be."""

    people: People = People()
    staff: dict[str, tuple[str, ...]] = {}

    def person(self, kind: Kind, to: str) -> str:
        """Return the address of the channel for a person's number or mail address; empty when there is none."""
        url = self.people.sms if kind == "sms" else self.people.mail
        return url.replace("{to}", to)

    def unit(self, unit: str) -> tuple[str, ...]:
        """Return the channels of a unit: its own, else those of every unit."""
        return self.staff.get(unit, self.staff.get("*", ()))


class BadChannels(Exception):
    """The file cannot be used."""

    def __init__(self, text: Text, remedy: Text) -> None:
        super().__init__(text.en)
        self.code, self.text, self.remedy = "bad_channels", text, remedy


def read_channels(path: Path | None) -> Channels:
    """Read the file and try each address, without sending anything.

    Raises:
        BadChannels: it is not there, is not as it should be, or an address is none that Apprise knows. The message
            names the place, never the address: it holds passwords.
    """
    if path is None:
        return Channels()
    try:
        channels = msgspec.convert(
            yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader) or {}, Channels
        )
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BadChannels(
            Text(
                f"渠道文件 {path.name} 不能用：{reason}",
                f"The channels file {path.name} cannot be used: {reason}",
            ),
            Text(
                "写法见 docs/operators/messages.md。", "See docs/operators/messages.md for how it is written."
            ),
        ) from error
    probes = [("people.sms", channels.person("sms", "8613900000000"), channels.people.sms)]
    probes.append(("people.mail", channels.person("mail", "somebody@example.org"), channels.people.mail))
    probes += [(f"staff.{unit}", url, "") for unit, urls in channels.staff.items() for url in urls]
    for place, url, pattern in probes:
        if url and (not apprise.Apprise().add(url) or (pattern and "{to}" not in pattern)):
            raise BadChannels(
                Text(
                    f"渠道文件的 {place} 不是能用的地址",
                    f"The address at {place} of the channels file is none that works",
                ),
                Text(
                    "对照 docs/operators/messages.md；发给个人的地址里要有 {to}。",
                    "Compare docs/operators/messages.md; an address for people holds {to}.",
                ),
            )
    return channels


def send(url: str, title: str, body: str) -> bool:
    """Send one message over one channel; False when the channel did not take it."""
    sender = apprise.Apprise()
    return bool(sender.add(url)) and bool(
        sender.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT)
    )
