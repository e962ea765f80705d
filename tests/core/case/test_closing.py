"""What counts as evidence."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from zhuoli.core.case.closing import has_evidence
from zhuoli.core.case.state import Attachment, Case

HOUR = 3_600_000


def draft(by: str, at: int) -> Any:
    file = Attachment(name="x", sha256="0" * 64, size=1, media_type="image/png", by=by, at=at)
    return SimpleNamespace(
        case=Case(id=1, parties={"requester": "p-1"}, accepted=10 * HOUR, files={"f": file})
    )


@pytest.mark.parametrize(
    ("by", "at", "counts"),
    [
        ("unit-1", 11 * HOUR, True),
        ("unit-1", 9 * HOUR, False),  # from before the case was accepted
        ("p-1", 11 * HOUR, False),  # the requester's own photo does not show that the work was done
        ("", 11 * HOUR, False),  # nor does a notice that the software has written
    ],
)
def test_evidence_comes_from_an_office_after_acceptance(by: str, at: int, counts: bool) -> None:
    assert has_evidence(draft(by, at)) is counts
