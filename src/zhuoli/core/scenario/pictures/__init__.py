"""Pictures that a scenario describes in a few words (``pictures.yaml``), drawn as SVG: people point at what happened.

picture_svg(scenario.pictures["rear_end"], "zh", ident="p-rear_end")
"""

from zhuoli.core.scenario.pictures.drawing import picture_svg

__all__ = ["picture_svg"]
