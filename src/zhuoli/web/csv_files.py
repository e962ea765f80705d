"""Tables that people and programs take away as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from zhuoli.core.text import Text
from zhuoli.web.downloads import named


def csv_file(name: Text, rows: Iterable[Sequence[Any]], lang: str) -> HttpResponse:
    """Return rows, the headings first, as a CSV file called ``name``: UTF-8 with a mark, so that Excel reads the Chinese."""
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    response = HttpResponse("\ufeff" + target.getvalue(), content_type="text/csv; charset=utf-8")
    named(response, name, "csv", lang, attached=True)
    return response
