"""A free time is chosen in one's own form: a list without script, nobody twice, moved on the page of the matter."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.web.site import Clock, Visitor

from zhuoli.core.worktime import instant_of
from zhuoli.demo.providers import made_providers
from zhuoli.office import slots
from zhuoli.places.providers import written
from zhuoli.store.models import BookingRecord, CaseRecord
from zhuoli.web import door

FORM = "/en/matters/legal_service_request/form/"
ANSWERS = {
    "a_event": "business",
    "a_need": "advice",
    "a_danger": "no",
    "a_story": "The lease has no clause on leaving early.",
    "a_place": ["620100000000", "620102000000"],
    "a_name": "He Xiaoyan",
    "a_phone": "13900000034",
}


@pytest.fixture
def table(clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "directory.csv"
    path.write_text(written(made_providers(door.places())), "utf-8")
    monkeypatch.setattr(slots, "directory_file", lambda: path)
    return path


def asking(visitor: Visitor, **more: Any) -> Visitor:
    """Ask which questions there are now, as the button for browsers without script does."""
    return visitor.send("", **{**ANSWERS, "_again": "more", **more})


def offered(visitor: Visitor) -> list[str]:
    return re.findall(r'name="a-slot" value="([^"]+)"', visitor.html)


def station() -> str:
    return next(each.name.zh for each in slots.providers() if each.id == "place-620102")


def test_free_times_are_offered_without_script_and_taken_once(
    visitor: Visitor, table: Path, clock: Clock
) -> None:
    asking(visitor.get(FORM))
    assert "Nobody yet, please call me" in visitor.text
    assert "620103" not in {each.territory[:6] for each in slots.providers() if each.name.en in visitor.text}
    asking(visitor, a_provider=station())
    times = offered(visitor)
    assert times
    assert times[0] > "2026-03-05", "from tomorrow on"
    visitor.send("", **ANSWERS, a_provider=station(), a_slot=times[0])
    assert visitor.path.endswith("/receipt/"), visitor.text
    assert BookingRecord.objects.get().provider == station()

    other = Visitor()
    asking(asking(other.get(FORM)), a_provider=station())
    assert times[0] not in offered(other)
    other.send("", **ANSWERS, a_provider=station(), a_slot=times[0])
    assert other.status == 422
    assert "is taken at" in other.text
    assert "next free times" in other.text
    other.send("", **ANSWERS, a_provider=station(), a_slot=times[1])
    assert other.path.endswith("/receipt/")
    assert BookingRecord.objects.count() == 2


def test_whoever_chooses_nobody_is_called(visitor: Visitor, table: Path) -> None:
    visitor.get(FORM)
    asking(visitor)
    visitor.send("", **ANSWERS, a_provider="")
    assert visitor.path.endswith("/receipt/"), visitor.text
    assert not BookingRecord.objects.exists()


def test_another_time_is_chosen_on_the_page_of_the_matter(visitor: Visitor, table: Path, demo: None) -> None:
    asking(asking(visitor.get(FORM)), a_provider=station())
    first = offered(visitor)[0]
    visitor.send("", **ANSWERS, a_provider=station(), a_slot=first)
    receipt = visitor.path.split("/")[3]
    case = CaseRecord.objects.get(receipt=receipt)
    office = Visitor()
    office.be(f"{case.unit}/officer")
    office.get(f"/en/desk/cases/{case.id}/").send("/accept/")
    visitor.get(f"/en/my/{receipt}/")
    visitor.task("rearrange").send("/complete/", outcome="chosen")
    times = offered(visitor)
    assert first not in times, "their own time is held"
    visitor.task("rearrange").send("/complete/", outcome="chosen", a_provider=station(), a_slot=times[2])
    assert visitor.status == 200, visitor.text
    assert door.load(case.id).booking.at == instant_of(datetime.fromisoformat(times[2]))
