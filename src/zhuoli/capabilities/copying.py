"""A file of one case for another: each case seals its own, and erases its own."""

from __future__ import annotations

import msgspec

from zhuoli.core.case.commands import File
from zhuoli.core.case.state import Attachment
from zhuoli.office.worker import Job


def copied(job: Job, file: str, opened: Attachment, question: str, party: str) -> File:
    """Seal a file of the job's case anew, as the answer to ``question`` and with ``party`` as its owner.

    Args:
        job: whose case holds the file.
        file: its name in the store.
        opened: its record in the open case, with the name that people gave it.
        question: for which question of the other case, or "".
        party: who brought it, or "" for the office.

    Raises:
        FileNotFoundError: the file was erased.
    """
    put = job.office.files.put(
        b"".join(job.office.files.read(file, job.case.id)),
        name=opened.name,
        media_type=opened.media_type,
        now=job.now,
        question=question,
        party=party,
    )
    return msgspec.structs.replace(put, by=party)
