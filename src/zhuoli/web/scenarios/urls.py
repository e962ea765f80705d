"""Addresses of the scenarios' pages for officers and the curious."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.scenarios import pages

urlpatterns = [
    path("scenarios/", pages.shelf_page, name="scenarios"),
    path("scenarios/<slug:scenario>/", pages.scenario_page, name="scenario"),
    path("scenarios/<slug:scenario>/pictures/", pages.pictures_page, name="scenario.pictures"),
    path("scenarios/<slug:scenario>/files/", pages.files_page, name="scenario.files"),
]
