"""Registers as Parquet, and what is asked of them. Knows no screens; only ``loop`` and ``opening`` touch the database.

Rows come in through ``importing`` alone: each is checked against its descriptor, what is wrong is kept with its reason,
and the new state takes the place of the old one at once or not at all.
"""
