"""Fills forms as people would: from the matter, from weights, and else from the kind of question.

Nothing here knows a scenario. What identifies people is recognisably made up: phone numbers begin with 100 (no
mobile number does), identity numbers have the sequence 000 (which is never issued), credit codes spell DEM0.
"""

from __future__ import annotations

import random
import zlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from stdnum.cn import ric, uscc

from zhuoli.core.case.plan import PlanForm, PlanQuestion
from zhuoli.core.feel import MissingAnswer
from zhuoli.core.feel.errors import RunError
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.demo.needs import Rows
from zhuoli.demo.texts import DateRule, Matter, ScenarioTexts, Texts, both, pick, story, weighted

UNKNOWN = Text("按实际情况填写（演示）", "Filled in for the demonstration")
_FILES = ("photos", "files")
CHOSEN = 0.8
"""How often somebody finds the right row in a list that may be left."""


class Filled(msgspec.Struct, frozen=True):
    """Answers by the question's own name, the party roles to whom some belong, and the questions for files."""

    answers: dict[str, Any]
    roles: tuple[str, ...]
    files: tuple[str, ...]


class Filler(msgspec.Struct, kw_only=True):
    """What is known to whoever fills in a form: the matter, the place, the moment and the names to put in."""

    rng: random.Random
    texts: Texts
    scenario: ScenarioTexts
    matter: Matter
    place: str
    at: int
    known: dict[str, Any]
    values: dict[str, Text]
    misfiled: bool = False
    row: str = ""
    rows: Rows = lambda register, place: []

    def fill(self, form: PlanForm) -> Filled:
        """Answer every question that is relevant, in the form's order."""
        known = dict(self.known)
        answers: dict[str, Any] = {}
        roles: list[str] = []
        files: list[str] = []
        for asked in form.questions.values():
            question = asked.question
            if question.type == "note" or not _relevant(asked, known):
                continue
            if asked.calculate is not None:
                _calculate(asked, known)
                continue
            if question.type in _FILES:
                files.append(asked.name)
                continue
            value = self._value(asked, known)
            if value is None:
                continue
            answers[asked.name] = value
            known[asked.full] = Decimal(value) if question.type == "decimal" else value
            if question.personal:
                roles.append(question.personal)
        return Filled(answers, tuple(dict.fromkeys(roles)), tuple(files))

    def _value(self, asked: PlanQuestion, known: dict[str, Any]) -> Any:
        full, question, rng = asked.full, asked.question, self.rng
        settled = self.matter.set
        if question.register:
            keys = [row.key for row in self.rows(question.register, self.place)]
            if self.row in keys:
                return self.row
            if not keys or rng.random() >= CHOSEN:
                return None
            return keys[
                int(rng.random() ** 2 * len(keys))
            ]  # as in the generated registers: the first more often
        if full in settled and not (self.misfiled and full == self.scenario.misfiled):
            return self._settled(settled[full])
        outcome = str(known.get(f"{full.partition('.')[0]}.outcome", ""))
        words = self.scenario.by_outcome.get(full, {}).get(outcome)
        if words:
            return self._cut(both(pick(rng, words), self.values), question.max_length)
        part = self.scenario.from_matter.get(full)
        if part and question.type in ("text", "long_text"):
            return self._cut(self._from_matter(part), question.max_length)
        if full in self.scenario.answers:
            return weighted(rng, self.scenario.answers[full])
        if full in self.scenario.texts:
            text = pick(rng, self.scenario.texts[full])
            if question.type == "text":
                return self._cut(text.format(**self.values).zh, question.max_length)
            return self._cut(both(text, self.values), question.max_length)
        if question.type in ("text", "long_text", "signature"):
            if not _required(asked, known):
                return None
            named = pick(rng, self.texts.callers) if question.personal else UNKNOWN
            return self._cut(named.zh, question.max_length)
        return self._by_kind(asked, known)

    def _settled(self, value: Any) -> Any:
        """Return what the matter settles; words in both languages are filled in, and Chinese is what goes into the form."""
        if isinstance(value, dict):
            return Text(value["zh"], value["en"]).format(**self.values).zh
        return value

    def _by_kind(self, asked: PlanQuestion, known: dict[str, Any]) -> Any:
        question, rng = asked.question, self.rng
        kind = question.type
        today = local(self.at).date()
        if kind == "choice":
            return rng.choice(list(question.choices))
        if kind == "many":
            names = list(question.choices)
            return sorted(rng.sample(names, rng.randint(1, min(2, len(names)))))
        if kind == "yes_no":
            return False
        if kind == "date":
            return self._date(self.scenario.dates.get(asked.full), known, today).isoformat()
        if kind == "datetime" and self.scenario.dates.get(asked.full, DateRule()).before is not None:
            return local(self.at - rng.randint(5, 25) * 60_000).strftime("%Y-%m-%dT%H:%M")
        if kind == "datetime":
            day = today + timedelta(days=rng.randint(1, 3))
            return f"{day.isoformat()}T{rng.randint(9, 17):02}:{rng.choice((0, 30)):02}"
        if kind in ("integer", "decimal"):
            low = int(Decimal(question.min or "1"))
            return str(low) if kind == "decimal" else low
        if kind == "place":
            return self.place
        if kind == "phone":
            return f"100{rng.randrange(10**8):08}"
        if kind == "id_number":
            return self._identity(known)
        if kind == "credit_code":
            named = str(known.get(f"{_prefix(asked.full)}.enterprise") or "")
            # The same enterprise has the same code, wherever it comes up again.
            number = zlib.crc32(named.encode()) % 10**5 if named else rng.randrange(10**5)
            body = f"91{self.place[:6]}DEM0{number:05}"
            return body + uscc.calc_check_digit(body)
        if kind == "plate":
            return f"甘A0000{rng.choice('ABCDEFGH')}"
        return None

    def _date(self, rule: DateRule | None, known: dict[str, Any], today: date) -> date:
        if rule is None:
            return today
        if rule.after is not None:
            return today + timedelta(days=self.rng.randint(*rule.after))
        if rule.before is not None:
            return today - timedelta(days=self.rng.randint(*rule.before))
        years = rule.years
        for name, by in rule.years_by.items():
            years = by.get(str(known.get(name)), years)
        if years is None:
            return today
        return today - timedelta(days=self.rng.randint(years[0] * 366, years[1] * 365))

    def _identity(self, known: dict[str, Any]) -> str:
        born = next((str(value) for name, value in known.items() if name.endswith("birth_date")), "")
        digits = born.replace("-", "") or f"19{self.rng.randint(60, 99)}0{self.rng.randint(1, 9)}15"
        body = f"620102{digits}000"
        return body + ric.calc_check_digit(body + "0")

    def _from_matter(self, part: str) -> str:
        matter = self.matter
        if part == "say":
            return story(self.rng, self.texts, matter, self.values)
        if part == "spot":
            return f"{self.values['place'].zh}{self.values['spot'].zh}"
        if part == "wish":
            return both(Text(matter.wish_zh, matter.wish_en), self.values)
        return both(Text(matter.done_zh, matter.done_en), self.values)

    @staticmethod
    def _cut(text: str, longest: int) -> str:
        return text[:longest] if longest else text


def _prefix(name: str) -> str:
    """Return where a question is asked: ``form`` of ``form.place``."""
    return name.rpartition(".")[0]


def _relevant(asked: PlanQuestion, known: dict[str, Any]) -> bool:
    return asked.relevant is None or asked.relevant.holds(known)


def _required(asked: PlanQuestion, known: dict[str, Any]) -> bool:
    return asked.required or (asked.required_if is not None and asked.required_if.holds(known))


def _calculate(asked: PlanQuestion, known: dict[str, Any]) -> None:
    if asked.calculate is None:
        return
    try:
        value = asked.calculate.evaluate(known)
    except (MissingAnswer, RunError):
        return
    known[asked.full] = value.isoformat() if isinstance(value, date) else value
