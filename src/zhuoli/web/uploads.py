"""Files that a page sends: checked, sealed into the file store at once, carried along as signed tokens.

A form that comes back with a mistake so never asks for the same file twice. Drafts that no case takes up are
swept after a day (``FileStore.sweep``).
"""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from django.core import signing
from django.core.files.uploadedfile import UploadedFile as AnyUpload
from django.http import HttpRequest

from zhuoli.core.case.commands import File
from zhuoli.core.case.plan import PlanForm
from zhuoli.core.text import Text
from zhuoli.web import door
from zhuoli.web.errors import Problem
from zhuoli.web.questions import FILE_TYPES, PREFIX
from zhuoli.web.wording import text

LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""
MOST = 9
"""Files of one form."""
KINDS = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/heic",
        "image/heif",
        "image/gif",
        "application/pdf",
        "text/plain",
        "text/csv",
        "video/mp4",
        "video/quicktime",
        "audio/mpeg",
        "audio/mp4",
        "application/zip",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
if TYPE_CHECKING:
    UploadedFile = AnyUpload[Any]
else:
    UploadedFile = AnyUpload

_SALT = "zhuoli.web.file"
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF8",),
    "image/webp": (b"RIFF",),
    "application/pdf": (b"%PDF-",),
    "application/zip": (b"PK",),
}


class Taken(msgspec.Struct, frozen=True):
    """The files of a form: those of this submission and those carried along, with their tokens."""

    files: tuple[File, ...] = ()
    tokens: tuple[str, ...] = ()
    problem: Problem | None = None


NOTHING = Taken()


def take(request: HttpRequest, form: PlanForm | None, field: str = "files") -> Taken:
    """Take the files of a form: those of its questions, and those of the plain field ``field``.

    Nothing is stored when one of them is refused.
    """
    kept = _kept(request)
    sent: list[tuple[str, UploadedFile]] = [("", each) for each in request.FILES.getlist(field)]
    if form is not None:
        for name, asked in form.questions.items():
            if asked.question.type in FILE_TYPES:
                sent += [(name, each) for each in request.FILES.getlist(PREFIX + name)]
    problem = _problem(sent, len(kept), form)
    if problem is not None:
        return Taken(tuple(kept), tuple(map(_token, kept)), problem)
    now = door.office().clock()
    for question, each in sent:
        kept.append(
            door.office().files.put(
                each.file,  # type: ignore[arg-type]
                name=_name(each),
                media_type=_media_type(each),
                now=now,
                question=question,
            )
        )
    return Taken(tuple(kept), tuple(map(_token, kept)))


def _kept(request: HttpRequest) -> list[File]:
    kept: list[File] = []
    for token in request.POST.getlist("_file")[:MOST]:
        try:
            kept.append(msgspec.convert(signing.loads(token, salt=_SALT, max_age=24 * 3600), File))
        except (signing.BadSignature, msgspec.ValidationError):
            continue
    return kept


def _token(file: File) -> str:
    return signing.dumps(msgspec.to_builtins(file), salt=_SALT)


def _problem(sent: Sequence[tuple[str, UploadedFile]], kept: int, form: PlanForm | None) -> Problem | None:
    links: list[tuple[str, Text | None, Text]] = []
    for question, each in sent:
        wrong: Text | None = None
        photos = form is not None and question and form.questions[question].question.type == "photos"
        media_type = _media_type(each)
        if not each.size:
            wrong = text("upload.empty", name=_name(each))
        elif each.size > LARGEST:
            wrong = text("upload.large", name=_name(each), limit=LARGEST // 1024 // 1024)
        elif media_type not in KINDS or (photos and not media_type.startswith("image/")):
            wrong = text("upload.kind", name=_name(each))
        elif not _begins_as(each, media_type):
            wrong = text("upload.content", name=_name(each))
        if wrong is not None:
            links.append((PREFIX + question if question else "files", None, wrong))
    if len(sent) + kept > MOST:
        links.append(("main", None, text("upload.many", limit=MOST)))
    return Problem(text=text("upload.problem"), links=tuple(links)) if links else None


def _name(file: UploadedFile) -> str:
    """Return the file's own name without any path and without signs that do not show."""
    name = (file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in name if sign.isprintable())[-120:] or "file"


def _media_type(file: UploadedFile) -> str:
    """Return the type by the name: what the browser claims is not asked."""
    name = _name(file).lower()
    if name.endswith((".heic", ".heif")):
        return "image/heic"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _begins_as(file: UploadedFile, media_type: str) -> bool:
    beginnings = _BEGINNINGS.get(media_type)
    if beginnings is None:
        return True
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    return bytes(head).startswith(beginnings)
