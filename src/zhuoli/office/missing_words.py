"""Cases without words, of an older database or with a lost row, come to the words by which they are found."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from zhuoli.office.handle import Office
from zhuoli.office.words import words_of
from zhuoli.store.codec import decode_state
from zhuoli.store.models import StateRecord, WordsRecord

FILLED = 500
"""So many cases without words are seen to at once."""


def fill_in(office: Office, most: int = FILLED) -> int:
    """Write the words of cases that have none, at most so many; return how many were written."""
    has = WordsRecord.objects.filter(case_id=OuterRef("case_id"))
    bare = StateRecord.objects.using(office.alias).filter(~Exists(has))
    found = list(bare.order_by("case_id").values_list("case_id", "state")[:most])
    rows = []
    for number, state in found:
        case = decode_state(state)
        plan = office.library.pinned(case.version, case.scenario)
        words = "" if case.parties and set(case.parties.values()) <= set(case.erased) else None
        rows.append(
            WordsRecord(
                case_id=number, words=words_of(plan, case, office.directory) if words is None else words
            )
        )
    WordsRecord.objects.using(office.alias).bulk_create(rows, ignore_conflicts=True, batch_size=FILLED)
    return len(rows)
