"""What indicators can count beside the case file: how a case went.

Hours and days are elapsed time between two instants, not working time, as ``NUMBER`` with decimals. A name
without a value for a case (``case.hours_to_close`` of an open one) leaves the case out of that indicator. Of each milestone of
the whole case there is ``case.minutes_to_<milestone>``, from the instant at which the case was raised.
"""

from __future__ import annotations

from typing import get_args

from zhuoli.core.feel import BOOLEAN, DATE, WHOLE, Type, choice, number
from zhuoli.core.scenario.model import ResultKind, Scenario

MINUTES_TO = "case.minutes_to_"
STATUSES = ("received", "accepted", "closed", "settled", "unconfirmed", "refused", "withdrawn", "merged")


def indicator_names(scenario: Scenario) -> dict[str, Type]:
    """The names of ``case.…`` for indicators of this scenario, with their types.

    ``case.in_time`` holds when no promised (else statutory) limit of the whole case had passed before its
    final answer, ``case.in_statutory_time`` when the statutory one had not.
    """
    elapsed = number(low=0)
    return {
        "case.status": choice(STATUSES),
        "case.result": choice(scenario.closing.results or ("none",)),
        "case.result_kind": choice(get_args(ResultKind)),
        "case.in_time": BOOLEAN,
        "case.in_statutory_time": BOOLEAN,
        "case.accepted_date": DATE,
        "case.closed_date": DATE,
        "case.hours_to_accept": elapsed,
        "case.days_to_accept": elapsed,
        "case.hours_to_close": elapsed,
        "case.days_to_close": elapsed,
        "case.supplements": WHOLE,
        "case.contests": WHOLE,
        "case.urges": WHOLE,
        "case.joint_units": WHOLE,
        "case.score": number(low=1, high=5, whole=True),
        **{f"{MINUTES_TO}{name}": elapsed for name in scenario.milestones},
    }
