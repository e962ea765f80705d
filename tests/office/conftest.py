"""The databases of these tests."""

from tests.evidence.remembered import remembered  # noqa: F401
from tests.store.databases import (  # noqa: F401
    alias,
    database,
    office,
    postgres_template,
    sqlite_template,
)
