"""Mistakes in what a scenario has to do with other cases: those that it opens next, and earlier ones about the same."""

from __future__ import annotations

from zhuoli.core.scenario.catalog import Entry
from zhuoli.core.text import Text

ONWARD: dict[str, Entry] = {
    "unknown_scenario": (
        Text("架上没有场景 {name}", "There is no scenario {name} on the shelf"),
        Text("{nearest}架上有：{allowed}", "{nearest}On the shelf: {allowed}"),
    ),
    "unknown_next_matter": (
        Text("没有后续事项 {name}", "There is no next matter {name}"),
        Text("{nearest}next_matters 中有：{allowed}", "{nearest}next_matters has: {allowed}"),
    ),
    "unused_next_matter": (
        Text("后续事项 {name} 从不立出", "The next matter {name} is never opened"),
        Text(
            "用 call: case.hand_on、with: {{matter: {name}}} 立出它，或删去它",
            "Open it with call: case.hand_on and with: {{matter: {name}}}, or remove it",
        ),
    ),
    "unknown_purpose": (
        Text("没有查看用途 {name}", "There is no purpose {name}"),
        Text("{nearest}privacy.purposes 中有：{allowed}", "{nearest}privacy.purposes has: {allowed}"),
    ),
    "next_without_purpose": (
        Text(
            "个人信息随转却没有写用途：{names}",
            "Personal answers go along without a purpose: {names}",
        ),
        Text(
            "写 purpose: {example}（privacy.purposes 里的一项），或不带它们",
            "Write purpose: {example} (one of privacy.purposes), or leave them behind",
        ),
    ),
    "purpose_does_not_cover": (
        Text("用途 {purpose} 不包括 {name}", "The purpose {purpose} does not cover {name}"),
        Text("在该用途的 fields 中加上它，或不带它", "Add it to that purpose's fields, or leave it behind"),
    ),
    "not_a_file_question": (
        Text("{name} 不是收附件的问题", "{name} is not a question for files"),
        Text("{nearest}可以写：{allowed}", "{nearest}Write one of: {allowed}"),
    ),
    "next_not_taken": (
        Text("“{title}”不从 {channel} 收事项", "“{title}” takes no matters by {channel}"),
        Text(
            "在 {name}/scenario.yaml 的 channels 中加上 {channel}，或换一个场景",
            "Add {channel} to the channels in {name}/scenario.yaml, or take another scenario",
        ),
    ),
    "next_party_missing": (
        Text("“{title}”要有当事人：{role}", "“{title}” needs a party: {role}"),
        Text("在 parties 中写 {name}: 这里的角色", "Write {name}: a role of this scenario, under parties"),
    ),
    "next_question_unmapped": (
        Text(
            "“{title}”必须回答“{question}”，这里没有给",
            "“{title}” must have an answer to “{question}”, and gets none",
        ),
        Text(
            "在 answers 中写 {name}: =这里的名字，或写一个固定的答案",
            "Write {name}: =a name of this scenario, or a fixed answer, under answers",
        ),
    ),
    "next_may_be_asked": (
        Text(
            "“{title}”有时必须回答“{question}”，这里没有给",
            "“{title}” sometimes must have an answer to “{question}”, and gets none",
        ),
        Text(
            "在 answers 中写 {name}，或写明使它不用回答的固定答案",
            "Write {name} under answers, or the fixed answer that makes it irrelevant",
        ),
    ),
    "next_may_be_empty": (
        Text(
            "“{title}”必须回答 {name}，而 {value} 可能没有答案",
            "“{title}” must have an answer to {name}, but {value} may have none",
        ),
        Text("把 {value} 设为必填，或换一个", "Make {value} required, or take another"),
    ),
    "next_does_not_fit": (
        Text("{value} 不能回答“{title}”的 {name}", "{value} cannot answer {name} of “{title}”"),
        Text(
            "类型、选项、长度都要合适；选项不同时，用一张决策表换成对方的选项",
            "Kind, choices and length must suit; where choices differ, translate them with a decision table",
        ),
    ),
    "next_not_an_answer": (
        Text("{name} 不是用这种办法回答的", "{name} is not answered in this way"),
        Text(
            "附件写在 files 里；说明和算出的结论不用给",
            "Files go under files; notes and calculations need none",
        ),
    ),
    "next_personal_opened": (
        Text(
            "{value} 是个人信息，而对方的 {name} 不加密",
            "{value} is personal, but {name} there is not sealed",
        ),
        Text(
            "给对方的 {name} 写上 personal，或不带它", "Mark {name} there as personal, or leave this behind"
        ),
    ),
    "next_other_person": (
        Text(
            "{value} 是“{role}”的个人信息，对方的 {name} 属于另一个人",
            "{value} belongs to {role}, but {name} there belongs to somebody else",
        ),
        Text("在 parties 中把角色对上，或不带它", "Map the roles under parties, or leave it behind"),
    ),
}

EARLIER: dict[str, Entry] = {
    "about_a_person": (
        Text(
            "{name} 不能用来找以前的事：只认单位和地点，不认人",
            "{name} cannot tell earlier cases: they are found by organisation or place, never by person",
        ),
        Text(
            "{nearest}受理表里类型为 credit_code 或 place、不涉及个人的问题：{allowed}",
            "{nearest}Questions of the intake form of type credit_code or place that are not personal: {allowed}",
        ),
    ),
    "earlier_about_nobody": (
        Text("要数以前的事，却没有写 about", "Earlier cases are counted, but it is not said about whom"),
        Text("写 about: {example}", "Write about: {example}"),
    ),
    "unknown_milestone": (
        Text("没有里程碑 {name}", "There is no milestone {name}"),
        Text("{nearest}里程碑：{allowed}", "{nearest}Milestones: {allowed}"),
    ),
    "count_in_working_days": (
        Text("往回数不用工作日", "What lies back is not counted in working days"),
        Text("写 this year、12 months 或 30 calendar days", "Write this year, 12 months or 30 calendar days"),
    ),
    "unknown_count": (
        Text("earlier 中没有 {name}", "earlier has no {name}"),
        Text("{nearest}earlier 中有：{allowed}", "{nearest}earlier has: {allowed}"),
    ),
}
