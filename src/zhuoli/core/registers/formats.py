"""The standards by which a value of a register is checked, as regular expressions and weights.

Plates: GA 36-2018; unified social credit codes: GB 32100-2015; identity numbers: GB 11643-1999; divisions: statistical codes.
"""

from __future__ import annotations

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SIGN = "[A-HJ-NP-Z0-9]"

PLATE = (
    f"[{_PROVINCES}][A-HJ-NP-Z](?:{_SIGN}{{4}}[A-HJ-NP-Z0-9挂学警港澳]"
    f"|[A-HJK]{_SIGN}[0-9]{{4}}|[0-9]{{5}}[A-HJK])"
)
"""A number plate; the last two forms are those of vehicles of new energy, small and large."""

DIVISION = "[1-9][0-9]{11}"
CREDIT_CODE = "[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}"
RESIDENT_ID = "[1-9][0-9]{16}[0-9X]"

CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
RESIDENT_SIGNS = "10X98765432"
RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
