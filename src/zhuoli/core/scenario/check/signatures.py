"""Checks signatures: asked where there is a case to sign in, one in a form, and put under answers that anybody may read."""

from __future__ import annotations

from zhuoli.core.scenario.check.expressions import Language
from zhuoli.core.scenario.check.report import Report


def check_signatures(report: Report, language: Language) -> None:
    """Look at each question of the type ``signature``."""
    scenario = report.scenario
    plain = {name for name in language.names if name not in language.personal}
    for form_id, form in scenario.forms.items():
        signed = [name for name, one in form.questions.items() if one.type == "signature"]
        for number, name in enumerate(signed):
            path = ("forms", form_id, "questions", name)
            if form_id == scenario.intake:
                report.say("signed_before_case", report.marks.key(*path), question=name)
            if number:
                report.say("signed_twice", report.marks.key(*path), question=name, first=signed[0])
            for index, one in enumerate(form.questions[name].signs):
                if one not in plain and not any(one.startswith(each) for each in language.doubtful):
                    report.unknown(
                        "not_signable", report.marks.value(*path, "signs", index), one, sorted(plain)
                    )
