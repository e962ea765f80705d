"""Addresses of accounts, under the names by which django-allauth calls them; passkeys and sign-on where switched on.

The language in front follows the request (``LanguagePrefix``), because allauth asks for addresses by name alone.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.urls import URLPattern, URLResolver, path
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import get_language

from zhuoli.environment import Environment
from zhuoli.web.people import accounts as pages


class LanguagePrefix(LocalePrefixPattern):
    """``zh/`` or ``en/``, as the page that is being answered."""

    @property
    def language_prefix(self) -> str:
        """The prefix of the active language."""
        return "en/" if (get_language() or "").startswith("en") else "zh/"


def account_patterns(environment: Environment) -> list[URLPattern]:
    """Return the addresses that an environment has."""
    found = [
        path("login/", pages.Login.as_view(), name="account_login"),
        path("login/second/", pages.SecondFactor.as_view(), name="mfa_authenticate"),
        path("login/closed/", pages.Inactive.as_view(), name="account_inactive"),
        path("logout/", pages.Logout.as_view(), name="account_logout"),
        path("account/", pages.Security.as_view(), name="mfa_index"),
        path("account/confirm/", pages.ConfirmPassword.as_view(), name="account_reauthenticate"),
        path("account/confirm/code/", pages.ConfirmCode.as_view(), name="mfa_reauthenticate"),
        path("account/password/", pages.ChangePassword.as_view(), name="account_change_password"),
        path("account/authenticator/", pages.SetUpAuthenticator.as_view(), name="mfa_activate_totp"),
        path(
            "account/authenticator/remove/", pages.RemoveAuthenticator.as_view(), name="mfa_deactivate_totp"
        ),
        path("account/codes/", pages.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
        path("account/codes/new/", pages.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    ]
    if environment.passkeys:
        found += [
            path("login/passkey/", LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
            path("account/passkeys/", pages.Passkeys.as_view(), name="mfa_list_webauthn"),
            path("account/passkeys/add/", pages.AddPasskey.as_view(), name="mfa_add_webauthn"),
            path("account/passkeys/<int:pk>/", pages.EditPasskey.as_view(), name="mfa_edit_webauthn"),
            path(
                "account/passkeys/<int:pk>/remove/", pages.RemovePasskey.as_view(), name="mfa_remove_webauthn"
            ),
            path(
                "account/confirm/passkey/", pages.ConfirmPasskey.as_view(), name="mfa_reauthenticate_webauthn"
            ),
        ]
    if environment.oidc_server:
        # It imports what fetches from the network.
        from allauth.socialaccount.providers.openid_connect import views as oidc

        given: dict[str, Any] = {"provider_id": SIGN_ON}
        found += [
            path("login/sign-on/", oidc.login, given, name="openid_connect_login"),
            path("login/sign-on/back/", oidc.callback, given, name="openid_connect_callback"),
            path("login/sign-on/failed/", pages.SignOnFailed.as_view(), name="socialaccount_login_error"),
            path(
                "login/sign-on/stopped/", pages.SignOnFailed.as_view(), name="socialaccount_login_cancelled"
            ),
        ]
    return found


SIGN_ON = "sign-on"
"""The one provider that an operator may name."""

urlpatterns: list[URLPattern | URLResolver] = [*account_patterns(settings.ENVIRONMENT)]
