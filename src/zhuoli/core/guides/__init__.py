"""Service guides: what an office does for people, who may ask, with which papers, how long, at what fee, on what ground.

They are sheets that an office keeps in Excel, in the folder ``services/``. This room reads and checks them; it shows nothing.
"""

from zhuoli.core.guides.model import Catalogue, Citation, Guide, Theme
from zhuoli.core.guides.read import read_catalogue

__all__ = ["Catalogue", "Citation", "Guide", "Theme", "read_catalogue"]
