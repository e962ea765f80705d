"""Addresses of the public figures."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.figures import pages as figures

urlpatterns = [
    path("figures/", figures.figures_page, name="figures"),
    path("figures.csv", figures.figures_csv, name="figures.csv"),
    path("figures.json", figures.figures_json, name="figures.json"),
]
