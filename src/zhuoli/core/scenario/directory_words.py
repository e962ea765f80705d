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
    "legal_aid": Text("法律援助", "Legal aid"),
    "mediation": Text("人民调解", "People's mediation"),
    "transport": Text("交通运输", "Transport"),
    "emergency_management": Text("应急管理", "Emergency management"),
    "fire_safety": Text("消防救援", "Fire and rescue"),
    "education": Text("教育", "Education"),
    "culture_tourism": Text("文化旅游", "Culture and tourism"),
    "labour": Text("人力资源和社会保障", "Labour and social security"),
    "court": Text("法院（司法确认）", "Court (judicial confirmation)"),
    "lawyers": Text("律师服务", "Lawyers"),
    "banking": Text("银行协作", "Banks"),
    "supervision": Text("督查", "Supervision of work"),
}

ROLES: dict[str, Text] = {
    "officer": Text("承办人员", "officer"),
    "clerk": Text("窗口人员", "window clerk"),
    "phone_desk": Text("热线话务员", "phone desk"),
    "auxiliary": Text("辅警", "auxiliary"),
    "dispatcher": Text("分派员", "dispatcher"),
    "supervisor": Text("督办负责人", "supervisor"),
    "partner": Text("合作单位联络员", "partner"),
}
"""Roles that a task may ask for."""

BODIES: dict[str, Text] = {
    "insurer": Text("保险公司", "Insurer"),
}
"""Kinds of bodies outside the office that a party may let read its own copy of a result (``shares``)."""

OTHER_ROLES: dict[str, Text] = {
    "insurer": Text("保险公司理赔员", "claims handler of an insurer"),
    "author": Text("场景编写人", "scenario author"),
    "administrator": Text("系统管理员", "administrator"),
}
"""Roles of posts that handle no cases, so that no task may ask for them."""
