"""The table of commands: what there is, where it is, and one line about each."""

from __future__ import annotations

import importlib
import importlib.util

import click
import msgspec

from zhuoli.core.text import Text

SECTIONS: dict[str, Text] = {
    "start": Text("开始", "Start"),
    "scenarios": Text("场景", "Scenarios"),
    "run": Text("正式运行", "Run it for real"),
    "develop": Text("开发", "Develop"),
}


class Entry(msgspec.Struct, frozen=True):
    """One command: its name, where it is (``module:attribute``), the section of the help page, one line."""

    name: str
    target: str
    section: str
    help: Text

    @property
    def module(self) -> str:
        """The module that has the command."""
        return self.target.partition(":")[0]

    def exists(self) -> bool:
        """Whether this copy has the command; finds the module without importing it."""
        return importlib.util.find_spec(self.module) is not None

    def load(self) -> click.Command:
        """Import the command."""
        module, _, attribute = self.target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


COMMANDS: tuple[Entry, ...] = (
    Entry(
        "demo",
        "zhuoli.cli.demo:demo",
        "start",
        Text("造一座演示城市，在浏览器里走一遍", "Make a generated city and walk through it in your browser"),
    ),
    Entry(
        "check",
        "zhuoli.cli.check:check",
        "start",
        Text("这台机器准备好了没有；没有的话做什么", "Is this machine ready? And if not, what to do"),
    ),
    Entry(
        "scenario",
        "zhuoli.cli.scenario:scenario",
        "scenarios",
        Text(
            "检查、测试、解释、列出、新建场景（一个场景就是一个文件夹）",
            "Check, test, explain, list or begin a scenario: a folder that anyone can read",
        ),
    ),
    Entry(
        "services",
        "zhuoli.cli.services:services",
        "scenarios",
        Text(
            "检查办事指南：services/ 里的表格，用 Excel 改",
            "Check the service guides: the sheets in services/, edited in Excel",
        ),
    ),
    Entry(
        "register",
        "zhuoli.cli.register:register",
        "scenarios",
        Text(
            "登记册：检查说明、导入并逐行核对、看多新",
            "Registers: check descriptors, import rows and check each, see how fresh they are",
        ),
    ),
    Entry(
        "model",
        "zhuoli.cli.model:model",
        "scenarios",
        Text(
            "模型：自己去找事的场景；试一试、每晚查一遍、命中开成事项",
            "Models: scenarios that find their own cases; try one, run them each night",
        ),
    ),
    Entry(
        "evaluate",
        "zhuoli.cli.evaluate:evaluate",
        "scenarios",
        Text(
            "有没有用：措施前后比一比，说清有多大把握，也会说“说不准”",
            "Did it work? Before and after with how sure that is, and an honest “cannot tell”",
        ),
    ),
    Entry(
        "ledger",
        "zhuoli.cli.ledger:ledger",
        "run",
        Text("核验、证明、重放、封存：记下的事没有被改过", "Verify, prove, replay or seal what was recorded"),
    ),
    Entry(
        "serve",
        "zhuoli.cli.serve:serve",
        "run",
        Text("启动门户、工作台和指挥屏", "Serve portal, desk and board"),
    ),
    Entry(
        "worker",
        "zhuoli.cli.worker:worker",
        "run",
        Text("到点该做的事：计时、通知、自动任务", "Do what falls due: timers, notices, service tasks"),
    ),
    Entry(
        "account",
        "zhuoli.cli.account:account",
        "run",
        Text("谁能登录、在哪个岗位", "Who may sign in, and as which post"),
    ),
    Entry(
        "numbers",
        "zhuoli.cli.numbers:numbers",
        "run",
        Text(
            "伙伴单位凭密钥按自己的编号查进展",
            "Keys by which partner bodies read progress by their own numbers",
        ),
    ),
    Entry(
        "test",
        "zhuoli.cli.test:test",
        "develop",
        Text("运行测试；--all 连慢的也跑", "Run the tests; --all takes the slow ones too"),
    ),
    Entry(
        "lint",
        "zhuoli.cli.lint:lint",
        "develop",
        Text("检查格式、类型、模块方向和文件", "Check form, types, direction of imports and files"),
    ),
)
