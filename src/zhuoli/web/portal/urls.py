"""Addresses of the portal; private ones lie under ``my/``."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.people import looks
from zhuoli.web.portal import home, intake, matters, places, progress, receipts

urlpatterns = [
    path("", home.home_page, name="home"),
    path("about/", home.about_page, name="about"),
    path("say/", matters.say_page, name="say"),
    path("matters/", matters.matters_page, name="matters"),
    path("matters/<slug:scenario>/", matters.matter_page, name="matter"),
    path("matters/<slug:scenario>/form/", intake.intake_page, name="intake"),
    path("places/", places.children_page, name="places"),
    path("check/", receipts.check_page, name="check"),
    path("check/forget/", receipts.forget_page, name="forget"),
    path("my/<str:receipt>/", progress.progress_page, name="progress"),
    path("my/<str:receipt>/receipt/", receipts.receipt_page, name="receipt"),
    path("my/<str:receipt>/looks/", looks.looks_page, name="looks"),
    path("my/<str:receipt>/files/<slug:file>/", progress.file_page, name="progress.file"),
    path("my/<str:receipt>/<slug:command>/", progress.act_page, name="progress.act"),
]
