"""Addresses of the public figures."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.figures import accidents, data, indicator_pages, pages, reported_pages

urlpatterns = [
    path("figures/", pages.figures_page, name="figures"),
    path("figures.csv", data.figures_csv, name="figures.csv"),
    path("figures.json", data.figures_json, name="figures.json"),
    path("figures/reported/", reported_pages.reported_page, name="figures.reported"),
    path("figures/reported.csv", reported_pages.reported_csv, name="figures.reported.csv"),
    path("figures/reported.json", reported_pages.reported_json, name="figures.reported.json"),
    path("figures/four-indicators/", accidents.accidents_page, name="figures.accidents"),
    path("figures/four-indicators.csv", accidents.accidents_csv, name="figures.accidents.csv"),
    path("figures/<slug:scenario>/", pages.scenario_page, name="figures.scenario"),
    path("figures/<slug:scenario>.json", data.scenario_json, name="figures.scenario.json"),
    path(
        "figures/<slug:scenario>/<str:indicator>/", indicator_pages.indicator_page, name="figures.indicator"
    ),
    path(
        "figures/<slug:scenario>/<str:indicator>.csv",
        indicator_pages.indicator_csv,
        name="figures.indicator.csv",
    ),
    path(
        "figures/<slug:scenario>/<str:indicator>.json",
        indicator_pages.indicator_json,
        name="figures.indicator.json",
    ),
]
