"""Addresses of the stories, in the demonstration."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
