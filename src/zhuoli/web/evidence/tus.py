"""Uploads that go on where they stopped: the tus protocol 1.0.0, core with creation, expiration and termination.

A sender names each upload by a key of its own (``key`` in Upload-Metadata); the same key is the same upload, so whatever is
asked twice is done once. Beside the protocol an answer carries ``Upload-Outcome`` once everything has arrived: ``taken``
(with ``Upload-Sha256``), or the reason why it is not evidence.
https://tus.io/protocols/resumable-upload (1.0.0, 2016-03-25).
"""

from __future__ import annotations

import base64
import binascii
import uuid
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import BinaryIO, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from zhuoli.evidence.kinds import LARGEST
from zhuoli.store.incoming import Head, InUse, TooMuch, Upload, WrongOffset
from zhuoli.web import door
from zhuoli.web.evidence import sender as senders
from zhuoli.web.evidence.sender import Sender
from zhuoli.web.evidence.taking import MOST_OPEN, incoming, take_upload, why_not

VERSION = "1.0.0"
BYTES = "application/offset+octet-stream"
LIFE = 24 * 3600 * 1000
"""How long (ms) an unfinished upload is kept."""


@require_http_methods(["OPTIONS", "POST"])
def create_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """Begin an upload for the holder of a receipt."""
    return _create(request, senders.of_receipt(request, receipt))


@require_http_methods(["OPTIONS", "POST"])
def link_create_page(request: HttpRequest, token: str) -> HttpResponse:
    """Begin an upload for whoever has a link."""
    return _create(request, senders.of_link(request, token))


@require_http_methods(["HEAD", "PATCH", "DELETE"])
def upload_page(request: HttpRequest, receipt: str, upload: str) -> HttpResponse:
    """Go on with an upload of the holder of a receipt."""
    return _upload(request, senders.of_receipt(request, receipt), upload)


@require_http_methods(["HEAD", "PATCH", "DELETE"])
def link_upload_page(request: HttpRequest, token: str, upload: str) -> HttpResponse:
    """Go on with an upload of whoever has a link."""
    return _upload(request, senders.of_link(request, token), upload)


def _create(request: HttpRequest, sender: Sender) -> HttpResponse:
    if request.method == "OPTIONS":
        return _answer(
            204,
            {
                "Tus-Version": VERSION,
                "Tus-Extension": "creation,expiration,termination",
                "Tus-Max-Size": str(LARGEST),
            },
        )
    if request.headers.get("Tus-Resumable") != VERSION:
        return _answer(412, {"Tus-Version": VERSION})
    if not sender.may_add:
        return _refused("refused", 409)
    length = _number(request.headers.get("Upload-Length", ""))
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    key, shot = _key(said.get("key", "")), said.get("shot", "")
    if length is None or key is None or shot not in sender.shots.questions:
        return _answer(400)
    if length == 0:
        return _refused("empty", 400)
    if length > LARGEST:
        return _refused("large", 413)
    folder, now = incoming(), door.office().clock()
    head = Head(
        case=sender.case.id,
        party=sender.actor.party,
        key=key,
        shot=shot,
        name=_name(said.get("filename", "")),
        length=length,
        made=now,
        expires=now + LIFE,
    )
    known = folder.find(folder.name(head.case, head.party, key))
    if known is None and len(folder.of(head.case, head.party)) >= MOST_OPEN:
        return _refused("many", 429)
    upload = folder.create(head)
    if upload.head.length != length:
        return _answer(409)
    return _told(201, upload, {"Location": sender.url("upload", upload.id)})


def _upload(request: HttpRequest, sender: Sender, name: str) -> HttpResponse:
    if request.headers.get("Tus-Resumable") != VERSION:
        return _answer(412, {"Tus-Version": VERSION})
    folder = incoming()
    upload = folder.find(name)
    if upload is None or (upload.head.case, upload.head.party) != (sender.case.id, sender.actor.party):
        return _answer(404)
    if upload.head.expires <= door.office().clock():
        folder.drop(name)
        return _answer(410)
    if request.method == "HEAD":
        return _told(200, upload, {"Upload-Length": str(upload.head.length)})
    if request.method == "DELETE":
        folder.drop(name)
        return _answer(204)
    return _append(request, sender, upload)


def _append(request: HttpRequest, sender: Sender, upload: Upload) -> HttpResponse:
    offset = _number(request.headers.get("Upload-Offset", ""))
    if upload.head.outcome:
        return _told(204, upload) if offset == upload.offset else _answer(409)
    if request.content_type != BYTES:
        return _answer(415)
    if offset is None:
        return _answer(400)
    folder = incoming()
    try:
        have = folder.append(upload, offset, cast(BinaryIO, request))
        now = Upload(upload.id, upload.head, have)
        if have == upload.head.length:
            now = take_upload(sender, now)
            if not now.head.outcome:
                return _refused("busy", 503)
    except WrongOffset:
        return _answer(409)
    except InUse:
        return _answer(423)
    except TooMuch:
        return _answer(413)
    except FileNotFoundError:
        return _answer(404)
    return _told(204, now)


def _told(status: int, upload: Upload, more: dict[str, str] | None = None) -> HttpResponse:
    head = upload.head
    said = {"Upload-Offset": str(upload.offset), **(more or {})}
    if head.outcome:
        said["Upload-Outcome"] = head.outcome
        if head.sha256:
            said["Upload-Sha256"] = head.sha256
    else:
        said["Upload-Expires"] = format_datetime(
            datetime.fromtimestamp(head.expires / 1000, UTC), usegmt=True
        )
    return _answer(status, said)


def _answer(status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    response = HttpResponse(status=status)
    for name, value in {"Tus-Resumable": VERSION, "Cache-Control": "no-store", **(headers or {})}.items():
        response.headers[name] = value
    return response


def _refused(reason: str, status: int) -> HttpResponse:
    said = why_not(reason)
    response = JsonResponse({"reason": reason, "zh": said.zh, "en": said.en}, status=status)
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Upload-Outcome"] = reason
    return response


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 16 else None


def _key(written: str) -> str | None:
    try:
        return str(uuid.UUID(written))
    except ValueError:
        return None


def _metadata(written: str) -> dict[str, str]:
    """Return the pairs of Upload-Metadata; what cannot be read is left out."""
    found: dict[str, str] = {}
    for pair in written[:4000].split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


def _name(written: str) -> str:
    """Return a file's own name without any path and without signs that do not show."""
    name = written.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in name if sign.isprintable())[-120:] or "evidence"
