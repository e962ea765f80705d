"""Addresses of the board, under ``board/``."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.board import lists, orders, pages, progress

urlpatterns = [
    path("board/", pages.board_page, name="board"),
    path("board/live/", pages.live_page, name="board.live"),
    path("board/matters/", lists.matters_page, name="board.matters"),
    path("board/units/", lists.units_page, name="board.units"),
    path("board/progress/", progress.progress_page, name="board.progress"),
    path("board/progress/after/", progress.after_page, name="board.after"),
    path("board/cases/<case:case>/undo/", orders.undo_page, name="board.undo"),
    path("board/cases/<case:case>/<slug:command>/", orders.order_page, name="board.order"),
]
