"""Whoever wants to stop is heard, also in the middle of something that takes whatever goes wrong for a failed attempt."""

from __future__ import annotations

import os
import signal

import pytest

from zhuoli.cli.demo_running import Stop, stoppable


def attempt() -> None:
    """Do as the worker does around a capability."""
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except Exception:  # noqa: BLE001 - whatever it was
        pytest.fail("taken for a failed attempt")


def test_a_wish_to_stop_is_no_failed_attempt() -> None:
    with stoppable(), pytest.raises(Stop):
        attempt()
