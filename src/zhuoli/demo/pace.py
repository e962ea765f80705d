"""How fast the living city goes, in commands a minute; here so that the command line need not start Django to say it."""

from __future__ import annotations

PACE = 20
"""Unless another pace is asked for."""
MOST_PACE = 120
"""The fastest: pages stay quick beside it (docs/operators/run.md has the figures)."""
