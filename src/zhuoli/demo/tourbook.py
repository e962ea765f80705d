"""The tour of the demonstration, chapter by chapter, read from ``tour/*.yaml`` and checked against the shelf.

A chapter lets a visitor live through one worked example in somebody's place. Its stops name the commands of the example's
steps, in their order; a stop issues its commands and then shows a page. A file more in the folder is a chapter more:
they come in the order of the files' names, and ``2_exam_card.yaml`` is the chapter ``exam_card``.

    chapters, mistakes = read_tour(FOLDER, shelf.scenarios)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, get_args

import msgspec
import yaml

from zhuoli.core.scenario.build import LOST, Reading, build, required_keys
from zhuoli.core.scenario.catalog import Place, did_you_mean, from_entry, mistake
from zhuoli.core.scenario.folder import sort_mistakes
from zhuoli.core.scenario.model import Example, Scenario
from zhuoli.core.scenario.shapes import record
from zhuoli.core.scenario.yamltree import compose, place_of
from zhuoli.core.text import Mistake, Text

FOLDER = Path(__file__).parent / "tour"
WHO = ("lead", "dispatcher", "superior", "reviewer")
"""Whose page a stop may show beside those of the parties."""
ON_A_CASE = ("board", "inbox", "model", "progress")
"""Pages that belong to a post, who is known by the case."""
KINDS = ("real", "cited", "generated")
LOOK = 8
"""Seconds that a visitor looks at the page of a stop, beside reading its caption."""
PER_MINUTE = {"zh": 300, "en": 200}
"""Characters (Chinese) or words (English) read in a minute."""

Page = Literal["case", "home", "board", "figures", "inbox", "model", "progress"]
FigurePage = Literal["figures", "board", "model", "progress"]
OfRows = Literal["settled", "unconfirmed", "on_time", "satisfaction", "median_days", "went_up", "by_phone"]
OfVerdicts = Literal["confirmed", "not_so", "precision"]
OfSteps = Literal["given_out", "checked", "put_right"]
Measure = Literal[OfRows, OfVerdicts, OfSteps]
"""What a chapter may end in: counts of cases, of a model's verdicts, or of the steps of a campaign."""

