"""Territories, boundaries and service points.

Pure: everything here reads the packaged files and nothing else. ``zhuoli.office.directory`` serves the territories
that the database holds.
"""

from zhuoli.places.address import certain, find
from zhuoli.places.boundaries import Area, Boundaries, locate, packaged_boundaries, read_boundaries
from zhuoli.places.divisions import Division, packaged_divisions, read_divisions
from zhuoli.places.drawing import Map, Shape, draw, packaged_map
from zhuoli.places.index import Places
from zhuoli.places.mistakes import BadPlaces

__all__ = [
    "Area",
    "BadPlaces",
    "Boundaries",
    "Division",
    "Map",
    "Places",
    "Shape",
    "certain",
    "draw",
    "find",
    "locate",
    "packaged_boundaries",
    "packaged_divisions",
    "packaged_map",
    "read_boundaries",
    "read_divisions",
]
