"""Registers: what their rows are, where they come from, how long they are kept. Read and checked here; never filled here.

A register is described by one file of the folder ``registers/`` in the words of Table Schema (Frictionless Data, v2):
fields with types and constraints, keys, foreign keys; and by what public bodies have to say besides: purpose, which
fields are personal, source, freshness, and when rows are deleted.
"""

from zhuoli.core.registers.model import Field, Register
from zhuoli.core.registers.read import Registers, read_register, read_registers

__all__ = ["Field", "Register", "Registers", "read_register", "read_registers"]
