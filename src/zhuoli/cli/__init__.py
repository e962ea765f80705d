"""The command line: a table of commands, each loaded only when it is called.

``./zhuoli --help`` must be quick and ``scenario`` must not start Django, so nothing here imports a command. A
command whose module is not there is not listed: help says what this copy of the software can do, no more.
"""

from __future__ import annotations

import difflib

import click

from zhuoli.cli.commands import COMMANDS


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
