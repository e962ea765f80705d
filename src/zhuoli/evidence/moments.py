"""Which moments of a video are worth looking at: where the picture is jolted, where its motion breaks, where it is cut.

Pure arithmetic on small grey pictures (160 by 90). Three signals are followed from one picture to the next:

* *jolt*: how much the shift of the whole picture differs from the shift before (phase correlation); a blow moves the
  camera, or stops what was moving, within one or two pictures, and braking does not;
* *shaking*: the jolts of a fifth of a second together;
* *break*: by how much the strongest local change differs in the quarter of a second after and before;
* *cut*: the share of the picture that changes at once.

It proposes pictures; it does not say what happened. How well it does is measured in ``benchmarks/video.py``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from zhuoli.evidence.kinds import Why

WIDE, TALL = 160, 90
APART = 0.45
"""Seconds between two moments of one kind."""
HALF = 6
"""Pictures on either side that a moment is compared with."""
_MOST_JOLT = 12.0
_WINDOW = cv2.createHanningWindow((WIDE, TALL), cv2.CV_32F)
_QUOTA = {"jolt": 4, "shaking": 3, "break": 3}
_ALARM = 9.0
"""How many times its usual size a jolt must have for the moment to be marked as a possible impact."""

Grey = NDArray[np.float32]


class Moment(msgspec.Struct, frozen=True):
    """A moment: the picture's number, its instant (s), why it was chosen, how strong; ``alarm`` marks a possible impact."""

    number: int
    at: float
    why: Why
    strength: float
    alarm: bool = False


class Signals:
    """Follows a video, picture by picture, and knows the signals so far."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self.jolt: list[float] = []
        self.top: list[float] = []
        self.cut: list[float] = []
        self._before: Grey | None = None
        self._shift = (0.0, 0.0)

    def see(self, small: Grey, at: float) -> None:
        """Take the next picture (``TALL`` by ``WIDE``, 0 to 255) and its instant (s)."""
        jolt = top = cut = 0.0
        if self._before is not None:
            (right, down), _ = cv2.phaseCorrelate(self._before, small, _WINDOW)
            jolt = min(_MOST_JOLT, float(np.hypot(right - self._shift[0], down - self._shift[1])))
            self._shift = (right, down)
            turn = np.array([[1, 0, right], [0, 1, down]], np.float32)
            moved = cv2.warpAffine(self._before, turn, (WIDE, TALL), borderMode=cv2.BORDER_REPLICATE)
            rest = cv2.absdiff(small, moved)
            blocks = cv2.resize(rest, (16, 9), interpolation=cv2.INTER_AREA).ravel()
            top = float(np.partition(blocks, -8)[-8:].mean())
            cut = float(np.count_nonzero(rest > 40) / rest.size)
        self._before = small
        self.at.append(at)
        self.jolt.append(jolt)
        self.top.append(top)
        self.cut.append(cut)

    def latest(self) -> dict[Why, float]:
        """Return how strong each signal was ``HALF`` pictures ago; empty while there are too few."""
        middle = len(self.at) - 1 - HALF
        if middle < HALF:
            return {}
        after, before = self.top[middle : middle + HALF], self.top[middle - HALF : middle]
        return {
            "jolt": self.jolt[middle],
            "shaking": sum(self.jolt[middle - 2 : middle + 3]) / 5,
            "break": abs(float(np.log((np.median(after) + 0.5) / (np.median(before) + 0.5)))),
            "cut": self.cut[middle],
        }


class Chooser:
    """Keeps the strongest moments of each kind while the video goes by, so that their pictures can be kept in time."""

    def __init__(self, kept: int = 8) -> None:
        self._kept = kept
        self._best: dict[Why, list[Moment]] = {"jolt": [], "shaking": [], "break": [], "cut": []}

    def offer(self, number: int, at: float, strengths: dict[Why, float]) -> bool:
        """Offer a moment; return whether it is among the strongest of a kind so far, so that its picture is needed."""
        taken = False
        for why, strength in strengths.items():
            if why == "cut" and strength < 0.6:
                continue
            best = self._best[why]
            near = next((each for each in best if abs(each.at - at) < APART), None)
            if near is not None:
                if near.strength >= strength:
                    continue
                best.remove(near)
            elif len(best) >= self._kept and best[-1].strength >= strength:
                continue
            best.append(Moment(number, at, why, strength))
            best.sort(key=lambda each: -each.strength)
            del best[self._kept :]
            taken = True
        return taken

    def wanted(self) -> set[int]:
        """Return the numbers of the pictures that may still be chosen."""
        return {each.number for best in self._best.values() for each in best}

    def choose(self, signals: Signals, most: int, first: Moment, last: Moment) -> list[Moment]:
        """Return at most ``most`` moments in the order of time, first and last picture among them."""
        usual = float(np.median(signals.jolt)) + 0.05 if signals.jolt else 1.0
        found = [first]
        rest: list[Moment] = []
        for why, quota in (("cut", 1), *_QUOTA.items()):
            added = 0
            for each in self._best[why]:  # type: ignore[index]
                alarm = why == "jolt" and added == 0 and each.strength > max(2.0, _ALARM * usual)
                moment = msgspec.structs.replace(each, alarm=alarm)
                if any(abs(other.at - each.at) < APART / 2 for other in found):
                    continue
                if added < quota:
                    found.append(moment)
                    added += 1
                else:
                    rest.append(moment)
        for moment in rest:
            if len(found) >= most - 1:
                break
            if all(abs(other.at - moment.at) >= APART for other in found):
                found.append(moment)
        found = found[: most - 1]
        if all(last.at - each.at > APART / 2 for each in found):
            found.append(last)
        return sorted(found, key=lambda each: each.at)


def small_copy(luma: NDArray[np.uint8]) -> Grey:
    """Return a picture's brightness as the small grey picture that the signals are made of."""
    step = max(1, min(luma.shape[1] // (2 * WIDE), luma.shape[0] // (2 * TALL)))
    return cv2.resize(luma[::step, ::step], (WIDE, TALL), interpolation=cv2.INTER_AREA).astype(np.float32)


def sharpness(small: Grey) -> float:
    """Return how sharp a small picture is: the variance of its Laplacian (Pech-Pacheco et al., ICPR 2000)."""
    return float(cv2.Laplacian(small, cv2.CV_32F).var())


def sharpest(near: Sequence[tuple[int, float]] | deque[tuple[int, float]]) -> int:
    """Return which of several pictures (number, sharpness) is the sharpest."""
    return max(near, key=lambda each: each[1])[0]
