"""Addresses of the shelf of models."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.shelf import compare, listing, model, nights, serve

urlpatterns = [
    path("shelf/", listing.shelf_page, name="shelf"),
    path("shelf/nights/", nights.nights_page, name="shelf.nights"),
    path("shelf/<slug:model>/", model.model_page, name="shelf.model"),
    path("shelf/<slug:model>/serve/", serve.serve_page, name="shelf.serve"),
    path("shelf/<slug:model>/decide/", model.decide_page, name="shelf.decide"),
    path("shelf/<slug:model>/compare/", compare.compare_page, name="shelf.compare"),
]
