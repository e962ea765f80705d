"""Files that a page sends: examined, sealed into the file store at once, carried along as signed tokens.

A form that comes back with a mistake so never asks for the same file twice. Drafts that no case takes up are
swept after a day (``FileStore.sweep``). What a file is says its content alone; what the browser claims and how it is
named are not asked. Pictures are kept as they were drawn anew (``zhuoli.channels.attachments``).
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, get_args

import msgspec
from django.core import signing
from django.core.files.uploadedfile import UploadedFile as AnyUpload
from django.http import HttpRequest

from zhuoli.channels import attachments
from zhuoli.channels.attachments import PAPERS, PICTURES, Examiner, Unfit
from zhuoli.channels.attachments.examiner import LARGEST
from zhuoli.channels.attachments.kinds import PAGES, Reason
from zhuoli.channels.attachments.pictures import PIXELS
from zhuoli.core.case.commands import File
from zhuoli.core.case.plan import PlanForm
from zhuoli.core.text import Text
from zhuoli.web import door
from zhuoli.web.errors import Problem
from zhuoli.web.questions import FILE_TYPES, PREFIX
from zhuoli.web.wording import text

MOST = 9
"""Files of one form."""
REASONS = get_args(Reason)
if TYPE_CHECKING:
    UploadedFile = AnyUpload[Any]
else:
    UploadedFile = AnyUpload

_SALT = "zhuoli.web.file"
_ENDINGS = {
    "image/jpeg": (".jpg", (".jpg", ".jpeg")),
    "image/png": (".png", (".png",)),
    "application/pdf": (".pdf", (".pdf",)),
}


class Taken(msgspec.Struct, frozen=True):
    """The files of a form: those of this submission and those carried along, with their tokens."""

    files: tuple[File, ...] = ()
    tokens: tuple[str, ...] = ()
    problem: Problem | None = None


NOTHING = Taken()


def take(request: HttpRequest, form: PlanForm | None, field: str = "files") -> Taken:
    """Take the files of a form: those of its questions, and those of the plain field ``field``.

    Those that are fit are kept even when another one is not, so that nobody sends nine photos twice.
    """
    kept = _kept(request)
    sent: list[tuple[str, UploadedFile]] = [("", each) for each in request.FILES.getlist(field)]
    if form is not None:
        for name, asked in form.questions.items():
            if asked.question.type in FILE_TYPES:
                sent += [(name, each) for each in request.FILES.getlist(PREFIX + name)]
    if not sent:
        return Taken(tuple(kept), tuple(map(token, kept)))
    if len(sent) + len(kept) > MOST:
        many = Problem(
            text=text("upload.problem"),
            links=((_field(sent[-1][0], field), None, text("upload.many", limit=MOST)),),
        )
        return Taken(tuple(kept), tuple(map(token, kept)), many)
    links: list[tuple[str, Text | None, Text]] = []
    with Examiner() as examiner:
        for question, each in sent:
            pictures_only = (
                form is not None and bool(question) and form.questions[question].question.type == "photos"
            )
            try:
                kept.append(_examined(examiner, each, question, pictures_only=pictures_only))
            except Unfit as unfit:
                links.append((_field(question, field), None, _why(each, unfit, pictures_only=pictures_only)))
    problem = Problem(text=text("upload.problem"), links=tuple(links)) if links else None
    return Taken(tuple(kept), tuple(map(token, kept)), problem)


def _examined(examiner: Examiner, sent: UploadedFile, question: str, *, pictures_only: bool) -> File:
    """Examine and store one file.

    Raises:
        Unfit: it is not taken; nothing was stored.
    """
    if (sent.size or 0) > LARGEST:
        raise Unfit("large")
    sent.seek(0)
    taken = examiner.examine(sent.read(), PICTURES if pictures_only else PICTURES | PAPERS)
    office = door.office()
    return office.files.put(
        taken.data,
        name=_named(_name(sent), taken.media_type),
        media_type=taken.media_type,
        now=office.clock(),
        question=question,
    )


def _kept(request: HttpRequest) -> list[File]:
    kept: list[File] = []
    for each in request.POST.getlist("_file")[:MOST]:
        try:
            kept.append(msgspec.convert(signing.loads(each, salt=_SALT, max_age=24 * 3600), File))
        except (signing.BadSignature, msgspec.ValidationError):
            continue
    return kept


def token(file: File) -> str:
    """Return what a page carries along for a file that is stored already."""
    return signing.dumps(msgspec.to_builtins(file), salt=_SALT)


def _field(question: str, field: str) -> str:
    return PREFIX + question if question else field


def _why(sent: UploadedFile, unfit: Unfit, *, pictures_only: bool) -> Text:
    """Say in words what is wrong with a file and what to do about it."""
    name = _name(sent)
    if unfit.reason == "kind":
        sent.seek(0)
        real = attachments.sniff(sent.read(8192))
        if real in PAPERS and pictures_only:
            return text("upload.paper_here", name=name)
        return text("upload.kind", name=name)
    values = {
        "large": {"limit": LARGEST // 1024 // 1024},
        "pixels": {"limit": PIXELS // 1_000_000},
        "pages": {"limit": PAGES},
    }.get(unfit.reason, {})
    return text(f"upload.{unfit.reason}", name=name, **values)


def _name(file: UploadedFile) -> str:
    """Return the file's own name without any path and without signs that do not show."""
    name = (file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in name if sign.isprintable())[-120:] or "file"


def _named(name: str, media_type: str) -> str:
    """Return a name with the ending of what the file is now."""
    ending, endings = _ENDINGS[media_type]
    if name.lower().endswith(endings):
        return name
    path = PurePosixPath(name)
    return (path.stem or "file") + ending
