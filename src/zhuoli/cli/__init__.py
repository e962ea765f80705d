"""The command line; commands load when they are called."""

import click

from zhuoli import __version__


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Every need of the public, followed until it is settled."""


def run() -> None:
    """Run the command line as ``./zhuoli``."""
    main(prog_name="./zhuoli")
