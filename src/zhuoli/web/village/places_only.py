"""Places and hazards only: what is typed into a round must not name anybody.

Signs that point to one person or one vehicle are found by their form: telephone numbers, identity numbers (GB 11643), plates
(GA 36). Names cannot be told from words by a machine; the hint beside the field, the station and the form say it.
"""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(
    r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)"
)
_PLATE = re.compile(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-Z][·.\s]?(?=[A-Z0-9]*\d)[A-Z0-9]{5,6}(?![A-Z0-9])",
    re.IGNORECASE,
)


def names_somebody(said: str) -> bool:
    """Whether the words hold a telephone number, an identity number or a plate."""
    plain = unicodedata.normalize("NFKC", said)
    packed = re.sub(r"(?<=\d)[\s-](?=\d)", "", plain)
    return bool(_NUMBER.search(packed) or _NUMBER.search(plain) or _PLATE.search(plain))
