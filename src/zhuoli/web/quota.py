"""A request that is too large for any form is turned away before it fills the disk; so are more than people make."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse

from zhuoli.channels.attachments.examiner import LARGEST
from zhuoli.web import when
from zhuoli.web.address import client_address
from zhuoli.web.errors import too_many
from zhuoli.web.uploads import MOST

MOST_BYTES = LARGEST * MOST + 4 * 1024 * 1024
"""All files of one form, and its words."""


MINUTE = 60_000
"""Requests are counted by the minute (ms)."""

View = Callable[..., HttpResponse]


def at_most(each_minute: int) -> Callable[[View], View]:
    """Answer 429 to an address that asks a page more often than that in a minute.

    Meant for what scripts of ours ask while somebody types: an office behind one address must have room, so this stops a
    flood and nothing else.
    """

    def limit(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
            if over(request, view.__name__, each_minute):
                return too_many(request)
            return view(request, *args, **more)

        return limited

    return limit


def over(request: HttpRequest, what: str, each_minute: int) -> bool:
    """Count that an address asks for something, and say whether that is more often than so often in a minute."""
    address = hashlib.sha256(client_address(request).encode()).hexdigest()[:24]
    counter = f"asked.{what}.{address}.{when.now() // MINUTE}"
    asked = cache.get(counter, 0)
    if asked >= each_minute:
        return True
    cache.set(counter, asked + 1, 2 * MINUTE // 1000)
    return False


class QuotaHandler(FileUploadHandler):
    """Stands before Django's own handlers and only looks at the announced size."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Refuse what is announced as larger than any form can be.

        Raises:
            RequestDataTooBig: answered with the page for impossible requests.
        """
        if content_length > MOST_BYTES:
            raise RequestDataTooBig(f"{content_length} bytes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass everything on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
