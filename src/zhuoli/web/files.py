"""Files of a case as they leave the house: as downloads, and pictures as small copies to look at.

Nothing that somebody has brought can act as one of our pages: it is sent as a download of no type, or as a picture
that we have drawn ourselves, and in either case with a policy that forbids everything.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header

from zhuoli.channels.attachments.small import small_copy
from zhuoli.core.case.notices import ANNEX, SKETCH, filed_name
from zhuoli.core.case.state import Attachment, Case
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.evidence import bundle
from zhuoli.web import door
from zhuoli.web.context import asked
from zhuoli.web.errors import not_found
from zhuoli.web.wording import text

SIZES = ("small", "full")
DRAWN = ("image/jpeg", "image/png")
NOTICE = "text/markdown"
"""Documents that we have issued are filed as text and given as PDF."""
KEPT = 3600
"""Seconds for which a browser keeps a picture for itself, and for which looking again is the same look."""
Response = TypeVar("Response", bound=HttpResponseBase)
_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def give_file(case: Case, file: str) -> HttpResponseBase:
    """Give the plain bytes of a file, always as a download, never shown inside our pages; ``case`` is opened.

    Raises:
        BadRequestPage: 404, the case has no such file, or it was erased.
    """
    return _download(case, file, attachment_of(case, file))


def give_original(case: Case, file: str) -> HttpResponseBase:
    """Give an original of evidence as it was brought, as a download; ``case`` is opened.

    Raises:
        BadRequestPage: 404, the case has no such original, or it was erased.
    """
    attachment = case.files.get(file)
    if attachment is None or not attachment.question.startswith(f"{EVIDENCE}."):
        raise not_found(text("error.no_file"))
    return _download(case, file, attachment)


def _download(case: Case, file: str, attachment: Attachment) -> HttpResponseBase:
    try:
        pieces = door.office().files.read(file, case.id)
    except FileNotFoundError:
        raise not_found(text("error.no_file")) from None
    response = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    response.headers["Content-Length"] = str(attachment.size)
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, attachment.name) or "attachment"
    )
    return guarded(response)


def shown(case: Case, lang: str, page: str, key: object) -> list[dict[str, Any]]:
    """Return the files of an opened case for ``parts/files.html``; ``page`` is ``progress`` or ``desk``."""

    def address(name: str, *rest: str) -> str:
        return reverse(f"{page}.{name}", args=(lang, key, *rest))

    def paper(attachment: Attachment) -> bool:
        return attachment.media_type.startswith(NOTICE)

    plan = door.plan_of(case)

    return [
        {
            "name": filed_name(plan, attachment.name).in_language(lang)
            if paper(attachment)
            else attachment.name,
            "paper": paper(attachment),
            "size": attachment.size,
            "url": reverse("notice.pdf" if page == "progress" else "desk.notice", args=(lang, key, file))
            if paper(attachment)
            else address("file", file),
            "picture": address("picture", file, "small") if is_picture(attachment) else "",
            "full": address("picture", file, "full") if is_picture(attachment) else "",
        }
        for file, attachment in case.files.items()
        if not is_evidence(attachment)
    ]


def is_evidence(attachment: Attachment) -> bool:
    """Whether a file is no paper of its own: evidence and sketches have their pages, an annex belongs to a paper."""
    return attachment.question.startswith(f"{EVIDENCE}.") or attachment.media_type in (
        bundle.MEDIA_TYPE,
        SKETCH,
        ANNEX,
    )


def is_picture(attachment: Attachment) -> bool:
    """Whether a file can be shown as a picture."""
    return attachment.media_type in DRAWN


def give_picture(request: HttpRequest, case: Case, file: str, size: str) -> HttpResponse:
    """Show a picture of a case, small or as it is kept.

    Raises:
        BadRequestPage: 404, the case has no such picture, or it was erased.
    """
    attachment = attachment_of(case, file)
    if size not in SIZES or not is_picture(attachment):
        raise not_found(text("error.no_file"))
    try:
        data = b"".join(door.office().files.read(file, case.id))
    except FileNotFoundError:
        raise not_found(text("error.no_file")) from None
    media_type = attachment.media_type
    if size == "small":
        small = small_copy(data)
        if small is None:
            raise not_found(text("error.no_file"))
        data, media_type = small, "image/jpeg"
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = "inline"
    # Kept by this browser alone, and only for whoever is signed in now.
    asked(request).public = True
    response.headers["Cache-Control"] = f"private, max-age={KEPT}"
    response.headers["Vary"] = "Cookie"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return guarded(response)


def attachment_of(case: Case, file: str) -> Attachment:
    """Return what the case knows of a file.

    Raises:
        BadRequestPage: 404, it has none such.
    """
    attachment = case.files.get(file)
    if attachment is None or is_evidence(attachment):
        raise not_found(text("error.no_file"))
    return attachment


def guarded(response: Response) -> Response:
    """Forbid everything to what somebody has brought."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
