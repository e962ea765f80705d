"""The one expression language: conditions, calculations and decision tables, to Python and to SQL.

DMN's simple unary tests (S-FEEL) in the cells of tables, plus ``and``, ``or``, ``not`` and a few functions. Everything
an author can get wrong is refused when it is read, with a remedy; what is missing at run is an error, never a ``no``.
See docs/authors/expressions.md.
"""

from zhuoli.core.feel.condition import Condition, Value, compile_condition, compile_value
from zhuoli.core.feel.errors import FeelErrors, ManyRules, MissingAnswer, NoRule, RunError, WrongValue
from zhuoli.core.feel.functions import FUNCTIONS
from zhuoli.core.feel.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    DAYS,
    NUMBER,
    TEXT,
    WHOLE,
    Type,
    choice,
    many,
    number,
)

__all__ = [
    "BOOLEAN",
    "DATE",
    "DATETIME",
    "DAYS",
    "FUNCTIONS",
    "NUMBER",
    "TEXT",
    "WHOLE",
    "Condition",
    "FeelErrors",
    "ManyRules",
    "MissingAnswer",
    "NoRule",
    "RunError",
    "Type",
    "Value",
    "WrongValue",
    "choice",
    "compile_condition",
    "compile_value",
    "many",
    "number",
]
