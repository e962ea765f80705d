"""The colours of pictures on paper, where no style sheet is: the light ones of ``static/css/pictures.css``."""

from __future__ import annotations

PRINTED = """
text { font-family: "Noto Sans SC" }
.pic-road { fill: #f0eeea; }
.pic-island, .pic-hill { fill: #d9d6cf; stroke: #8d8a84; stroke-width: 1; }
.pic-edge, .pic-solid, .pic-bay { fill: none; stroke: #8d8a84; stroke-width: 1.2; }
.pic-middle { fill: none; stroke: #8d8a84; stroke-width: 1.2; stroke-dasharray: 7 5; }
.pic-dash { fill: none; stroke: #8d8a84; stroke-width: 1; stroke-dasharray: 4 5; }
.pic-stop { fill: none; stroke: #8d8a84; stroke-width: 2.4; }
.pic-wall { fill: none; stroke: #4f5b66; stroke-width: 3; }
.pic-rail { fill: none; stroke: #1b2733; stroke-width: 1.4; }
.pic-sleeper { fill: none; stroke: #8d8a84; stroke-width: 2; }
.pic-zebra { fill: #8d8a84; }
.pic-sign { fill: none; stroke: #8d8a84; stroke-width: 1.2; }
.pic-way { fill: none; stroke-width: 1.8; stroke-linecap: round; stroke-dasharray: 1 3.4; }
.pic-head { fill: none; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.pic-way-a { stroke: #0b5c73; }
.pic-way-b { stroke: #1b2733; }
.pic-a { fill: #0b5c73; stroke: #084558; stroke-width: 1; }
.pic-b { fill: #ffffff; stroke: #1b2733; stroke-width: 1.6; }
.pic-c { fill: #d9d6cf; stroke: #8d8a84; stroke-width: 1; }
.pic-parked { stroke-dasharray: 3 2; }
.pic-glass-a { fill: #ffffff; opacity: 0.75; }
.pic-glass-b, .pic-glass-c { fill: #8d8a84; opacity: 0.6; }
.pic-bike { fill: none; stroke-width: 2.2; stroke-linecap: round; }
.pic-stroke-a { stroke: #0b5c73; }
.pic-stroke-b { stroke: #1b2733; }
.pic-rope { fill: none; stroke: #1b2733; stroke-width: 1; }
.pic-box { fill: #fdf3dc; stroke: #8a5a00; stroke-width: 1.2; }
.pic-door { fill: none; stroke: #084558; stroke-width: 2.4; stroke-linecap: round; }
.pic-case { fill: #4f5b66; }
.pic-lamp { fill: #ffffff; }
.pic-lamp-on { fill: #b3261e; stroke: #ffffff; stroke-width: 1; }
.pic-yield { fill: #ffffff; stroke: #b3261e; stroke-width: 2; }
.pic-bar { fill: none; stroke: #b3261e; stroke-width: 2.6; }
.pic-impact { fill: #fbe9e7; stroke: #b3261e; stroke-width: 1.4; stroke-linejoin: round; }
.pic-letter { font-size: 10px; font-weight: 650; text-anchor: middle; paint-order: stroke; stroke-width: 3; stroke-linejoin: round; }
.pic-letter-a { fill: #ffffff; stroke: #0b5c73; }
.pic-letter-b { fill: #1b2733; stroke: #ffffff; }
.pic-letter-c { fill: #1b2733; stroke: #d9d6cf; }
.pic-letter-out { fill: #1b2733; stroke: #f0eeea; }
.pic-county { fill: #f0eeea; stroke: #8d8a84; stroke-width: 1; stroke-linejoin: round }
.pic-place { font-size: 7px; fill: #4f5b66; text-anchor: middle }
.pic-note { font-size: 6px; fill: #1b2733; text-anchor: middle }
.pic-plain { fill: #ffffff; stroke: #8d8a84; stroke-width: 1 }
.pic-grid { fill: none; stroke: #d9d6cf; stroke-width: 0.6 }
.pic-scale { fill: none; stroke: #1b2733; stroke-width: 1 }
.pic-gps { fill: none; stroke: #8a5a00; stroke-width: 1.4 }
"""
