"""Addresses of the public figures."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.figures import data, pages

urlpatterns = [
    path("figures/", pages.figures_page, name="figures"),
    path("figures.csv", data.figures_csv, name="figures.csv"),
    path("figures.json", data.figures_json, name="figures.json"),
    path("figures/<slug:scenario>/", pages.scenario_page, name="figures.scenario"),
    path("figures/<slug:scenario>.json", data.scenario_json, name="figures.scenario.json"),
]
