"""The worked examples as stories: every step of every example is lived through on the real office."""

from __future__ import annotations

import pytest
from django.conf import settings
from tests.web.site import Clock

from zhuoli.core.case.examples import run_example
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.shelf import read_shelf
from zhuoli.office.directory import _post, _territory, _unit, load_directory, load_places
from zhuoli.office.stories import is_story
from zhuoli.places import packaged_divisions
from zhuoli.places.units import make_posts, make_units
from zhuoli.store.models import Post, Territory, Unit
from zhuoli.web import door
from zhuoli.web.stories import frame

SHELF = read_shelf(settings.ENVIRONMENT.scenarios).scenarios
STORIES = [(name, example) for name, scenario in SHELF.items() for example in scenario.examples]
LAMP = "/en/stories/public_need/street_light_settled/"


@pytest.fixture
def told(clock: Clock, demo: None) -> Clock:
    """The site with the four districts in which examples play."""
    more = ("62", "6201", "620104", "620105")
    rows = [each for each in packaged_divisions() if each.prefix in more or each.code[:6] in more]
    known = set(Territory.objects.values_list("code", flat=True))
    units = [each for each in make_units(rows) if each.territory[:6] in more]
    Territory.objects.bulk_create(_territory(each) for each in rows if each.code not in known)
    Unit.objects.bulk_create(_unit(each) for each in units)
    Post.objects.bulk_create(_post(each) for each in make_posts(units))
    load_directory(fresh=True)
    load_places(fresh=True)
    door.office.cache_clear()
    frame.player.cache_clear()
    return clock


def dates(case: Case) -> dict[str, object]:
    """The limits of a case by clock, without the ids of units."""
    return {
        name: (each.promised, each.statutory, each.passed)
        for name, each in case.clocks.items()
        if ":" not in name
    }


def test_every_step_of_every_example(told: Clock) -> None:
    player = frame.player()
    ends: dict[str, int] = {}
    for scenario, example in STORIES:
        play = player.begin(scenario, example)
        expected = SHELF[scenario].examples[example]
        refused = {number for number, step in enumerate(expected.steps) if step.refused}
        while (step := player.next_step(play)) is not None:
            play = player.step(play)
            assert play.trouble == ("", ""), f"{scenario}/{example}: {step.do} {play.trouble}"
        assert {number for number, _, _ in play.refusals} == refused, f"{scenario}/{example}"
        state = door.load(play.case)
        same = run_example(SHELF[scenario], example, calendar=door.calendar()).steps[-1].case
        assert (state.status, state.result, state.score, state.contests) == (
            same.status,
            same.result,
            same.score,
            same.contests,
        ), f"{scenario}/{example}"
        assert dates(state) == dates(same), f"{scenario}/{example}: every date is as it was tested"
        assert is_story(state.id)
        ends[state.status] = ends.get(state.status, 0) + 1
    assert {"settled", "unconfirmed", "refused", "withdrawn", "merged"} <= set(ends)
