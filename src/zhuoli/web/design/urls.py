"""Addresses of the design system, and of the choice between light and dark."""

from __future__ import annotations

from django.urls import path

from zhuoli.web import theme
from zhuoli.web.design import pages

urlpatterns = [
    path("design/", pages.design_page, name="design"),
    path("design/errors/<int:status>/", pages.error_sample_page, name="design.error"),
    path("theme/<slug:theme>/", theme.theme_page, name="theme"),
]
