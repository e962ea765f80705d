"""Whoever wants to stop is heard, also in the middle of something that takes whatever goes wrong for a failed attempt."""

from __future__ import annotations

import os
import signal

import pytest

from zhuoli.demo.running import Stop, stoppable


def test_a_wish_to_stop_is_no_failed_attempt() -> None:
    swallowed = False
    with pytest.raises(Stop), stoppable():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except Exception:  # noqa: BLE001 - as the worker does around a capability
            swallowed = True
    assert not swallowed
