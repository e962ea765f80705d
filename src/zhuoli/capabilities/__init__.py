"""What a service task can do, one module for each kind; the manifest is ``zhuoli.core.scenario.capabilities``."""

from __future__ import annotations

from collections.abc import Mapping

from zhuoli.capabilities import cases, evidence, notices, onward
from zhuoli.office.worker import Capability

REGISTRY: Mapping[str, Capability] = {
    "case.hand_on": onward.hand_on,
    "case.open": cases.open_case,
    "evidence.prepare": evidence.look_through,
    "notice.issue": notices.issue,
    "notify": notices.notify,
}
"""Every capability by the name that scenarios call."""
