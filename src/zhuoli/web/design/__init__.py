"""The design system: its tokens read from the style sheet, its components shown in all their states."""
