"""A request that is too large for any form is turned away before it fills the disk."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from zhuoli.channels.attachments.examiner import LARGEST
from zhuoli.web.uploads import MOST

MOST_BYTES = LARGEST * MOST + 4 * 1024 * 1024
"""All files of one form, and its words."""


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
