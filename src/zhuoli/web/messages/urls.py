"""Addresses of messages: links under ``m/``, what was sent to oneself under ``my/``, to the desk under ``desk/``."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.messages import link, sent, to_call

urlpatterns = [
    path("m/again/", link.again_page, name="link.again"),
    path("m/again/sent/", link.sent_again_page, name="link.sent_again"),
    path("m/<str:token>/", link.link_page, name="link"),
    path("m/<str:token>/again/", link.link_again_page, name="link.again_by_link"),
    path("m/<str:token>/notice.pdf", link.link_notice_page, name="link.notice"),
    path("m/<str:token>/<slug:command>/", link.link_act_page, name="link.act"),
    path("my/<str:receipt>/messages/", sent.own_page, name="messages"),
    path("desk/messages/", to_call.list_page, name="desk.failed"),
    path("desk/messages/<int:message>/", to_call.called_page, name="desk.by_hand"),
    path("outbox/", sent.outbox_page, name="outbox"),
]
