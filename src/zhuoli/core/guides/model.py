"""One service as people read it, and the catalogue of all."""

from __future__ import annotations

from typing import Literal

import msgspec

from zhuoli.core.text import Mistake, Text

Depth = Literal["full", "appointment", "guide"]
"""How far a service goes online: ``full``, a scenario runs from form to result; ``appointment``, it is asked for and a time
is booked online, and people meet; ``guide``, this page only."""


class Theme(msgspec.Struct, frozen=True):
    """A sheet of services, such as vehicles."""

    id: str
    title: Text


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that a service rests on; ``articles`` is empty where they have to be confirmed locally."""

    law: str
    version: str
    articles: str


class Guide(msgspec.Struct, frozen=True, kw_only=True):
    """One service.

    ``statutory`` is the longest lawful time, None where the rule names none; ``visits`` how often one has to come,
    None where that is not known. ``confirm`` is true where something in it (an article, a time, a fee) must be
    confirmed locally. ``scenario`` is the one that runs it, empty for a guide only; ``appointment`` says that it books a time.
    """

    id: str
    theme: str
    title: Text
    words: tuple[str, ...]
    who: Text
    materials: tuple[Text, ...]
    statutory: Text | None
    visits: int | None
    fee: Text
    grounds: tuple[Citation, ...]
    confirm: bool
    scenario: str
    appointment: bool = False

    @property
    def depth(self) -> Depth:
        """How far it goes online."""
        if not self.scenario:
            return "guide"
        return "appointment" if self.appointment else "full"


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """All services in the order of their sheets; what has a mistake is left out, and told."""

    themes: tuple[Theme, ...]
    guides: tuple[Guide, ...]
    mistakes: tuple[Mistake, ...]

    def guide(self, name: str) -> Guide | None:
        """Return one service, or None."""
        return next((each for each in self.guides if each.id == name), None)
