"""Every mistake of meaning that the checker can find: code, sentence, remedy. Codes are stable.

Mistakes in expressions, tables and durations come from the languages themselves (``core.feel``,
``core.worktime``) with their own codes; the checker adds file and line.
"""

from __future__ import annotations

from zhuoli.core.scenario.catalog import Entry
from zhuoli.core.scenario.check.catalog_content import CONTENT
from zhuoli.core.scenario.check.catalog_onward import EARLIER, ONWARD
from zhuoli.core.scenario.check.catalog_plan import PLAN
from zhuoli.core.scenario.check.catalog_query import QUERY
from zhuoli.core.scenario.check.catalog_shares import FEEDS, SHARES, TEMPLATES
from zhuoli.core.scenario.check.catalog_signatures import SIGNATURES

CHECKS: dict[str, Entry] = {
    **PLAN,
    **CONTENT,
    **ONWARD,
    **EARLIER,
    **QUERY,
    **SHARES,
    **TEMPLATES,
    **FEEDS,
    **SIGNATURES,
}

WARNINGS = {
    "unused_form",
    "unused_table",
    "unused_notice",
    "unused_picture",
    "stage_may_hang",
    "outcome_unused",
    "task_without_due",
    "unused_next_matter",
    "next_may_be_asked",
    "next_may_be_empty",
    "query_without_find",
}
"""What is worth a look but stops nothing."""
