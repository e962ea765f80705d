"""Addresses of signing in and of being somebody."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.people import posts, reveal

urlpatterns = [
    path("login/", posts.login_page, name="login"),
    path("logout/", posts.logout_page, name="logout"),
    path("personas/", posts.personas_page, name="personas"),
    path("personas/choose/", posts.persona_page, name="persona"),
    path("desk/cases/<case:case>/fields/<str:field>/", reveal.reveal_page, name="desk.reveal"),
    path("desk/post/", posts.choose_own_page, name="desk.post"),
]
