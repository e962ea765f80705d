"""What an id is called: models find units, matters, cases and places by their ids, and people read names."""

from __future__ import annotations

from zhuoli.core.case.facts import Directory
from zhuoli.core.text import Text
from zhuoli.store.models import CaseRecord
from zhuoli.web import door


def name_of(kind: str, value: str, directory: Directory | None = None) -> Text:
    """Return the name of a unit, the title of a matter, the number of a case, or the name of a place; the id where it is unknown."""
    known = directory or door.directory()
    found: Text | None = None
    if kind == "unit":
        found = known.name(value)
    elif kind == "place":
        found = door.places().full_name(value)
    elif kind == "matter":
        scenario = door.scenarios().get(value)
        found = scenario.title if scenario else None
    elif kind == "case" and value.isdecimal():
        receipt = CaseRecord.objects.filter(pk=int(value)).values_list("receipt", flat=True).first()
        found = Text(receipt, receipt) if receipt else None
    return found or Text(value, value)
