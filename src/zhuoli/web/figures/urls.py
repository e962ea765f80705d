"""Addresses of the public figures."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.figures import data, pages, single

urlpatterns = [
    path("figures/", pages.figures_page, name="figures"),
    path("figures.csv", data.figures_csv, name="figures.csv"),
    path("figures.json", data.figures_json, name="figures.json"),
    path("figures/reported/", single.reported_page, name="figures.reported"),
    path("figures/reported.csv", single.reported_csv, name="figures.reported.csv"),
    path("figures/reported.json", single.reported_json, name="figures.reported.json"),
    path("figures/<slug:scenario>/", pages.scenario_page, name="figures.scenario"),
    path("figures/<slug:scenario>.json", data.scenario_json, name="figures.scenario.json"),
    path("figures/<slug:scenario>/<str:indicator>/", single.indicator_page, name="figures.indicator"),
    path("figures/<slug:scenario>/<str:indicator>.csv", single.indicator_csv, name="figures.indicator.csv"),
    path(
        "figures/<slug:scenario>/<str:indicator>.json", single.indicator_json, name="figures.indicator.json"
    ),
]
