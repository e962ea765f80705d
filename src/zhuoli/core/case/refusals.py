"""Why a command is not granted, in words that the person who issued it understands."""

from __future__ import annotations

from collections.abc import Mapping

from zhuoli.core.text import Text


class Refusal(Exception):
    """A command is refused; nothing has changed.

    ``code`` is a stable word, ``text`` says what and why, ``remedy`` what to do; ``fields`` says it for
    single answers, by the question's own name.
    """

    def __init__(self, code: str, text: Text, remedy: Text, fields: Mapping[str, Text] | None = None) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code = code
        self.text = text
        self.remedy = remedy
        self.fields: dict[str, Text] = dict(fields or {})


def refuse(code: str, /, fields: Mapping[str, Text] | None = None, **values: object) -> Refusal:
    """Return the refusal ``code``; ``who`` and ``status`` among the values are put into words."""
    text, remedy = REFUSALS[code]
    if "who" in values:
        values["who"] = CIRCLES[str(values["who"])]
    if "status" in values:
        values["status"] = STATUS_WORDS[str(values["status"])]
    return Refusal(code, text.format(**values), remedy.format(**values), fields)


STATUS_WORDS: dict[str, Text] = {
    "": Text("尚未提交", "not yet raised"),
    "received": Text("已收到，待受理", "received, not yet accepted"),
    "accepted": Text("办理中", "in work"),
    "closed": Text("已答复，待确认", "answered, waiting for the requester"),
    "settled": Text("已销号", "settled"),
    "unconfirmed": Text("已办结，未确认", "closed, unconfirmed"),
    "refused": Text("不予受理", "not accepted"),
    "withdrawn": Text("已撤回", "withdrawn"),
    "merged": Text("已并入另一件", "merged into another case"),
}
"""What each status is called."""

CIRCLES: dict[str, Text] = {
    "requester": Text("提出人", "the person who raised it"),
    "lead": Text("责任单位", "the responsible unit"),
    "dispatcher": Text("分派单位", "the dispatching unit"),
    "superior": Text("上级单位的督办岗", "a supervising post of a higher unit"),
    "above": Text("分派单位或上级督办岗", "the dispatching unit or a supervising post above"),
    "offices": Text(
        "分派单位、责任单位或其上级", "the dispatching unit, the responsible unit or one above it"
    ),
    "handlers": Text("责任单位或联合办理单位", "the responsible unit or a joint unit"),
    "joint": Text("被邀请联合办理的单位", "the unit that was asked to join"),
    "candidates": Text("该任务的办理人", "whoever the task is meant for"),
    "reviewer": Text("复核单位", "the reviewing unit"),
    "system": Text("系统", "the software itself"),
    "sharer": Text("当事人本人", "the party itself"),
    "receiver": Text("收到材料的那家单位", "the body to which it was given"),
    "anyone": Text("本件的当事人或经办单位", "a party of the case or a unit that handles it"),
}
"""Who may do what, in words."""

_T = tuple[Text, Text]

