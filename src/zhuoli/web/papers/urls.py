"""Addresses of pictures and papers."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.papers import pictures

urlpatterns = [
    path(
        "my/<str:receipt>/files/<slug:file>/<slug:size>/", pictures.own_picture_page, name="progress.picture"
    ),
    path(
        "desk/cases/<case:case>/files/<slug:file>/<slug:size>/",
        pictures.case_picture_page,
        name="desk.picture",
    ),
]