MISTAKES: dict[str, tuple[Text, Text]] = {
    "tour_no_scenario": (
        Text("场景架上没有“{found}”", "There is no scenario “{found}” on the shelf"),
        Text("{nearest}架上有：{allowed}", "{nearest}On the shelf: {allowed}"),
    ),
    "tour_no_example": (
        Text("场景“{scenario}”没有示例“{found}”", "The scenario “{scenario}” has no example “{found}”"),
        Text("{nearest}它的示例：{allowed}", "{nearest}Its examples: {allowed}"),
    ),
    "tour_wrong_step": (
        Text(
            "示例“{example}”的第 {number} 步是 {expected}，这里写的是 {found}",
            "Step {number} of the example “{example}” is {expected}, not {found}",
        ),
        Text(
            "按示例的顺序写命令；全部步骤：{steps}",
            "Name the commands in the example's order; all its steps: {steps}",
        ),
    ),
    "tour_steps_left": (
        Text(
            "示例“{example}”还有没走的步骤：{left}", "Steps of the example “{example}” are left over: {left}"
        ),
        Text("把它们写进各站的 do", "Name them under do in the stops"),
    ),
    "tour_unmarked": (
        Text(
            "这一站没有说哪些是真的、引用的、生成的", "The stop does not say what is real, cited or generated"
        ),
        Text("写上 real、cited 或 generated", "Write real, cited or generated"),
    ),
    "tour_too_early": (
        Text("这时事情还没有提出，看不了这一页", "The matter has not been raised yet: nobody sees this page"),
        Text(
            "放到 do: [open] 之后；之前只能看 home 和 figures，不写 as",
            "Put it after do: [open]; before that only home and figures, without as",
        ),
    ),
    "tour_unknown_who": (
        Text("不认识的人“{found}”", "“{found}” is nobody here"),
        Text("{nearest}可以写：{allowed}", "{nearest}It may be: {allowed}"),
    ),
    "tour_no_model": (
        Text(
            "“{found}”要有模型，场景“{scenario}”不查登记册",
            "“{found}” is of models; “{scenario}” has no query",
        ),
        Text("换一个，或换带 query.sql 的场景", "Choose another, or a scenario with query.sql"),
    ),
    "tour_no_progress": (
        Text(
            "“{found}”要有进度，场景“{scenario}”没有写 progress",
            "“{found}” is of campaigns; “{scenario}” has no progress",
        ),
        Text("换一个，或换写了 progress 的场景", "Choose another, or a scenario that says progress"),
    ),
    "tour_empty": (
        Text("“{key}”是空的", "“{key}” is empty"),
        Text("至少写一项", "Write one item at least"),
    ),
}
"""What can be wrong with a chapter beside what every YAML file can have wrong: code → sentence, remedy."""


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the tour: the commands issued before, whose page it is (``as:``), its caption and its marks.

    ``who`` is a party of the scenario, one of ``WHO``, or ``competence.<name>``; empty for the public.
    """

    say: Text
    do: tuple[str, ...] = ()
    who: str = ""
    page: Page = "case"
    real: Text | None = None
    cited: Text | None = None
    generated: Text | None = None

    def marks(self) -> Iterator[tuple[str, Text]]:
        """Yield what is real, cited, generated on this page, as far as there is any."""
        for kind in KINDS:
            said = getattr(self, kind)
            if said is not None:
                yield kind, said


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers that a chapter ends in, and the page on which they stand."""

    counts: tuple[Measure, ...]
    page: FigurePage
    say: Text


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """One story of the tour. ``rows`` are the rows of the mission; ``id`` comes from the file's name.

    With ``more`` it comes after the ten minutes, for those who like to go on.
    """

    title: Text
    persona: Text
    rows: tuple[str, ...]
    scenario: str
    example: str
    opening: Text
    stops: tuple[Stop, ...]
    figure: Figure
    more: bool = False
    id: str = ""

    def seconds(self, language: str, since: int = 0) -> int:
        """Return how long the chapter takes from page ``since`` on (0 is its opening), in seconds."""
        said = [self.opening, *(stop.say for stop in self.stops), self.figure.say][since:]
        read = sum(_length(each.in_language(language), language) for each in said)
        return round(60 * read / PER_MINUTE[language]) + LOOK * len(said)

    @property
    def pages(self) -> int:
        """How many pages the chapter has: the opening, its stops, the figure."""
        return len(self.stops) + 2


def read_tour(folder: Path, scenarios: Mapping[str, Scenario]) -> tuple[tuple[Chapter, ...], list[Mistake]]:
    """Read the chapters that are sound, and everything that is wrong with the others, by file and line."""
    found: list[Chapter] = []
    mistakes: list[Mistake] = []
    for path in sorted(folder.glob("*.yaml")):
        chapter, wrong = read_chapter(path, scenarios)
        mistakes += wrong
        if chapter is not None:
            found.append(chapter)
    return tuple(found), mistakes


def read_chapter(path: Path, scenarios: Mapping[str, Scenario]) -> tuple[Chapter | None, list[Mistake]]:
    """Read and check one file; the chapter only when nothing is wrong with it."""
    file = str(path)
    try:
        source = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [mistake("not_utf8", (file, 0, 0))]
    shape = record(Chapter)
    root, wrong = compose(source, file)
    if root is None:
        return None, wrong or [mistake("yaml_empty", (file, 1, 1), required=required_keys(shape))]
    reading = Reading(file)
    chapter = build(root, shape, reading, path.stem)
    wrong += reading.mistakes
    if chapter is not LOST and not reading.lost:
        wrong += _Check(chapter, root, file, scenarios).mistakes()
    if wrong:
        return None, sort_mistakes(wrong)
    return msgspec.structs.replace(chapter, id=path.stem.lstrip("0123456789").lstrip("_")), []


