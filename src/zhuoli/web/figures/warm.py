"""What a server does before somebody asks for figures, so that the first one does not wait."""

from __future__ import annotations

import logging
from contextlib import suppress

from django.db import connections
from django.template.loader import get_template
from django.urls import get_resolver

from zhuoli.office.errors import BeingCounted
from zhuoli.places import packaged_map
from zhuoli.web import door
from zhuoli.web.figures import charts, maps
from zhuoli.web.figures.tables import figures

LOG = logging.getLogger("zhuoli.web.figures")


def warm() -> None:
    """Count, begin the drawing machine, read addresses, templates and places. What goes wrong is logged, and told to who asks first."""
    try:
        with suppress(BeingCounted):  # goes on beside
            figures().counted()
        charts.warm()
        _ = get_resolver().url_patterns  # brings in the modules of all pages
        get_template("figures/figures.html")
        door.places()
        packaged_map(maps.WIDTH)
    except Exception:
        LOG.exception("figures could not be made ready beforehand")
    finally:
        connections.close_all()
