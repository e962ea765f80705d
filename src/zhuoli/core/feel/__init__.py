"""The one expression language: conditions, calculations and decision tables, to Python and to SQL.

DMN's simple unary tests (S-FEEL) in the cells of tables, plus ``and``, ``or``, ``not`` and a few functions. Everything
an author can get wrong is refused when it is read, with a remedy; what is missing at run is an error, never a ``no``.
See docs/authors/expressions.md.
"""

from zhuoli.core.feel.condition import Condition, Value, compile_condition, compile_value
from zhuoli.core.feel.decide import Decision
from zhuoli.core.feel.errors import FeelErrors, ManyRules, MissingAnswer, NoRule, RunError, WrongValue
from zhuoli.core.feel.functions import FUNCTIONS
from zhuoli.core.feel.rules import HIT_POLICIES
from zhuoli.core.feel.sheet import decode_csv
from zhuoli.core.feel.table import Table, read_table
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
    "HIT_POLICIES",
    "NUMBER",
    "TEXT",
    "WHOLE",
    "Condition",
    "Decision",
    "FeelErrors",
    "ManyRules",
    "MissingAnswer",
    "NoRule",
    "RunError",
    "Table",
    "Type",
    "Value",
    "WrongValue",
    "choice",
    "compile_condition",
    "compile_value",
    "decode_csv",
    "many",
    "number",
    "read_table",
]
