"""The shelf: every model with what it finds, who serves it, how precise it is, what it costs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhuoli.core.registers.model import SUBJECTS
from zhuoli.lake.judging import Judged, judged
from zhuoli.lake.nightly import nights
from zhuoli.lake.results import last_run
from zhuoli.office.access import require_colleague
from zhuoli.web.context import asked as page_of
from zhuoli.web.errors import bad_parameter
from zhuoli.web.registers.known import registers
from zhuoli.web.shelf import finding, say
from zhuoli.web.shelf.finding import ORDERS, STATES, Asked
from zhuoli.web.wording import text


@require_safe
def shelf_page(request: HttpRequest) -> HttpResponse:
    """List the models that fit, one page at a time."""
    page = page_of(request)
    require_colleague(page.viewer)
    asked = _asked(request)
    last = next(iter(nights(1)), None)
    failed = frozenset(each.model for each in last.failures) if last else frozenset()
    since = last.began if last and last.ended else 0
    fitting = finding.found(asked)
    models: dict[str, Judged] = {}
    if asked.state or asked.order != "title":
        # What stands in the store is read for all models only where one sorts or filters by it.
        models = judged(fitting)
        kept = finding.standing([models[one.scenario] for one in fitting], asked, page.viewer.unit, failed)
        fitting = [each.scenario for each in kept]
    shown, links = finding.paged(fitting, asked, request.path)
    models = models or judged(shown)
    context = {
        "page": "shelf",
        "asked": asked,
        "count": len(fitting),
        "all": len(finding.entries()),
        "lines": [_line(models[each.scenario], failed, since) for each in shown],
        "pages": links,
        "themes": [(each, say.theme(each)) for each in _themes()],
        "registers": [(name, one.title) for name, one in registers().items() if name in _read()],
        "states": [(each, text(f"shelf.state.{each}")) for each in STATES],
        "orders": [(each, text(f"shelf.order.{each}")) for each in ORDERS],
        "night": last,
        "narrowed": any((asked.q, asked.theme, asked.register, asked.state)),
    }
    return render(request, "shelf/shelf.html", context)


def _asked(request: HttpRequest) -> Asked:
    given = request.GET
    page = given.get("page", "1")
    if not page.isdigit() or len(page) > 6:
        raise bad_parameter("page")
    order = given.get("order", "") or "title"
    found = Asked(
        q=given.get("q", "").strip()[:100],
        theme=given.get("theme", ""),
        register=given.get("register", ""),
        state=given.get("state", ""),
        order=order,
        page=int(page),
    )
    for name, value, allowed in (
        ("theme", found.theme, _themes()),
        ("register", found.register, list(registers())),
        ("state", found.state, STATES),
        ("order", found.order, ORDERS),
    ):
        if value and value not in allowed:
            raise bad_parameter(name)
    return found


def _themes() -> list[str]:
    return sorted({each.scenario.theme or "other" for each in finding.entries()})


def _read() -> set[str]:
    return {name for each in finding.entries() if each.scenario.query for name in each.scenario.query.reads}


def _line(model: Judged, failed: frozenset[str], since: int) -> dict[str, Any]:
    """One model of the list; ``since`` is when the latest night began (ms UTC): what it left alone had not changed."""
    scenario = model.scenario
    query = scenario.query
    assert query is not None  # noqa: S101 - only models are listed
    run = last_run(settings.ENVIRONMENT.data / "lake", scenario.scenario)
    known = registers()
    return {
        "scenario": scenario,
        "finds": query.finds,
        "subject": SUBJECTS[query.subject],
        "theme": say.theme(scenario.theme),
        "reads": [known[name].title for name in query.reads if name in known],
        "served": len(model.served),
        "places": _places(model),
        "off": not model.menu.on,
        "run": run,
        "cost": say.cost(run) if run is not None and run.error is None else None,
        "error": run.error if run is not None else None,
        "failed": scenario.scenario in failed,
        "unchanged": bool(model.served)
        and run is not None
        and run.at < since
        and scenario.scenario not in failed,
        "share": say.share(model.precision) if model.precision.judged else None,
        "duplicates": model.precision.duplicate,
        "proposal": say.proposed(model.proposal) if model.proposal else None,
        "serving_proposals": sum(each.proposal is not None for each in model.servings),
    }


def _places(model: Judged) -> list[Any]:
    """The first few places that it is served for, each once."""
    found = {each.line.territory: say.place(each.line) for each in model.served}
    return list(found.values())[:3]
