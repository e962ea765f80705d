"""What may stand in an address: a language, the id of a case."""

from __future__ import annotations


class LanguageConverter:
    """``zh`` or ``en`` at the beginning of an address."""

    regex = "zh|en"

    def to_python(self, value: str) -> str:
        """Return the language as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """Return the language as it stands in the address."""
        return value


class CaseConverter:
    """A case id: a positive number of 63 bits."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        """Return the number.

        Raises:
            ValueError: it is too large for any case (Django answers 404).
        """
        number = int(value)
        if number >= 1 << 63:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        """Return the number in digits."""
        return str(value)
