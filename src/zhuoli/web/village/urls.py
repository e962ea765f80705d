"""Addresses of the villages: who the auxiliaries are, for everybody, and their own pages under ``village/``."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.village import known, pages, sheet_pages, station

urlpatterns = [
    path("auxiliaries/", known.find_page, name="auxiliaries"),
    path("auxiliaries/<str:code>/", known.place_page, name="auxiliaries.place"),
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
