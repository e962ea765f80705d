"""Addresses of the villages, under ``village/``."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.village import pages, sheet_pages, station

urlpatterns = [
    path("village/", pages.round_page, name="village"),
    path("village/files/", pages.files_page, name="village.files"),
    path("village/noted/<str:receipt>/", pages.noted_page, name="village.noted"),
    path("village/noted/", pages.mine_page, name="village.mine"),
    path("village/needs/<str:receipt>/", pages.say_page, name="village.say"),
    path("village/station/", station.station_page, name="village.station"),
    path("village/sheet/<str:village>/<str:month>/", sheet_pages.sheet_page, name="village.sheet"),
    path(
        "village/sheet/<str:village>/<str:month>/sheet.pdf", sheet_pages.sheet_pdf, name="village.sheet.pdf"
    ),
]
