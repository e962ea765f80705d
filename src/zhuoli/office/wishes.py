"""How the parties of a case want to be told: in which language, and whether at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from zhuoli.store.models import WishRecord

if TYPE_CHECKING:
    from zhuoli.office.handle import Office

LANGUAGES = ("zh", "en")


class Wish(msgspec.Struct, frozen=True):
    """A party's wish; ``told`` is False for whoever wants no messages."""

    language: str = "zh"
    told: bool = True


def wish_of(office: Office, case: int, party: str) -> Wish:
    """Return the wish of a party: Chinese messages, if nothing else was said."""
    found = WishRecord.objects.using(office.alias).filter(case_id=case, party=party).first()
    return Wish(found.language, found.told) if found is not None else Wish()


def keep_wish(office: Office, case: int, party: str, wish: Wish) -> None:
    """Keep the wish of a party."""
    record = WishRecord(case_id=case, party=party, language=wish.language, told=wish.told)
    WishRecord.objects.using(office.alias).bulk_create(
        [record],
        update_conflicts=True,
        unique_fields=["case_id", "party"],
        update_fields=["language", "told"],
    )
