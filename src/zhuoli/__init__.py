"""Zhuoli: every need of the public, followed until it is settled."""

__version__ = "0.1.0"
