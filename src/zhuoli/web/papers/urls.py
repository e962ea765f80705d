"""Addresses of pictures and papers."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.papers import pictures, prints, verify

urlpatterns = [
    path(
        "my/<str:receipt>/files/<slug:file>/<slug:size>/", pictures.own_picture_page, name="progress.picture"
    ),
    path(
        "desk/cases/<case:case>/files/<slug:file>/<slug:size>/",
        pictures.case_picture_page,
        name="desk.picture",
    ),
    path("my/<str:receipt>/receipt.pdf", prints.receipt_pdf, name="receipt.pdf"),
    path("my/<str:receipt>/answer.pdf", prints.answer_pdf, name="answer.pdf"),
    path("my/<str:receipt>/notices/<slug:file>.pdf", prints.notice_pdf, name="notice.pdf"),
    path("desk/cases/<case:case>/print.pdf", prints.case_pdf, name="desk.print"),
    path("desk/cases/<case:case>/notices/<slug:file>.pdf", prints.desk_notice_pdf, name="desk.notice"),
    path("verify/", verify.verify_page, name="verify.ask"),
    path("verify/<str:number>/", verify.verify_page, name="verify"),
]
