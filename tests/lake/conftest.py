"""The databases of these tests."""

from tests.store.databases import (  # noqa: F401
    alias,
    database,
    office,
    postgres_template,
    sqlite_template,
)
