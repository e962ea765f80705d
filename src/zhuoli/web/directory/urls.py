"""Addresses of the directory."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.directory import pages

urlpatterns = [
    path("directory/", pages.directory_page, name="directory"),
    path("directory/<slug:provider>/", pages.provider_page, name="directory.provider"),
]
