"""Parts of copies as they leave the house: key frames and the playback copy, of which a browser may ask for a range."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from zhuoli.core.case.state import Case
from zhuoli.evidence import bundle
from zhuoli.store.files import PIECE
from zhuoli.web import door
from zhuoli.web.context import asked
from zhuoli.web.errors import not_found
from zhuoli.web.files import KEPT, guarded
from zhuoli.web.wording import text

Response = TypeVar("Response", bound=HttpResponseBase)
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_PART = re.compile(r"frame-(\d{1,2})|playback")


def give_part(request: HttpRequest, case: Case, original: str, part: str) -> HttpResponseBase:
    """Give a part of the copy of an original.

    Raises:
        BadRequestPage: 404, there is none.
    """
    matched = _PART.fullmatch(part)
    file, report = _copy(case, original)
    if matched is None or report is None:
        raise not_found(text("error.no_file"))
    if part == "playback":
        return _playback(request, case, file, report)
    place = int(matched[1])
    if place >= len(report.frames):
        raise not_found(text("error.no_file"))
    frame = report.frames[place]
    data = b"".join(_bytes(case, file, report.head + frame.start, frame.size))
    return _kept(request, HttpResponse(data, content_type="image/jpeg"))


def _copy(case: Case, original: str) -> tuple[str, bundle.Report | None]:
    for file, attachment in case.files.items():
        if attachment.media_type != bundle.MEDIA_TYPE:
            continue
        try:
            report = bundle.open_head(door.office().files.read(file, case.id))
        except (FileNotFoundError, bundle.NoBundle):
            continue
        if report.original == original:
            return file, report
    return "", None


def _playback(request: HttpRequest, case: Case, file: str, report: bundle.Report) -> HttpResponseBase:
    size = report.playback_size
    if not size:
        raise not_found(text("error.no_file"))
    start, stop = 0, size
    wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
    if wanted and (wanted[1] or wanted[2]):
        start = int(wanted[1]) if wanted[1] else max(0, size - int(wanted[2]))
        stop = min(size, int(wanted[2]) + 1) if wanted[1] and wanted[2] else size
        if start >= stop:
            response = HttpResponse(status=416)
            response.headers["Content-Range"] = f"bytes */{size}"
            return response
    pieces = _bytes(case, file, report.head + report.playback_start + start, stop - start)
    answer = StreamingHttpResponse(pieces, content_type="video/mp4", status=206 if wanted else 200)
    answer.headers["Content-Length"] = str(stop - start)
    answer.headers["Accept-Ranges"] = "bytes"
    if wanted:
        answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return _kept(request, answer)


def _bytes(case: Case, file: str, start: int, size: int) -> Iterator[bytes]:
    return bundle.part(door.office().files.read(file, case.id, start), start % PIECE, size)


def _kept(request: HttpRequest, response: Response) -> Response:
    """Let this browser alone keep it for a while, for whoever is signed in now."""
    asked(request).public = True
    response.headers["Cache-Control"] = f"private, max-age={KEPT}"
    response.headers["Vary"] = "Cookie"
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return guarded(response)
