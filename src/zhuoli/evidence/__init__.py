"""Evidence: photos and videos kept as they were brought, and copies of them to look at.

    facts = examine(stream, media_type)     # raises Unreadable: nothing is kept of it
    prepared = prepare(stream, media_type)  # key frames, playback copy, facts; faces and plates are blurred

What was brought is never changed: its SHA-256 entered the ledger when it was received. Everything that is shown is a copy,
made in a process of its own with bounds of memory and time (``zhuoli.office.aside``).
"""

from zhuoli.evidence.kinds import PHOTOS, VIDEOS, Facts, NoDetector, Reason, Unreadable, media_type_of
from zhuoli.evidence.reader import Prepared, examine, prepare

__all__ = [
    "PHOTOS",
    "VIDEOS",
    "Facts",
    "NoDetector",
    "Prepared",
    "Reason",
    "Unreadable",
    "examine",
    "media_type_of",
    "prepare",
]
