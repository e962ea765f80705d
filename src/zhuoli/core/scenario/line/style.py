"""How the line looks. Colours stand in the drawing as plain attributes and can be set again by class."""

from __future__ import annotations

INK = "#1b2733"
QUIET = "#5c6670"
PAPER = "#fbfaf7"
AHEAD = "#8c877d"
ACCENT = "#0b5c73"
SEAL = "#b3261e"

FONT = "PingFang SC, Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, Source Han Sans SC, sans-serif"

LINE_CSS = """\
.zl-line:not(.zl-line--alone) { font-family: inherit; }
.zl-track { stroke: var(--accent, #0b5c73); }
.zl-track--ahead { stroke: var(--line-ahead, #8c877d); }
.zl-stop { stroke: var(--accent, #0b5c73); fill: var(--paper, #fbfaf7); }
.zl-stop--active { fill: var(--accent, #0b5c73); }
.zl-stop--available { stroke: var(--line-ahead, #8c877d); }
.zl-stop--terminated { stroke: var(--quiet, #5c6670); }
.zl-end { stroke: var(--ink, #1b2733); fill: var(--paper, #fbfaf7); }
.zl-seal { stroke: var(--seal, #b3261e); }
.zl-seal-text { fill: var(--seal, #b3261e); }
.zl-name { fill: var(--ink, #1b2733); }
.zl-name--active { fill: var(--accent, #0b5c73); }
.zl-note { fill: var(--quiet, #5c6670); }
@media (prefers-color-scheme: dark) {
  .zl-line--alone {
    --ink: #e8e6e0; --paper: #14191e; --accent: #6cc3da;
    --line-ahead: #8b9096; --quiet: #a9b0b7; --seal: #ff8a80;
  }
  .zl-line--alone .zl-paper { fill: #14191e; }
}
"""
"""The style sheet of the drawing: put into the site's own, or into a drawing that stands alone."""
