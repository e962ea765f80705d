"""Addresses of the tour, in the demonstration."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.tour import pages

urlpatterns = [
    path("tour/", pages.tour_page, name="tour"),
    path("tour/move/", pages.move_page, name="tour.move"),
    path("tour/<slug:chapter>/", pages.chapter_page, name="tour.chapter"),
    path("tour/<slug:chapter>/figure/", pages.figure_page, name="tour.figure"),
]
