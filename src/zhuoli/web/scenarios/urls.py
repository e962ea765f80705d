"""Addresses of the scenarios' pages for officers and the curious."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
