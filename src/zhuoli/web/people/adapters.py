"""How django-allauth does here what it leaves to the house: who may sign in, where to, and how secrets are kept.

Nobody registers, no mail is sent: an administrator makes accounts, and resets what was lost.
"""

from __future__ import annotations

import base64
import io
import os
import time
from typing import Any

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import get_language

from zhuoli.environment import read_environment
from zhuoli.store.keys import read_master_key
from zhuoli.store.models import Post
from zhuoli.web import viewers
from zhuoli.web.address import client_address
from zhuoli.web.context import asked
from zhuoli.web.wording import text


def _said(key: str) -> Any:
    """Return a text of ours that is said in the language of the page, for messages that allauth keeps."""
    return lazy(
        lambda: text(key).in_language("en" if (get_language() or "").startswith("en") else "zh"), str
    )()


class AccountAdapter(DefaultAccountAdapter):
    """Accounts: made by administrators, useless without a post."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _said("login.wrong"),
        "invalid_login": _said("login.wrong"),
        "too_many_login_attempts": _said("login.too_often"),
        "incorrect_password": _said("account_error.password"),
        "enter_current_password": _said("account_error.password"),
        "incorrect_code": _said("account_error.code"),
        "rate_limited": _said("account_error.slow"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: no part of signing in needs mail."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address by which wrong tries are counted."""
        return client_address(request)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Turn away a closed account, and one that holds no post."""
        if not Post.objects.filter(user_id=user.pk).exists():
            return redirect("account_inactive")
        return super().pre_login(request, user, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again only where the sign-in itself is not of the last minutes.

        Records of this session's sign-in with all of its steps count like a repeated password, so that whoever has just
        signed in, and must set up a second factor before anything else, is not asked twice.
        """
        records = get_authentication_records(self.request, self.request.user)
        last = max((record["at"] for record in records), default=0.0)
        if time.time() - last < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead to where the post works, or first to the second factor that it must have."""
        request.viewer = viewers.viewer_of(request)  # type: ignore[attr-defined]
        return viewers.start_page(asked(request).viewer, asked(request).lang)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the first page of the portal."""
        return reverse("home", args=(asked(request).lang,))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to the page of the account."""
        return reverse("mfa_index") + "?done=password"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are sealed with the house's master key, the QR code is drawn here."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _said("account_error.code"),
        "cannot_generate_recovery_codes": _said("account_error.cannot"),
    }

    def get_totp_issuer(self) -> str:
        """Return what an authenticator shows above the code."""
        return "着力点 Zhuoli"

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code of an authenticator."""
        target = io.BytesIO()
        segno.make(url, error="m").save(
            target, kind="svg", xmldecl=False, scale=5, border=3, nl=False, light="#fff"
        )
        return target.getvalue().decode()

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        nonce = os.urandom(12)
        return base64.urlsafe_b64encode(nonce + self._cipher().encrypt(nonce, text.encode(), None)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret of the database."""
        sealed = base64.urlsafe_b64decode(encrypted_text)
        return self._cipher().decrypt(sealed[:12], sealed[12:], None).decode()

    def _cipher(self) -> AESGCM:
        return AESGCM(read_master_key(read_environment()).derive("second factors")[:32])


class PartnerLoginAdapter(DefaultSocialAccountAdapter):
    """Signing in by the organisation's own sign-on (OpenID Connect): only into an account that is there already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody registers."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect the first sign-on to the account of the same name.

        Raises:
            ImmediateHttpResponse: there is none, or it is closed.
        """
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        name = str(claims.get(settings.ENVIRONMENT.oidc_claim, ""))
        user = User.objects.filter(username=name, is_active=True).first() if name else None
        if user is None:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        sociallogin.connect(request, user)
