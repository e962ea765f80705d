"""What a server does before somebody asks for figures, so that the first one does not wait."""

from __future__ import annotations

import logging

from django.db import connections

from zhuoli.web.figures import charts
from zhuoli.web.figures.tables import figures

LOG = logging.getLogger("zhuoli.web.figures")


def warm() -> None:
    """Count, and begin the drawing machine. What goes wrong is logged: whoever asks first will be told."""
    try:
        charts.warm()
        figures().counted()
    except Exception:
        LOG.exception("figures could not be made ready beforehand")
    finally:
        connections.close_all()
