"""The command line: a table of commands, each loaded only when it is called.

``./zhuoli --help`` must be quick and ``scenario`` must not start Django, so nothing here imports a command. A
command whose module is not there is not listed: help says what this copy of the software can do, no more.
"""

from __future__ import annotations

import difflib
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


class CommandTable(click.Group):
    """A group that reads ``COMMANDS`` and shows the help page."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands that this copy has, in the table's order."""
        return [entry.name for entry in COMMANDS if entry.exists()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command, or return None where there is none of this name."""
        for entry in COMMANDS:
            if entry.name == cmd_name and entry.exists():
                return entry.load()
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a wrong name is answered with the nearest right one.

        Raises:
            click.UsageError: there is no such command.
        """
        names = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in names:
            near = difflib.get_close_matches(args[0], names, n=1)
            hint = near[0] if near else "--help"
            raise click.UsageError(
                f"没有命令 {args[0]}。试试 {ctx.command_path} {hint}\n"
                f"There is no command {args[0]}. Try {ctx.command_path} {hint}",
                ctx,
            )
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help page."""
        from zhuoli.cli.help import page

        formatter.write(page([entry for entry in COMMANDS if entry.exists()], prog=ctx.command_path))


def _keep_language(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value:
        ctx.meta["zhuoli.lang"] = value
    return value


def _show_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from zhuoli import __version__

        click.echo(f"zhuoli {__version__}")
        ctx.exit()


@click.command(
    cls=CommandTable,
    no_args_is_help=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), is_eager=True, expose_value=False, callback=_keep_language
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Show the page of help when no command is given."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run() -> None:
    """Run the command line under the name that people type."""
    main(prog_name="./zhuoli")
