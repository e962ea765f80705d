"""Addresses of the registers."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.registers import pages

urlpatterns = [
    path("registers/", pages.registers_page, name="registers"),
    path("registers/<slug:register>/", pages.register_page, name="register"),
]
