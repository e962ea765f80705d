"""Tables that people and programs take away as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def csv_file(name: str, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return rows, the headings first, as ``name``.csv: UTF-8 with a mark, so that Excel reads the Chinese."""
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    response = HttpResponse("\ufeff" + target.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or "attachment"
    return response
