"""Checks pictures: each can be drawn, each choice's picture is there, none is left over."""

from __future__ import annotations

from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.pictures.points import HEIGHT, WIDTH, problem


def check_pictures(report: Report) -> None:
    """Look at every picture and at every choice that names one."""
    pictures = report.scenario.pictures
    used: set[str] = set()
    for form, each in report.scenario.forms.items():
        for name, question in each.questions.items():
            for key, choice in question.choices.items():
                used.add(choice.picture)
                if choice.picture and choice.picture not in pictures and not question.choices_from:
                    path = ("forms", form, "questions", name, "choices", key, "picture")
                    report.unknown("unknown_picture", report.marks.value(*path), choice.picture, pictures)
    for name, picture in pictures.items():
        if name not in used:
            report.say("unused_picture", report.marks.key("pictures", name), name=name)
        for number, thing in enumerate(picture.things):
            wrong = problem(thing)
            if wrong:
                place = report.marks.value("pictures", name, "things", number, wrong)
                report.say(
                    "bad_point", place, key=wrong, value=getattr(thing, wrong), width=WIDTH, height=HEIGHT
                )
