"""The roles that a post in a unit may have; a task with ``role`` is for posts with that role.

A closed list, because a role that nobody holds is a task that nobody does.
"""

from __future__ import annotations

from zhuoli.core.text import Text

ROLES: dict[str, Text] = {
    "officer": Text("民警", "officer"),
    "auxiliary": Text("辅警", "auxiliary"),
    "clerk": Text("窗口工作人员", "window clerk"),
    "phone_desk": Text("热线话务员", "phone desk"),
    "dispatcher": Text("分派员", "dispatcher"),
    "supervisor": Text("督办员", "supervisor"),
    "commander": Text("指挥员", "commander"),
    "mediator": Text("调解员", "mediator"),
    "legal": Text("法治员", "legal officer"),
    "expert": Text("专业技术人员", "specialist"),
}