REFUSALS: dict[str, _T] = {
    "not_yours": (
        Text("这一步只能由{who}办理", "Only {who} can do this"),
        Text("请交由{who}办理，或切换到相应岗位", "Leave it to {who}, or act as one of them"),
    ),
    "nothing_changes": (
        Text("已经是这样了", "It is so already"),
        Text("无需操作", "There is nothing to do"),
    ),
    "code_missing": (
        Text("还没有输入验证码", "The code is missing"),
        Text(
            "点“发验证码”，把手机收到的六位数填进来",
            "Press “Send me the code” and type the six digits that you get",
        ),
    ),
    "code_unasked": (
        Text("还没有发过验证码", "No code has been sent yet"),
        Text(
            "点“发验证码”；收不到的，到办理单位当面签",
            "Press “Send me the code”; without a telephone sign at the office",
        ),
    ),
    "code_used": (
        Text("这个验证码已经用过了", "This code has been used"),
        Text("每个验证码只用一次，请重新发一个", "A code counts once; ask for a new one"),
    ),
    "code_stale": (
        Text("验证码过期了：十分钟内有效", "The code is too old: it is good for ten minutes"),
        Text("请重新发一个", "Ask for a new one"),
    ),
    "code_tries": (
        Text("错了五次，这个验证码作废了", "Five wrong tries: this code is void"),
        Text("请重新发一个；没有点过的，别告诉别人", "Ask for a new one; tell it to nobody"),
    ),
    "code_phone": (
        Text("验证码发出以后，手机号改过了", "The telephone number has changed since the code was sent"),
        Text("请重新发一个，发到现在的号码", "Ask for a new one; it goes to the number given now"),
    ),
    "code_changed": (
        Text("验证码发出以后，要签的内容改过了", "What you sign has changed since the code was sent"),
        Text("看一遍现在的内容，再重新发一个", "Read it as it is now, then ask for a new code"),
    ),
    "code_wait": (
        Text("{seconds} 秒以后才能再发", "Another code can be sent in {seconds} seconds"),
        Text(
            "等一等；已经收到的验证码十分钟内有效",
            "Wait a little; a code that has come is good for ten minutes",
        ),
    ),
    "code_nowhere": (
        Text("验证码没有地方发", "There is nowhere to send a code"),
        Text(
            "带上身份证件，到办理单位当面在纸上签；经办人记下就行",
            "Sign on paper at the office in charge, with your identity card; an officer notes it",
        ),
    ),
    "code_wrong": (
        Text("验证码不对，还可以试 {left} 次", "This code is not right; {left} more tries"),
        Text("只认最新的一个，六位数字", "Only the newest one counts, six digits"),
    ),
    "paper_missing": (
        Text("当面签在纸上的，要附上那张纸的照片", "What was signed on paper needs a picture of the sheet"),
        Text("拍下签好的纸，加进来再完成", "Photograph the signed sheet, add it, then complete"),
    ),
    "slot_past": (
        Text("这个时间已经过了", "That time has passed"),
        Text("请另选一个时间", "Choose another time"),
    ),
    "origin_and_channel": (
        Text("“转来”只能由另一件事带着材料转出", "Only another matter can hand one on, with its papers"),
        Text("请选择实际的来源", "Choose how it really came in"),
    ),
    "already_open": (
        Text("这一件已经提交过", "This case has been raised already"),
        Text("请查看原件的进度", "Look at the progress of the existing case"),
    ),
    "not_open": (
        Text("这一件目前是“{status}”，不能再办理", "This case is {status} and cannot be worked on"),
        Text("如仍有问题，可在期限内提出异议或另提一件", "Contest it in time, or raise a new case"),
    ),
    "not_in_work": (
        Text(
            "这一件目前是“{status}”，这一步要在办理中进行",
            "This case is {status}; this step needs a case in work",
        ),
        Text("请先受理", "Accept the case first"),
    ),
    "not_received": (
        Text(
            "这一件目前是“{status}”，受理与否已经决定", "This case is {status}: acceptance has been decided"
        ),
        Text("无需再操作", "Nothing is left to do here"),
    ),
    "not_closed": (
        Text(
            "这一件目前是“{status}”，要在答复之后才能这样做",
            "This case is {status}; this comes after the answer",
        ),
        Text("请等待答复", "Wait for the answer"),
    ),
    "suspended": (
        Text("这一件已暂停办理，时钟停走", "Handling is suspended and the clock stands still"),
        Text("请先恢复办理", "Resume it first"),
    ),
    "not_extendable": (
        Text("这一事项的法定期限不能延长", "The statutory time of this matter cannot be extended"),
        Text("请在期限内答复", "Answer in time"),
    ),
    "extended_before": (
        Text("已经延长过一次", "It has been extended once"),
        Text("请在延长后的期限内答复", "Answer within the extended time"),
    ),
    "too_late_to_extend": (
        Text("法定期限已过，不能再延长", "The statutory time has passed and cannot be extended"),
        Text("请尽快答复，并说明迟延原因", "Answer soon and say why it is late"),
    ),
    "not_suspended": (
        Text("这一件没有暂停", "This case is not suspended"),
        Text("无需恢复", "There is nothing to resume"),
    ),
    "wrong_channel": (
        Text("“{scenario}”不接受这个渠道", "“{scenario}” cannot be raised through this channel"),
        Text("可用渠道：{channels}", "Use one of: {channels}"),
    ),
    "party_missing": (
        Text("缺少{role}", "The {role} is missing"),
        Text("请填写{role}的信息", "Say who the {role} is"),
    ),
    "unknown_party": (
        Text("这一事项没有“{role}”这种身份", "This matter knows no party “{role}”"),
        Text("可用身份：{roles}", "Use one of: {roles}"),
    ),
    "place_missing": (
        Text("不知道是哪里的事，无法确定由谁负责", "Without a place nobody can be found responsible"),
        Text("请填写地点", "Say where it is"),
    ),
    "answers_wrong": (
        Text("有 {count} 处需要修改", "{count} answer(s) need another look"),
        Text("请按每一处的提示修改后再提交", "Correct each as it says, then send again"),
    ),
    "cannot_decide": (
        Text("规则无法得出结论：{why}", "The rules come to no conclusion: {why}"),
        Text("{remedy}", "{remedy}"),
    ),
    "no_such_unit": (
        Text("没有编号为“{unit}”的单位", "There is no unit “{unit}”"),
        Text("请从单位名录中选择", "Choose one from the directory"),
    ),
    "same_unit": (
        Text("这一件现在就由该单位负责", "That unit is responsible already"),
        Text("请选择另一个单位", "Choose another unit"),
    ),
    "refused_before": (
        Text("{unit}此前已说明“不归我管”", "{unit} has already said that this is not theirs"),
        Text("请退回分派单位裁定", "Return it to the dispatcher to decide"),
    ),
    "not_routed": (
        Text("还没有责任单位", "No unit is responsible yet"),
        Text("请先分派", "Send it to a unit first"),
    ),
    "nothing_to_triage": (
        Text("这一件不在等待分派", "This case does not wait to be sent to a unit"),
        Text("如需改派，请使用“改派”", "To send it elsewhere, use “route”"),
    ),
    "unknown_reason": (
        Text("“{reason}”不是可用的理由", "“{reason}” is not one of the reasons"),
        Text("可用理由：{reasons}", "Use one of: {reasons}"),
    ),
    "words_missing": (
        Text("需要用文字说明", "This needs a reason in words"),
        Text("请用一两句话说明理由", "Say why in a sentence or two"),
    ),
    "unknown_task": (
        Text("现在没有“{task}”这项任务", "There is no task “{task}” to be done now"),
        Text("请刷新页面查看当前任务", "Look again at what is to be done"),
    ),
    "not_a_human_task": (
        Text("“{task}”不是由人办理的任务", "“{task}” is not done by a person"),
        Text("它会自动进行", "It goes on by itself"),
    ),
    "needs_role": (
        Text("“{task}”需要具备“{role}”岗位的人办理", "“{task}” needs a post with the role {role}"),
        Text("请转给有此岗位的同事", "Give it to a colleague who has it"),
    ),
    "taken": (
        Text("“{task}”已由同事领取", "A colleague has taken “{task}”"),
        Text("请先由其退回，或请其转交", "Ask for it to be released or handed over"),
    ),
    "not_taken": (
        Text("“{task}”还没有人领取", "Nobody has taken “{task}”"),
        Text("可以直接领取", "You can take it"),
    ),
    "unknown_outcome": (
        Text("“{outcome}”不是这项任务的结果", "“{outcome}” is not an outcome of this task"),
        Text("可选结果：{outcomes}", "Use one of: {outcomes}"),
    ),
    "departure_reason": (
        Text("与规则建议不同：建议是“{proposed}”", "This departs from what the rules propose: {proposed}"),
        Text("请写明不采纳的理由", "Give the reason for departing from it"),
    ),
    "own_command": (
        Text("“{task}”有专门的操作", "“{task}” has an action of its own"),
        Text("请使用“{command}”", "Use “{command}”"),
    ),
    "supplement_used": (
        Text(
            "补充材料应一次性告知，这一件已经通知过 {times} 次",
            "What is missing is asked for once, completely; it has been asked {times} time(s)",
        ),
        Text("如确有新情况，请先说明，或继续办理", "Go on with what there is"),
    ),
    "supplement_open": (
        Text("已在等待补充材料", "The requester has already been asked"),
        Text("请等待补充", "Wait for the answer"),
    ),
    "nothing_asked": (
        Text("目前没有要求补充材料", "Nothing has been asked for"),
        Text("可以直接添加附件或留言", "You can add a file or a note"),
    ),
    "nothing_given": (
        Text("没有收到任何内容", "Nothing was given"),
        Text("请填写至少一项或添加附件", "Answer at least one question or add a file"),
    ),
    "nobody_to_ask": (
        Text("这一件没有提出人", "This case has no requester"),
        Text("请直接办理", "Handle it directly"),
    ),
    "joined_already": (
        Text("该单位已在联合办理", "That unit handles it jointly already"),
        Text("请选择另一个单位", "Choose another unit"),
    ),
    "not_joint": (
        Text("该单位不在联合办理中", "That unit is not handling it jointly"),
        Text("请核对单位", "Check the unit"),
    ),
    "signed_already": (
        Text("已经签收", "It has been signed for"),
        Text("无需重复签收", "Once is enough"),
    ),
    "urged_today": (
        Text("24 小时内已经催办过", "It has been urged within the last 24 hours"),
        Text("请在 {next} 之后再催", "Urge again after {next}"),
    ),
    "bad_duration": (
        Text("时限写法不对：{why}", "The time limit cannot be read: {why}"),
        Text("{remedy}", "{remedy}"),
    ),
    "not_supervised": (
        Text("没有待答复的督办", "No supervision order waits for a reply"),
        Text("无需答复", "There is nothing to reply to"),
    ),
    "no_superior": (
        Text("没有更高一级的单位", "There is no higher unit"),
        Text("请联系分派单位", "Turn to the dispatching unit"),
    ),
    "no_such_case": (
        Text("找不到要并入的那一件", "The case to merge into cannot be found"),
        Text("请核对编号", "Check the number"),
    ),
    "same_case": (
        Text("不能并入自己", "A case cannot be merged into itself"),
        Text("请选择另一件", "Choose another case"),
    ),
    "other_scenario": (
        Text("两件不是同一类事项", "The two cases are not of the same kind"),
        Text("请选择同一类事项的另一件", "Choose a case of the same kind"),
    ),
    "other_ended": (
        Text("那一件已经办结或已并入别处", "That case has ended or is itself merged"),
        Text("请选择仍在办理的一件", "Choose one that is open"),
    ),
    "not_merged": (
        Text("这一件没有并入别处", "This case is not merged"),
        Text("无需拆分", "There is nothing to split"),
    ),
    "too_late_to_withdraw": (
        Text("已到不能撤回的阶段", "It is too late to withdraw"),
        Text("请联系责任单位", "Turn to the responsible unit"),
    ),
    "unknown_result": (
        Text("“{result}”不是这一事项的办理结果", "“{result}” is not a result of this matter"),
        Text("可选结果：{results}", "Use one of: {results}"),
    ),
    "tasks_open": (
        Text("还有未完成的必办事项：{tasks}", "Mandatory work is still open: {tasks}"),
        Text("请先完成这些事项", "Finish it first"),
    ),
    "answers_needed": (
        Text("办结前需要填写：{names}", "Before closing, answer: {names}"),
        Text("请先补录", "Record it first"),
    ),
    "evidence_needed": (
        Text("办结需要附上证据", "Closing needs evidence"),
        Text("请至少上传一份照片或文件", "Add at least one photo or file"),
    ),
    "unknown_share": (
        Text("这类事项没有“{name}”这种告知", "This matter knows no “{name}” to whom it could be passed on"),
        Text("请从页面上选择", "Choose from what the page offers"),
    ),
    "nothing_to_share": (
        Text("还没有可以给它看的结果", "There is nothing yet that it could read"),
        Text("等协议签好或者认定作出之后再办", "Do it once there is an agreement or a determination"),
    ),
    "shared_already": (
        Text("已经告知过了", "It has been told already"),
        Text(
            "要换一家，先撤回（对方看过以后不能撤回）",
            "To choose another, take it back first (not once it was read)",
        ),
    ),
    "not_that_kind": (
        Text("这个单位不是{title}", "That unit is none of the kind: {title}"),
        Text("请从列表中选择", "Choose one from the list"),
    ),
    "consent_missing": (
        Text("您没有勾选同意", "You have not ticked that you agree"),
        Text("同意就勾选；不同意，什么也不会给出去", "Tick it if you agree; if not, nothing is passed on"),
    ),
    "not_shared": (
        Text("没有告知过", "Nothing was passed on"),
        Text("无需撤回", "There is nothing to take back"),
    ),
    "share_read": (
        Text("对方已经看过，不能撤回", "It has been read and cannot be taken back"),
        Text("请直接联系那家单位", "Speak to them directly"),
    ),
    "share_unread": (
        Text("先接收材料，再答复", "Take it up before you answer"),
        Text("点“接收材料”", "Press “Take it up”"),
    ),
    "score_range": (
        Text("评分是 1 到 5 的整数", "A rating is a whole number from 1 to 5"),
        Text("请重新选择", "Choose again"),
    ),
    "rated_before": (
        Text("已经评过分", "It has been rated"),
        Text("如有新意见，可以留言", "Leave a note if you have more to say"),
    ),
    "no_rating": (
        Text("这一事项不评分", "This matter is not rated"),
        Text("可以留言", "Leave a note"),
    ),
    "too_late_to_contest": (
        Text("提出异议的期限（{within}）已过", "The time to contest ({within}) has passed"),
        Text("请另提一件", "Raise a new case"),
    ),
    "review_used": (
        Text("已经复核过", "It has been reviewed already"),
        Text("复核结论为最终结论", "The review is final"),
    ),
    "review_open": (
        Text("复核正在进行", "A review is under way"),
        Text("请等待复核结论", "Wait for its result"),
    ),
    "no_review": (
        Text("没有待决定的复核", "No review waits for a decision"),
        Text("无需操作", "There is nothing to decide"),
    ),
    "not_reviewable": (
        Text(
            "只有“不予受理”或“无法办理”的答复可以申请复核",
            "Only a refusal or a final answer that says no can be reviewed",
        ),
        Text("如认为没有解决，请提出异议", "If it is not settled, contest it"),
    ),
    "unknown_system": (
        Text("没有登记过“{system}”这个系统", "There is no other system “{system}” on the list"),
        Text("请从列表中选择", "Choose one from the list"),
    ),
    "bad_number": (
        Text("这不像是一个编号", "This does not look like a number"),
        Text(
            "请照原样填写：字母、数字、汉字和 - / . ( ) 〔 〕 等，最多 64 个",
            "Copy it as it is: letters, digits, Chinese characters and - / . ( ) [ ], at most 64",
        ),
    ),
    "personal_number": (
        Text("这是手机号或身份证号，不是案件编号", "This is a phone or identity number, not a case number"),
        Text(
            "编号不加密，请不要写个人信息；联系方式写进表单",
            "Numbers are not encrypted: keep personal data out of them; contacts belong into the form",
        ),
    ),
    "on_hold": (
        Text("依法保全期间不得删除", "A legal hold forbids erasure"),
        Text("请在解除保全后再申请", "Ask again when the hold is lifted"),
    ),
    "no_hold": (
        Text("没有保全", "There is no hold"),
        Text("无需解除", "There is nothing to lift"),
    ),
    "still_open": (
        Text("案件尚未办结，资料仍在使用", "The case is not over; the data are in use"),
        Text("请在办结后再申请", "Ask again when it is over"),
    ),
    "retention": (
        Text("依规定须保存到{until}", "The law keeps these data until {until}"),
        Text("请在{until}之后再申请", "Ask again after {until}"),
    ),
    "erased_before": (
        Text("这位当事人的资料已删除", "This party's data have been erased"),
        Text("无需重复", "Once is enough"),
    ),
    "not_discretionary": (
        Text("“{item}”不是可选任务", "“{item}” is not a discretionary task"),
        Text("可选任务：{items}", "Use one of: {items}"),
    ),
    "stage_not_active": (
        Text("“{item}”所在的阶段没有进行", "The stage of “{item}” is not under way"),
        Text("请在该阶段进行时添加", "Add it while that stage is under way"),
    ),
    "active_already": (
        Text("“{item}”正在进行", "“{item}” is under way"),
        Text("请先完成它", "Finish it first"),
    ),
    "timer_not_due": (
        Text("时间未到，或时钟已停", "The time has not come, or the clock stands still"),
        Text("无需操作", "There is nothing to do"),
    ),
    "stale_report": (
        Text("这次自动任务的结果已不再需要", "The report of this automatic task is no longer needed"),
        Text("无需操作", "There is nothing to do"),
    ),
}
"""Every refusal: what and why, and what to do."""
