"""Series whose truth is known."""

from __future__ import annotations

from typing import Any

import numpy as np

from zhuoli.evaluate.series import Kind, Series

MONTH = 2020 * 12


def series(values: Any, kind: Kind = "count", **more: tuple[float, ...]) -> Series:
    return Series(period="month", start=MONTH, kind=kind, values=tuple(map(float, values)), **more)


def made(seed: int, length: int, at: int, mean: float, effect: float, rho: float = 0.0) -> Any:
    """Counts with season, trend, neighbours that resemble each other, and a change of ``effect`` at ``at``."""
    chance = np.random.default_rng(seed)
    noise = np.zeros(length)
    for now in range(1, length):
        noise[now] = rho * noise[now - 1] + np.sqrt(1 - rho**2) * chance.normal(0, 0.1 if rho else 0.0)
    month = np.arange(length)
    level = 0.15 * np.cos(np.pi * month / 6) + 0.005 * month + noise + np.log1p(effect) * (month >= at)
    return np.asarray(chance.poisson(mean * np.exp(level)), dtype=float)
