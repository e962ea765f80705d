"""The board: what needs a decision now, where it is late, and how the day goes."""
