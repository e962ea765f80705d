"""The words by which scenarios ask the directory: competences of units and roles of posts.

Closed lists, because a competence that no unit has, or a role that no post has, is a task that nobody does.
The directory of the places takes its words from here.
"""

from __future__ import annotations

from zhuoli.core.text import Text

COMPETENCES: dict[str, Text] = {
    "urban_management": Text("城市管理", "Urban management"),
    "public_order": Text("治安", "Public order"),
    "traffic": Text("交通", "Traffic"),
    "household": Text("户政", "Household registration"),
    "social_affairs": Text("民政与社区", "Social affairs"),
    "environment": Text("生态环境", "Environment"),
    "housing": Text("住房建设", "Housing"),
    "market": Text("市场监管", "Market regulation"),
    "enterprise_service": Text("企业服务", "Services for enterprises"),
    "legal_service": Text("公共法律服务", "Public legal service"),
}

ROLES: dict[str, Text] = {
    "officer": Text("承办人员", "officer"),
    "dispatcher": Text("分派员", "dispatcher"),
    "supervisor": Text("督办负责人", "supervisor"),
}