class _Check:
    """Holds a chapter against the shelf."""

    def __init__(
        self, chapter: Chapter, root: yaml.Node, file: str, scenarios: Mapping[str, Scenario]
    ) -> None:
        self.chapter, self.root, self.file, self.scenarios = chapter, root, file, scenarios

    def mistakes(self) -> list[Mistake]:
        """Return what is wrong, the first thing first."""
        chapter = self.chapter
        found = [
            self._say("tour_empty", key, key=key)
            for key, given in (("stops", chapter.stops), ("figure", chapter.figure.counts))
            if not given
        ]
        scenario = self.scenarios.get(chapter.scenario)
        if scenario is None:
            return [*found, self._unknown("tour_no_scenario", chapter.scenario, self.scenarios, "scenario")]
        example = scenario.examples.get(chapter.example)
        if example is None:
            return [
                *found,
                self._unknown(
                    "tour_no_example",
                    chapter.example,
                    scenario.examples,
                    "example",
                    scenario=chapter.scenario,
                ),
            ]
        found += self._steps(example)
        found += self._fits(scenario)
        for number, stop in enumerate(chapter.stops):
            found += self._stop(number, stop, scenario)
        return found

    def _steps(self, example: Example) -> Iterator[Mistake]:
        steps = [step.do for step in example.steps]
        at = 0
        for number, stop in enumerate(self.chapter.stops):
            for place, do in enumerate(stop.do):
                expected = steps[at] if at < len(steps) else "—"
                if do != expected:
                    yield self._say(
                        "tour_wrong_step",
                        "stops",
                        number,
                        "do",
                        place,
                        example=self.chapter.example,
                        number=at + 1,
                        expected=expected,
                        found=do,
                        steps=", ".join(steps),
                    )
                    return
                at += 1
        if at < len(steps):
            left = ", ".join(steps[at:])
            yield self._say("tour_steps_left", "stops", example=self.chapter.example, left=left)

    def _fits(self, scenario: Scenario) -> Iterator[Mistake]:
        """Pages and measures of models and of campaigns need a scenario that is one."""
        steps = scenario.progress.steps if scenario.progress is not None else ()
        asked: list[tuple[str, tuple[str | int, ...]]] = [
            (stop.page, ("stops", number, "page")) for number, stop in enumerate(self.chapter.stops)
        ]
        asked.append((self.chapter.figure.page, ("figure", "page")))
        asked += [(one, ("figure", "counts", at)) for at, one in enumerate(self.chapter.figure.counts)]
        for word, path in asked:
            if word in ("model", *get_args(OfVerdicts)) and scenario.query is None:
                yield self._say("tour_no_model", *path, found=word, scenario=scenario.scenario)
            of_campaigns = word in get_args(OfSteps) and word not in steps
            if of_campaigns or (word == "progress" and scenario.progress is None):
                yield self._say("tour_no_progress", *path, found=word, scenario=scenario.scenario)

    def _stop(self, number: int, stop: Stop, scenario: Scenario) -> Iterator[Mistake]:
        if not any(stop.marks()):
            yield self._say("tour_unmarked", "stops", number)
        raised = any(each.do for each in self.chapter.stops[: number + 1])
        if not raised and (stop.who or stop.page in ("case", *ON_A_CASE)):
            yield self._say("tour_too_early", "stops", number)
        allowed = [*scenario.parties, *WHO]
        who = stop.who.partition("/")[0]
        if who and who not in allowed and not who.startswith("competence."):
            yield self._unknown("tour_unknown_who", stop.who, allowed, "stops", number, "as")

    def _unknown(
        self,
        code: str,
        word: str,
        known: Mapping[str, object] | list[str],
        *path: str | int,
        **values: object,
    ) -> Mistake:
        allowed = list(known)
        return self._say(
            code,
            *path,
            found=word,
            nearest=did_you_mean(word, allowed),
            allowed=", ".join(allowed),
            **values,
        )

    def _say(self, code: str, *path: str | int, **values: object) -> Mistake:
        return from_entry(code, MISTAKES[code], self._place(path), values)

    def _place(self, path: tuple[str | int, ...]) -> Place:
        """Return where the value at ``path`` stands, or the nearest thing around it."""
        node = self.root
        for step in path:
            if isinstance(node, yaml.MappingNode):
                inner = next((value for key, value in node.value if key.value == step), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                inner = node.value[step]
            else:
                inner = None
            if inner is None:
                break
            node = inner
        return place_of(node, self.file)


def _length(said: str, language: str) -> int:
    return len(said) if language == "zh" else len(said.split())
