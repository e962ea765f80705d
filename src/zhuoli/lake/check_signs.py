"""The check sign at the end of a code, for a whole column at once: which values have the form and the right last sign.

A value is looked at as bytes: each place has its signs, each sign its value, each place its weight. The sum over the
first 17 places says what the eighteenth must be (GB 32100-2015; GB 11643-1999). Small letters count as capitals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhuoli.core.registers import formats

LENGTH = 18
_NO = -1


@dataclass(frozen=True)
class Scheme:
    """``values`` gives, for each place and byte, the sign's value or -1; ``wanted`` the value of the last sign by the sum's rest."""

    values: np.ndarray
    weights: np.ndarray
    wanted: np.ndarray


def right(column: pa.ChunkedArray | pa.Array, scheme: Scheme) -> pa.ChunkedArray:
    """Tell of each value whether it has 18 signs, each allowed in its place, and the right one at the end; not filled in is False."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return pa.chunked_array([pa.array(_right(chunk, scheme)) for chunk in chunks], pa.bool_())


def _right(array: pa.Array, scheme: Scheme) -> np.ndarray:
    found = np.zeros(len(array), dtype=bool)
    lengths = pc.fill_null(pc.binary_length(array), 0).to_numpy(zero_copy_only=False)
    at = np.flatnonzero(lengths == LENGTH)
    if at.size:
        body = array if at.size == len(array) else array.take(pa.array(at))
        fixed = pc.cast(pc.cast(body, pa.binary()), pa.binary(LENGTH))
        start = fixed.offset * LENGTH
        signs = np.frombuffer(fixed.buffers()[1], np.uint8)[start : start + at.size * LENGTH]
        found[at] = _sums_right(signs.reshape(-1, LENGTH), scheme)
    return found


def _sums_right(signs: np.ndarray, scheme: Scheme) -> np.ndarray:
    total = np.zeros(len(signs), np.int16)
    allowed = np.ones(len(signs), dtype=bool)
    for place, weight in enumerate(scheme.weights):
        value = scheme.values[place][signs[:, place]]
        allowed &= value >= 0
        total += value * weight
    last = scheme.values[LENGTH - 1][signs[:, LENGTH - 1]]
    answer: np.ndarray = allowed & (last == scheme.wanted[total % len(scheme.wanted)])
    return answer


def _values(places: list[str]) -> np.ndarray:
    table = np.full((LENGTH, 256), _NO, np.int16)
    for place, signs in enumerate(places):
        for value, sign in enumerate(signs):
            table[place, ord(sign)] = table[place, ord(sign.lower())] = value
    return table


CREDIT = Scheme(
    values=_values(["0123456789"] * 8 + [formats.CREDIT_SIGNS] * 10),
    weights=np.array(formats.CREDIT_WEIGHTS, np.int16),
    wanted=np.array([(31 - rest) % 31 for rest in range(31)], np.int16),
)
RESIDENT = Scheme(
    values=_values(["\x00123456789", *["0123456789"] * 16, "0123456789X"]),
    weights=np.array(formats.RESIDENT_WEIGHTS, np.int16),
    wanted=np.array(["0123456789X".index(sign) for sign in formats.RESIDENT_SIGNS], np.int16),
)
