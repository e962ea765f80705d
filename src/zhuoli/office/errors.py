"""What the office answers when it cannot do what was asked; every error has a code, a sentence and a remedy."""

from __future__ import annotations

from zhuoli.core.text import Text


class OfficeError(Exception):
    """Something was asked that cannot be done; nothing has changed."""

    def __init__(self, code: str, text: Text, remedy: Text) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code, self.text, self.remedy = code, text, remedy


class UnknownCase(OfficeError):
    """There is no case with this id."""

    def __init__(self, case: int | None) -> None:
        super().__init__(
            "unknown_case",
            Text(f"没有编号为 {case} 的事项。", f"There is no case {case}."),
            Text("请核对编号，或从列表中打开。", "Check the number, or open the case from a list."),
        )
        self.case = case


class UnknownScenario(OfficeError):
    """The shelf has no such scenario, or no such version was ever stored."""

    def __init__(self, scenario: str) -> None:
        super().__init__(
            "unknown_scenario",
            Text(f"货架上没有场景“{scenario}”。", f"The shelf has no scenario “{scenario}”."),
            Text(
                "运行 ./zhuoli scenario list 查看有哪些场景。",
                "Run ./zhuoli scenario list to see which there are.",
            ),
        )
        self.scenario = scenario


class BeingCounted(OfficeError):
    """Figures are being counted for the first time: ``read`` of ``of`` cases so far."""

    def __init__(self, read: int, of: int) -> None:
        super().__init__(
            "being_counted",
            Text("公开数据正在数。", "The figures are being counted."),
            Text("过一会儿再打开。", "Open the page again in a moment."),
        )
        self.read, self.of = read, of


class KeyReused(OfficeError):
    """The command key was used before for another request."""

    def __init__(self, key: str) -> None:
        super().__init__(
            "key_reused",
            Text(
                f"操作编号 {key} 已经用于另一次操作，这一次没有办理。",
                f"The key {key} was used for another request; this one was not carried out.",
            ),
            Text("每次新的操作都要用新的编号(UUID)。", "Use a new key (a UUID) for every new request."),
        )
        self.key = key


class BadKey(OfficeError):
    """The command key is not 8 to 200 visible ASCII characters."""

    def __init__(self) -> None:
        super().__init__(
            "bad_key",
            Text(
                "操作编号应为 8 至 200 个可见的 ASCII 字符。",
                "A command key is 8 to 200 visible ASCII characters.",
            ),
            Text("请使用 UUID(最好是第 7 版)。", "Use a UUID, best of version 7."),
        )


class Conflict(OfficeError):
    """Somebody else has changed the case since it was looked at; ``changes`` says who and what."""

    def __init__(self, case: int, expected: int, seq: int, changes: tuple[Text, ...]) -> None:
        zh = ";".join(change.zh for change in changes)
        en = "; ".join(change.en for change in changes)
        super().__init__(
            "conflict",
            Text(
                f"您打开之后，这件事已有变化：{zh}。" if changes else "您看到的不是这件事现在的样子。",
                f"The case has changed since you opened it: {en}."
                if changes
                else "What you see is not how the case stands now.",
            ),
            Text(
                "请刷新页面，看过变化后再决定是否继续；您填写的内容还在。",
                "Reload, look at what has changed, and decide again; what you typed is kept.",
            ),
        )
        self.case, self.expected, self.seq, self.changes = case, expected, seq, changes
