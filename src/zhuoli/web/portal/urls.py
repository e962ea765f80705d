"""Addresses of the portal; private ones lie under ``my/``."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.people import looks
from zhuoli.web.portal import drafts, home, intake, matters, mine, places, progress, receipts, say

urlpatterns = [
    path("", home.home_page, name="home"),
    path("about/", home.about_page, name="about"),
    path("say/", say.say_page, name="say"),
    path("matters/", matters.matters_page, name="matters"),
    path("matters/<slug:scenario>/", matters.matter_page, name="matter"),
    path("matters/<slug:scenario>/form/", intake.intake_page, name="intake"),
    path("matters/<slug:scenario>/form/check/", intake.check_page, name="intake.check"),
    path("matters/<slug:scenario>/form/files/", intake.files_page, name="intake.files"),
    path("matters/<slug:scenario>/form/draft/", drafts.save_page, name="draft.save"),
    path("drafts/own/", drafts.own_page, name="draft.own"),
    path("drafts/<slug:draft>/delete/", drafts.drop_page, name="draft.drop"),
    path("places/find/", places.find_page, name="places.find"),
    path("places/at/", places.at_page, name="places.at"),
    path("places/counties.geojson", places.map_page, name="places.map"),
    path("places/", places.children_page, name="places"),
    path("check/", receipts.check_page, name="check"),
    path("check/forget/", receipts.forget_page, name="forget"),
    path("my/", mine.mine_page, name="mine"),
    path("my/<str:receipt>/", progress.progress_page, name="progress"),
    path("my/<str:receipt>/receipt/", receipts.receipt_page, name="receipt"),
    path("my/<str:receipt>/looks/", looks.looks_page, name="looks"),
    path("my/<str:receipt>/onward/<str:onward_to>/", progress.onward_page, name="progress.onward"),
    path("my/<str:receipt>/files/<slug:file>/", progress.file_page, name="progress.file"),
    path("my/<str:receipt>/<slug:command>/", progress.act_page, name="progress.act"),
]
