"""Addresses of the desk, under ``desk/``."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.desk import (
    bulk,
    case,
    export,
    fields,
    handover,
    inbox,
    noting,
    numbers,
    phone,
    phone_calls,
    saved,
)
from zhuoli.web.portal import intake, receipts

urlpatterns = [
    path("desk/", inbox.inbox_page, name="desk"),
    path("desk/bulk/", bulk.bulk_page, name="desk.bulk"),
    path("desk/views/", saved.save_page, name="desk.views"),
    path("desk/views/<int:view>/remove/", saved.remove_page, name="desk.view.remove"),
    path("desk/export/", export.export_page, name="desk.export"),
    path("desk/handover/", handover.handover_page, name="desk.handover"),
    path("desk/handover/shifts/", handover.shifts_page, name="desk.handover.shifts"),
    path("desk/handover/<int:handed>/", handover.read_page, name="desk.handover.read"),
    path("desk/handover/<int:handed>/sign/", handover.sign_page, name="desk.handover.sign"),
    path("desk/numbers/", numbers.numbers_page, name="desk.numbers"),
    path("desk/new/", phone.phone_page, name="desk.new"),
    path("desk/calls/", phone_calls.calls_page, name="desk.calls"),
    path("desk/calls/<slug:call>/", phone_calls.call_page, name="desk.call"),
    path("desk/told/<str:receipt>/", phone.told_page, name="desk.told"),
    path("desk/new/<slug:scenario>/", intake.caller_page, name="desk.intake"),
    path("desk/receipts/<str:receipt>/", receipts.caller_receipt_page, name="desk.receipt"),
    path("desk/cases/<case:case>/", case.case_page, name="desk.case"),
    path("desk/cases/<case:case>/fields/", fields.fields_page, name="desk.fields"),
    path("desk/cases/<case:case>/renew/", case.renew_page, name="desk.renew"),
    path("desk/cases/<case:case>/files/<slug:file>/", case.file_page, name="desk.file"),
    path("desk/cases/<case:case>/numbers/", noting.enter_page, name="desk.number"),
    path("desk/cases/<case:case>/not-same/", noting.apart_page, name="desk.apart"),
    path("desk/cases/<case:case>/<slug:command>/", case.act_page, name="desk.act"),
]
