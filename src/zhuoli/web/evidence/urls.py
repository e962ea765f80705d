"""Addresses of evidence: for the holder of a receipt, for whoever has a link, and at the desk."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.evidence import capture, desk, tus

urlpatterns = [
    path("my/<str:receipt>/evidence/", capture.capture_page, name="evidence.capture"),
    path("my/<str:receipt>/evidence/uploads/", tus.create_page, name="evidence.uploads"),
    path("my/<str:receipt>/evidence/uploads/<slug:upload>/", tus.upload_page, name="evidence.upload"),
    path("my/<str:receipt>/evidence/<slug:file>/<slug:part>/", capture.part_page, name="evidence.part"),
    path("m/<str:token>/evidence/", capture.link_capture_page, name="link.evidence.capture"),
    path("m/<str:token>/evidence/uploads/", tus.link_create_page, name="link.evidence.uploads"),
    path("m/<str:token>/evidence/uploads/<slug:upload>/", tus.link_upload_page, name="link.evidence.upload"),
    path(
        "m/<str:token>/evidence/<slug:file>/<slug:part>/", capture.link_part_page, name="link.evidence.part"
    ),
    path("desk/cases/<case:case>/evidence/", desk.evidence_page, name="desk.evidence"),
    path("desk/cases/<case:case>/evidence/proof.pdf", desk.proof_pdf, name="desk.evidence.proof"),
    path("desk/cases/<case:case>/evidence/sketch/", desk.sketch_page, name="desk.evidence.sketch"),
    path("desk/cases/<case:case>/evidence/streets/", desk.streets_page, name="desk.evidence.streets"),
    path(
        "desk/cases/<case:case>/evidence/<slug:file>/original/",
        desk.original_page,
        name="desk.evidence.original",
    ),
    path(
        "desk/cases/<case:case>/evidence/<slug:file>/<slug:part>/", desk.part_page, name="desk.evidence.part"
    ),
]
