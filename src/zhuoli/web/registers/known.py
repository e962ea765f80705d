"""The registers of this installation, read once for each process."""

from __future__ import annotations

from django.conf import settings

from zhuoli.core.registers import Register, read_registers
from zhuoli.office.once import Once


@Once
def registers() -> dict[str, Register]:
    """The registers of this installation; a descriptor with a mistake is left out, as ``register check`` tells."""
    return read_registers(settings.ENVIRONMENT.registers).registers
