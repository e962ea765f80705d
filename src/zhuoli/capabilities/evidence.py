"""``evidence.prepare``: copies to look at of what was brought as evidence, and what is doubtful about it.

Every original of the case that has no copy yet is looked through, so one run makes up for what another could not do. The
copy is one sealed file for each original (``zhuoli.evidence.bundle``), owned by whoever brought the original: erasing the
party erases it too. An original that cannot be read has a copy that says why, and stays as it is.
"""

from __future__ import annotations

import msgspec

from zhuoli.core.case.commands import File
from zhuoli.core.case.state import Attachment, Case
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.evidence import Unreadable, bundle, prepare
from zhuoli.evidence.doubts import Told, doubts
from zhuoli.office import read
from zhuoli.office.worker import Job, Result

COPY = "打码副本 · blurred copy"


def look_through(job: Job) -> Result:
    """Make the copies that are missing; ``looked`` counts them, ``unreadable`` those that only say why not."""
    case = read.load_state(job.case.id, job.office.alias)
    files: list[File] = []
    unreadable = doubtful = 0
    for original, attachment in missing(job, case):
        job.hold()
        sealed, report = _copy(job, case, original, attachment)
        files.append(sealed)
        unreadable += bool(report.reason)
        doubtful += len(report.doubts)
    return Result(
        values={"looked": len(files), "unreadable": unreadable, "doubts": doubtful}, files=tuple(files)
    )


def missing(job: Job, case: Case) -> list[tuple[str, Attachment]]:
    """Return the originals of a case that nobody has looked through."""
    looked = {
        bundle.open_head(job.office.files.read(file, case.id)).original
        for file, attachment in case.files.items()
        if attachment.media_type == bundle.MEDIA_TYPE
    }
    return [
        (file, attachment)
        for file, attachment in case.files.items()
        if attachment.question.startswith(f"{EVIDENCE}.")
        and file not in looked
        and attachment.by not in case.erased
    ]


def _copy(job: Job, case: Case, original: str, attachment: Attachment) -> tuple[File, bundle.Report]:
    files = job.office.files
    report = bundle.Report(original=original, sha256=attachment.sha256, size=attachment.size)
    try:
        prepared = prepare(files.read(original, case.id))
    except Unreadable as unreadable:
        report = bundle.Report(
            original=original, sha256=attachment.sha256, size=attachment.size, reason=unreadable.reason
        )
        data = bundle.pack(report, (), b"")
    else:
        told = Told(occurred=_stated(case), received=attachment.at, twice=_twice(case, original, attachment))
        report = bundle.report_of(report, prepared, doubts(prepared.facts, told))
        data = bundle.pack(report, tuple(each.jpeg for each in prepared.frames), prepared.playback)
    owner = attachment.by if attachment.by in case.parties.values() else ""
    sealed = files.put(data, name=COPY, media_type=bundle.MEDIA_TYPE, now=job.now, party=owner)
    return msgspec.structs.replace(sealed, by=owner), report


def _stated(case: Case) -> int | None:
    """Return when it happened as whoever reported it said (ms UTC)."""
    if case.occurred is not None:
        return case.occurred
    stated = [value for name, value in case.answers.items() if name == "form.at" and isinstance(value, int)]
    return stated[0] if stated else None


def _twice(case: Case, original: str, attachment: Attachment) -> bool:
    """Whether another original of the case has the same bytes."""
    return any(
        each.sha256 == attachment.sha256 and file != original and each.question.startswith(f"{EVIDENCE}.")
        for file, each in case.files.items()
    )
