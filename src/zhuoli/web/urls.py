"""All addresses. Pages begin with their language; private ones lie under ``my/`` and ``desk/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, register_converter

from zhuoli.web import health
from zhuoli.web.desk import case, inbox, posts
from zhuoli.web.figures import pages as figures
from zhuoli.web.portal import home, intake, matters, places, progress, receipts


class LanguageConverter:
    """``zh`` or ``en`` at the beginning of an address."""

    regex = "zh|en"

    def to_python(self, value: str) -> str:
        """Return the language as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """Return the language as it stands in the address."""
        return value


class CaseConverter:
    """A case id: a positive number of 63 bits."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        """Return the number.

        Raises:
            ValueError: it is too large for any case (Django answers 404).
        """
        number = int(value)
        if number >= 1 << 63:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        """Return the number in digits."""
        return str(value)


register_converter(LanguageConverter, "lang")
register_converter(CaseConverter, "case")

PORTAL = [
    path("", home.home_page, name="home"),
    path("about/", home.about_page, name="about"),
    path("say/", matters.say_page, name="say"),
    path("matters/", matters.matters_page, name="matters"),
    path("matters/<slug:scenario>/", matters.matter_page, name="matter"),
    path("matters/<slug:scenario>/form/", intake.intake_page, name="intake"),
    path("places/", places.children_page, name="places"),
    path("check/", receipts.check_page, name="check"),
    path("check/forget/", receipts.forget_page, name="forget"),
    path("my/<str:receipt>/", progress.progress_page, name="progress"),
    path("my/<str:receipt>/receipt/", receipts.receipt_page, name="receipt"),
    path("my/<str:receipt>/looks/", progress.looks_page, name="looks"),
    path("my/<str:receipt>/files/<slug:file>/", progress.file_page, name="progress.file"),
    path("my/<str:receipt>/<slug:command>/", progress.act_page, name="progress.act"),
    path("figures/", figures.figures_page, name="figures"),
    path("figures.csv", figures.figures_csv, name="figures.csv"),
    path("figures.json", figures.figures_json, name="figures.json"),
]
DESK = [
    path("login/", posts.login_page, name="login"),
    path("logout/", posts.logout_page, name="logout"),
    path("personas/", posts.personas_page, name="personas"),
    path("personas/choose/", posts.persona_page, name="persona"),
    path("desk/", inbox.inbox_page, name="desk"),
    path("desk/post/", posts.choose_own_page, name="desk.post"),
    path("desk/new/", inbox.new_page, name="desk.new"),
    path("desk/new/<slug:scenario>/", intake.caller_page, name="desk.intake"),
    path("desk/receipts/<str:receipt>/", receipts.caller_receipt_page, name="desk.receipt"),
    path("desk/cases/<case:case>/", case.case_page, name="desk.case"),
    path("desk/cases/<case:case>/renew/", case.renew_page, name="desk.renew"),
    path("desk/cases/<case:case>/look/", case.look_page, name="desk.look"),
    path("desk/cases/<case:case>/files/<slug:file>/", case.file_page, name="desk.file"),
    path("desk/cases/<case:case>/<slug:command>/", case.act_page, name="desk.act"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.choose_language),
    path("healthz", health.health_page, name="healthz"),
    path("robots.txt", health.robots_page),
    path("<lang:lang>/", include([*PORTAL, *DESK])),
]
handler400 = "zhuoli.web.errors.bad_request"
handler403 = "zhuoli.web.errors.permission_denied"
handler404 = "zhuoli.web.errors.page_not_found"
handler500 = "zhuoli.web.errors.server_error"
