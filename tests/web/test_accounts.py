"""Signing in where people really work: password, second factor, recovery codes, lockout, and what must not work."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time

import msgspec
import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.test import override_settings
from django.urls import URLResolver, clear_url_caches
from tests.web.site import BUREAU, Clock, Visitor

from zhuoli.office import accounts, acts
from zhuoli.office.acts import By
from zhuoli.store.models import Post

PASSWORD = "a quiet long sentence"
NOW = 1_772_593_200_000


@pytest.fixture
def wang(clock: Clock) -> User:
    """An officer of the bureau with an account."""
    user = accounts.create("wang", PASSWORD, By(), NOW)
    accounts.give(Post.objects.get(pk=BUREAU), user, By(), NOW)
    return user


def sign_in(visitor: Visitor, password: str = PASSWORD, name: str = "wang", lang: str = "en") -> Visitor:
    visitor.get(f"/{lang}/login/")
    return visitor.send("/login/", login=name, password=password)


def fill(visitor: Visitor, **values: str) -> Visitor:
    """Send the one form of the page that has these fields."""
    visitor.forms = [form for form in visitor.forms if set(values) <= form.names]
    return visitor.send("", **values)


def totp(secret: str, at: float) -> str:
    """RFC 6238 with SHA-1, six digits, thirty seconds; written here so that the product's is checked by another."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def set_up(visitor: Visitor) -> tuple[str, list[str]]:
    """Set up an authenticator; return its secret and the recovery codes."""
    visitor.get("/en/account/authenticator/")
    secret = re.search(r'class="code-small">([A-Z2-7]+)<', visitor.html)
    assert secret, visitor.text
    assert "data:image/svg+xml;base64," in visitor.html
    fill(visitor, code=totp(secret[1], time.time()))
    assert visitor.path == "/en/account/codes/", visitor.text
    return secret[1], re.findall(r'class="code-small">(\d+)<', visitor.html)


def test_a_password_signs_in_to_the_desk(visitor: Visitor, wang: User) -> None:
    visitor.get("/en/desk/")
    assert visitor.status == 403
    sign_in(visitor)
    assert (visitor.status, visitor.path) == (200, "/en/desk/")
    assert "Urban Management" in visitor.text
    visitor.send("/logout/")
    assert visitor.path == "/en/"
    visitor.get("/en/desk/")
    assert visitor.status == 403


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "用户名或密码不对"), ("en", "User name or password is wrong")]
)
def test_a_wrong_password_is_told_in_the_language_of_the_page(
    visitor: Visitor, wang: User, lang: str, said: str
) -> None:
    sign_in(visitor, "wrong", lang=lang)
    assert visitor.status == 422
    assert said in visitor.text
    assert PASSWORD not in visitor.html


def test_nobody_learns_which_names_exist(visitor: Visitor, wang: User) -> None:
    sign_in(visitor, "wrong")
    one = re.sub(r'value="[^"]*"', "", visitor.html)
    sign_in(visitor, "wrong", name="nobody")
    assert re.sub(r'value="[^"]*"', "", visitor.html) == one


def test_wrong_tries_lock_the_name_for_a_while(visitor: Visitor, wang: User) -> None:
    for _ in range(8):
        sign_in(visitor, "wrong")
    sign_in(visitor)
    assert visitor.status == 422
    assert "Too many wrong tries" in visitor.text


def test_an_address_that_tries_too_often_is_turned_away(visitor: Visitor, wang: User) -> None:
    for _ in range(31):
        visitor.get("/en/login/")
        if visitor.status == 200:
            visitor.send("/login/", login="", password="")
    assert visitor.status == 429
    assert "Too many attempts" in visitor.text


def test_without_a_post_or_when_closed_there_is_no_way_in(visitor: Visitor, wang: User) -> None:
    accounts.create("idle", PASSWORD, By(), NOW)
    sign_in(visitor, name="idle")
    assert visitor.path == "/en/login/closed/"
    accounts.close(wang, By(), NOW)
    sign_in(visitor)
    assert visitor.path in ("/en/login/closed/", "/en/login/")
    visitor.get("/en/desk/")
    assert visitor.status == 403


def test_closing_an_account_ends_what_it_has_open(visitor: Visitor, wang: User) -> None:
    sign_in(visitor)
    accounts.close(wang, By(), NOW)
    visitor.get("/en/desk/")
    assert visitor.status == 403
    assert acts.broken() is None


