"""Addresses of what parties pass on to bodies outside the office."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.shared import pages

urlpatterns = [
    path("desk/shared/", pages.list_page, name="shared"),
    path("desk/shared/<case:case>/<slug:kind>/<slug:role>/", pages.case_page, name="shared.case"),
    path(
        "desk/shared/<case:case>/<slug:kind>/<slug:role>/papers/<slug:file>.pdf",
        pages.paper_page,
        name="shared.paper",
    ),
    path(
        "desk/shared/<case:case>/<slug:kind>/<slug:role>/evidence/<slug:file>/<slug:part>/",
        pages.part_page,
        name="shared.part",
    ),
    path(
        "desk/shared/<case:case>/<slug:kind>/<slug:role>/<slug:command>/",
        pages.act_page,
        name="shared.act",
    ),
]
