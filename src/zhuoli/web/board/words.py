"""What the board says: lengths in one unit, and why a case needs a decision."""

from __future__ import annotations

from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import DAY, HOUR, MINUTE
from zhuoli.core.worktime.words import length_text, set_off
from zhuoli.office.board import Reason
from zhuoli.web import door
from zhuoli.web.wording import text


def brief(ms: int) -> Text:
    """Return a length in its largest fitting unit: minutes below an hour, hours below two days, else days."""
    ms = abs(ms)
    unit = DAY if ms >= 2 * DAY else HOUR if ms >= HOUR else MINUTE
    if unit == HOUR and ms >= DAY:
        return text("length.hours", n=ms // HOUR)
    return set_off(length_text(ms - ms % unit))


def reason(each: Reason, now: int) -> Text:
    """Say one reason in a few words."""
    unit = door.directory().unit(each.unit)
    return text(
        f"trouble.{each.why}",
        length=brief(now - each.at) if each.at is not None else "",
        n=each.number,
        unit=unit.short if unit else "",
    )


def sentence(reasons: tuple[Reason, ...], now: int) -> Text:
    """Say all reasons in one line."""
    said = [reason(each, now) for each in reasons]
    return Text("，".join(each.zh for each in said), ", ".join(each.en for each in said))


def unit_name(unit: str) -> Text:
    """Return the short name of a unit, or that nobody is responsible yet."""
    found = door.directory().unit(unit)
    return found.short if found else text("board.nobody")
