"""``./zhuoli evaluate``: did it work? For a series from a file, or for an indicator of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

import click
import msgspec

from zhuoli.cli import output
from zhuoli.cli.options import JSON
from zhuoli.core.text import Mistake, Text

if TYPE_CHECKING:
    from zhuoli.evaluate.areas import Compared
    from zhuoli.evaluate.series import Kind, Series
    from zhuoli.evaluate.trial import Evaluation


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--series",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV 表：日期,数值（可加 分母、对照、地区）。 A CSV table: date,value; of, comparison and area may follow.",
)
@click.option("--scenario", help="或者：哪个场景。 Or else: which scenario.")
@click.option("--indicator", help="……的哪个指标。 … and which of its indicators.")
@click.option("--at", required=True, help="从哪天起有措施：2024-03-01、2024-03。 When it began.")
@click.option(
    "--kind",
    type=click.Choice(["count", "share", "amount"]),
    help="量的是件数、比率，还是别的。 What is measured; guessed without it.",
)
@click.option(
    "--area", "areas", multiple=True, help="在哪里采取了措施，可多次。 Where it was done; repeat it."
)
@click.option(
    "--against", multiple=True, help="和哪里比，可多次；不写是表里其余地区。 What to compare with; repeat it."
)
@JSON
def evaluate(
    file: Path | None,
    scenario: str | None,
    indicator: str | None,
    at: str,
    kind: str | None,
    areas: tuple[str, ...],
    against: tuple[str, ...],
    as_json: bool,
) -> None:
    """有没有用：措施前后比一比，说清有多大把握。 Did it work? Before and after, and how sure that is.

    The answer is one of four: it fell, it rose, no change that matters, cannot tell.
    """
    if (file is None) == (scenario is None) or (scenario is None) != (indicator is None):
        output.fail(
            Text(
                "要么给 --series，要么给 --scenario 和 --indicator",
                "Give --series, or --scenario with --indicator",
            ),
            Text(
                "例如 evaluate --series 事故.csv --at 2024-03",
                "For example evaluate --series accidents.csv --at 2024-03",
            ),
            code="wrong_use",
            exit_code=2,
        )
    if file is not None:
        table, found = _from_file(file, cast("Kind | None", kind))
    else:
        table, found = _from_cases(scenario or "", indicator or "", (*areas, *against))
    if found:
        _leave(found, as_json)
    from zhuoli.evaluate.trial import CannotEvaluate

    try:
        result, compared, one = _answer(table, areas, against, at)
    except CannotEvaluate as error:
        _leave([msgspec.structs.replace(error.mistake, file=str(file or ""))], as_json)
    _show(result, compared, one, as_json)


def _from_file(file: Path, kind: Kind | None) -> tuple[Mapping[str, Series], list[Mistake]]:
    from zhuoli.evaluate.series import read_series

    return read_series(output.read_or_fail(file), str(file), kind)


def _from_cases(
    scenario: str, indicator: str, areas: tuple[str, ...]
) -> tuple[Mapping[str, Series], list[Mistake]]:
    from zhuoli.cli.ledger import start_django

    start_django()
    from zhuoli.office.series import NoSeries, series_of_indicator

    try:
        return series_of_indicator(scenario, indicator, areas), []
    except NoSeries as error:
        return {}, [error.mistake]


def _answer(
    table: Mapping[str, Series], areas: tuple[str, ...], against: tuple[str, ...], at: str
) -> tuple[Evaluation, Compared | None, Series]:
    from zhuoli.evaluate.areas import compare, which_area
    from zhuoli.evaluate.trial import CannotEvaluate, evaluate, position

    first = next(iter(table.values()))
    place = position(first, at)
    if len(table) == 1:
        return evaluate(first, place), None, first
    if not areas:
        raise CannotEvaluate(which_area(table))
    chosen = {name: one for name, one in table.items() if not against or name in (*areas, *against)}
    compared = compare(chosen, areas, place)
    return compared.evaluation, compared, first


def _show(result: Evaluation, compared: Compared | None, one: Series, as_json: bool) -> None:
    from zhuoli.evaluate.words import headline, sentences

    said = sentences(result, one.period, compared)
    if as_json:
        answer: dict[str, Any] = {
            "ok": True,
            "headline": headline(result),
            "sentences": said,
            **msgspec.to_builtins(result),
            "elsewhere": [] if compared is None else compared.elsewhere,
        }
        output.echo_json(answer)
        return
    output.say(headline(result))
    for each in said:
        output.say(each)


def _leave(found: list[Mistake], as_json: bool) -> NoReturn:
    if as_json:
        output.echo_json({"ok": False, "mistakes": found})
    else:
        output.show_mistakes(found)
    raise click.exceptions.Exit(1)