def test_nobody_registers_and_no_mail_is_sent(
    visitor: Visitor, wang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[mail.EmailMessage] = []
    monkeypatch.setattr(mail.EmailMessage, "send", lambda message, **_: sent.append(message))
    for path in ("signup/", "accounts/signup/", "account/signup/", "password/reset/", "login/code/"):
        assert visitor.get(f"/en/{path}").status == 404
    sign_in(visitor)
    set_up(visitor)
    assert sent == []


def test_a_code_is_asked_once_there_is_an_authenticator(visitor: Visitor, wang: User) -> None:
    sign_in(visitor)
    secret, codes = set_up(visitor)
    assert len(codes) == 10
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored, "the secret is sealed in the database"
    visitor.get("/en/account/codes/")
    assert not any(code in visitor.html for code in codes), "the codes are shown once"

    again = sign_in(Visitor())
    assert again.path == "/en/login/second/"
    assert Visitor().get("/en/desk/").status == 403
    again.get("/en/desk/")
    assert again.status == 403, "the first step alone opens nothing"
    again.get("/en/login/second/")
    again.send("/second/", code="000000")
    assert again.status == 422
    assert "The code is wrong" in again.text
    again.send("/second/", code=totp(secret, time.time() + 30))
    assert again.path == "/en/desk/", again.text

    lost = sign_in(Visitor())
    lost.send("/second/", code=codes[0])
    assert lost.path == "/en/desk/"
    twice = sign_in(Visitor())
    twice.send("/second/", code=codes[0])
    assert twice.status == 422, "a recovery code works once"


def test_the_password_is_asked_again_when_the_sign_in_is_long_ago(
    visitor: Visitor, wang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(visitor)
    now = time.time()
    for later, asked in ((240, False), (330, True)):
        monkeypatch.setattr(time, "time", lambda later=later: now + later)
        visitor.get("/en/account/authenticator/")
        assert ("/confirm/" in visitor.path) is asked, later
    fill(visitor, password=PASSWORD)
    assert visitor.path == "/en/account/authenticator/", "and then it goes on"
    assert "data:image/svg+xml;base64," in visitor.html


def test_a_first_step_alone_is_no_sign_in(visitor: Visitor, wang: User) -> None:
    sign_in(visitor)
    set_up(visitor)
    again = sign_in(Visitor())
    assert again.path == "/en/login/second/"
    again.get("/en/account/authenticator/remove/")
    assert again.path == "/en/login/second/", "the password alone changes nothing of an account"


def test_who_must_have_a_second_factor_does_nothing_before(
    visitor: Visitor, wang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = msgspec.structs.replace(settings.ENVIRONMENT, second_factor=("officer",))
    monkeypatch.setattr(settings, "ENVIRONMENT", changed)
    sign_in(visitor)
    assert "/account/" in visitor.path
    visitor.get("/en/desk/")
    assert visitor.status == 403
    assert "second factor" in visitor.text
    set_up(visitor)
    visitor.get("/en/desk/")
    assert visitor.status == 200
    monkeypatch.setattr(
        settings, "ENVIRONMENT", msgspec.structs.replace(changed, second_factor=("administrator",))
    )
    Authenticator.objects.all().delete()
    visitor.get("/en/desk/")
    assert visitor.status == 200, "other roles are not asked"


def test_the_password_is_changed_by_its_owner(visitor: Visitor, wang: User) -> None:
    sign_in(visitor)
    visitor.get("/en/account/password/")
    fill(visitor, oldpassword="wrong", password1="another quiet sentence", password2="another quiet sentence")
    assert visitor.status == 422
    fill(visitor, oldpassword=PASSWORD, password1="short", password2="short")
    assert visitor.status == 422
    fill(
        visitor, oldpassword=PASSWORD, password1="another quiet sentence", password2="another quiet sentence"
    )
    assert visitor.path == "/en/account/"
    assert sign_in(Visitor()).status == 422
    assert sign_in(Visitor(), "another quiet sentence").path == "/en/desk/"


def test_an_onward_address_never_leads_away(visitor: Visitor, wang: User) -> None:
    visitor.get("/en/login/?next=https://elsewhere.example/")
    visitor.send("/login/", login="wang", password=PASSWORD)
    assert visitor.path == "/en/desk/"


def test_the_demonstration_has_no_accounts(visitor: Visitor, clock: Clock, demo: None) -> None:
    for path in ("login/", "account/", "account/password/", "account/authenticator/", "logout/"):
        visitor.get(f"/en/{path}")
        assert visitor.path == "/en/personas/", path


def test_passkeys_and_sign_on_have_pages_when_switched_on(
    visitor: Visitor, wang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhuoli.web import urls
    from zhuoli.web.people import account_urls

    assert visitor.get("/en/login/passkey/").status == 404
    changed = msgspec.structs.replace(
        settings.ENVIRONMENT, passkeys=True, oidc_server="https://sign-on.example", oidc_name="City sign-on"
    )
    monkeypatch.setattr(settings, "ENVIRONMENT", changed)
    more = account_urls.account_patterns(changed)
    patterns = [URLResolver(account_urls.LanguagePrefix(), more), *urls.urlpatterns]
    app = {"provider_id": "sign-on", "name": "City sign-on", "client_id": "c", "secret": "s"}
    app["settings"] = {"server_url": "https://sign-on.example"}  # type: ignore[assignment]
    monkeypatch.setattr(urls, "urlpatterns", patterns)
    clear_url_caches()
    try:
        with override_settings(
            MFA_SUPPORTED_TYPES=["totp", "recovery_codes", "webauthn"],
            MFA_PASSKEY_LOGIN_ENABLED=True,
            SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [app]}},
        ):
            visitor.get("/en/login/")
            assert "Sign in with City sign-on" in visitor.text
            assert 'data-passkey="login"' in visitor.html
            assert visitor.get("/en/login/sign-on/failed/").status == 401
            answer = visitor.client.get("/en/login/passkey/", headers={"Accept": "application/json"})
            assert "request_options" in answer.json()
            sign_in(visitor)
            for path in ("passkeys/", "passkeys/add/"):
                visitor.get(f"/en/account/{path}")
                assert visitor.status == 200, path
            assert 'data-passkey="create"' in visitor.html, visitor.text
    finally:
        clear_url_caches()
