"""Addresses of signing in and of being somebody."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.people import admin, admin_units, deferrals, personas, posts, reveal

urlpatterns = [
    path("personas/", personas.personas_page, name="personas"),
    path("personas/choose/", personas.persona_page, name="persona"),
    path("desk/cases/<case:case>/fields/<str:field>/", reveal.reveal_page, name="desk.reveal"),
    path("desk/cases/<case:case>/deferrals/", deferrals.deferrals_page, name="desk.deferrals"),
    path("desk/cases/<case:case>/deferrals/<int:act>/", deferrals.decide_page, name="desk.deferral"),
    path("desk/admin/", admin.admin_page, name="desk.admin"),
    path("desk/admin/accounts/new/", admin.create_page, name="desk.admin.new"),
    path("desk/admin/accounts/of/<str:account>/", admin.account_page, name="desk.admin.account"),
    path("desk/admin/units/<slug:unit>/", admin_units.unit_page, name="desk.admin.unit"),
    path("desk/admin/do/<slug:what>/", admin.do_page, name="desk.admin.do"),
    path("desk/start/", posts.start_page, name="desk.start"),
    path("desk/post/", posts.choose_own_page, name="desk.post"),
]
