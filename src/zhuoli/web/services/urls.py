"""Addresses of the service guides."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.services import pages

urlpatterns = [
    path("services/", pages.services_page, name="services"),
    path("services.csv", pages.services_csv, name="services.csv"),
    path("services/<slug:service>/", pages.service_page, name="service"),
]
