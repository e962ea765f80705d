"""What a file that the program makes is called when people take it away: in the language of the page they took it from."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from django.http import HttpResponseBase

from zhuoli.core.text import Text

LONGEST = 80
"""So many characters of a name are kept, beside its ending."""
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\s]+')
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._]+")


def named(response: HttpResponseBase, name: Text, ending: str, lang: str, *, attached: bool) -> None:
    """Call the file of a response ``name`` with ``ending`` (``csv``); ``attached``: to be kept, not shown.

    The plain name is the English one in ASCII; Chinese stands beside it as RFC 6266 has it (``filename*``).
    """
    kind = "attachment" if attached else "inline"
    plain = f"{plain_name(name.en)}.{ending}"
    said = f'{kind}; filename="{plain}"'
    if lang.startswith("zh"):
        said += f"; filename*=UTF-8''{quote(f'{chinese_name(name.zh)}.{ending}', safe='')}"
    response.headers["Content-Disposition"] = said


def plain_name(english: str) -> str:
    """A name of ASCII letters, digits, dots, hyphens and underscores; ``file`` where nothing is left of it."""
    letters = unicodedata.normalize("NFKD", english).encode("ascii", "ignore").decode()
    return _NOT_PLAIN.sub("-", letters).strip("-._")[:LONGEST].strip("-._") or "file"


def chinese_name(name: str) -> str:
    """A name that every system of files takes: without signs that one of them gives a meaning."""
    return _NOT_IN_NAMES.sub("-", name).strip("-. ")[:LONGEST].strip("-. ") or "文件"
