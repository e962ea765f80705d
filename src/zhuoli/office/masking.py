"""Personal data masked: in every record that is logged, in what is exported, and where the last digits help.

What is looked for are the forms of the standards: citizen identity numbers (GB 11643), unified social credit codes
(GB 32100), mobile numbers, number plates (GA 36) and e-mail addresses; and receipt codes behind their word. Digits next
to other letters or digits (a hash, a case id) are not taken for any of them. Rather too much is masked than too little.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from stdnum.cn import uscc

MASK = "****"

_PLATE_PLACES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_KINDS = (
    (
        "id",
        r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])",
    ),
    ("credit", r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])"),
    ("mobile", r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])"),
    (
        "plate",
        rf"[{_PLATE_PLACES}][A-HJ-Z][·• -]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳](?![0-9A-Za-z])",
    ),
    ("mail", r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
)
_ANY = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _KINDS))


def masked(kind: str, value: str) -> str:
    """Return what may be seen of a value of a kind of question: ``138****1234``, ``6201**********0012``, ``甘A****8``.

    Kinds are those of forms (``phone``, ``id_number``, ``credit_code``, ``plate``, ``email``); anything else is
    masked as a whole.
    """
    value = value.strip()
    if kind == "phone" and len(value) >= 7:
        return value[:3] + MASK + value[-4:] if len(value) >= 11 else MASK + value[-2:]
    if kind == "id_number" and len(value) == 18:
        return value[:4] + "*" * 10 + value[-4:]
    if kind == "credit_code" and len(value) == 18:
        return value[:2] + "*" * 12 + value[-4:]
    if kind == "plate" and len(value) >= 7:
        return value[:2] + MASK + value[-1:]
    if kind == "email" and "@" in value:
        name, _, domain = value.partition("@")
        return name[:1] + MASK + "@" + domain
    return MASK if value else ""


def mask(text: str) -> str:
    """Return a text with everything that looks like personal data replaced by a mask, for logs and exports."""
    return _ANY.sub(_replaced, text)


def _replaced(found: re.Match[str]) -> str:
    # The id of a case has 18 digits, too: a credit code of digits alone must have the right check digit.
    code = found["credit"]
    return found[0] if code and code.isdigit() and not uscc.is_valid(code) else MASK


def mask_cell(value: Any) -> Any:
    """Return a cell of an export with what is personal masked; numbers and None stay as they are."""
    return mask(value) if isinstance(value, str) else value


class MaskingFilter(logging.Filter):
    """Masks the message, its arguments and the traceback of every record of a handler; lets every record through."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite a record so that nothing personal is written."""
        try:
            said = record.getMessage()
        except Exception:  # noqa: BLE001 - a bad format must not lose the record
            said = f"{record.msg} {record.args}"
        record.msg, record.args = mask(said), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        for name, value in list(vars(record).items()):
            if name not in _STANDARD:
                setattr(record, name, _extra(value))
        return True


_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def _extra(value: Any) -> Any:
    """Mask what was handed along with a record; a request keeps nothing but its masked address."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, int | float | bool) or value is None:
        return value
    if isinstance(value, Mapping):
        return {key: _extra(each) for key, each in value.items()}
    return mask(str(value))
