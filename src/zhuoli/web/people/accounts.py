"""The pages of signing in and of one's own account: django-allauth's views in our look, under our addresses.

In the demonstration there are no accounts; its addresses lead to the personas.
"""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as social
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from zhuoli.web import viewers
from zhuoli.web.context import asked


class Ours:
    """What all of these pages have in common: none of them in the demonstration; a mistake answers 422."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead visitors of the demonstration to the personas."""
        if viewers.demo():
            return redirect("personas", asked(request).lang)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again, and say by the status that nothing was done."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the templates ask for."""
        found: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        found["page"] = "account"
        found["passkeys"] = settings.ENVIRONMENT.passkeys
        found["sign_on"] = settings.ENVIRONMENT.oidc_name if settings.ENVIRONMENT.oidc_server else ""
        found["must"] = asked(self.request).viewer.locked  # type: ignore[attr-defined]
        found["done"] = self.request.GET.get("done", "")  # type: ignore[attr-defined]
        return found


class Login(Ours, account.LoginView):
    """Name and password."""

    template_name = "people/login.html"


class Logout(Ours, account.LogoutView):
    """Signing out; the receipts of this session are forgotten, too."""

    template_name = "people/logout.html"


class Inactive(Ours, account.AccountInactiveView):
    """An account that is closed or holds no post."""

    template_name = "people/inactive.html"


class ConfirmPassword(Ours, account.ReauthenticateView):
    """The password once more, before something about the account is changed."""

    template_name = "people/confirm.html"


class ChangePassword(Ours, account.PasswordChangeView):
    """A new password."""

    template_name = "people/password.html"


class Security(Ours, base.IndexView):
    """The page of one's own account: password, second factor, passkeys."""

    template_name = "people/security.html"


class SecondFactor(Ours, base.AuthenticateView):
    """The second step of signing in."""

    template_name = "people/second.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again."""
        response = base.AuthenticateView.form_invalid(self, form)
        response.status_code = 422
        return response


class ConfirmCode(Ours, base.ReauthenticateView):
    """A code once more, before something about the account is changed."""

    template_name = "people/confirm.html"


class SetUpAuthenticator(Ours, totp.ActivateTOTPView):
    """Setting up an authenticator by its QR code."""

    template_name = "people/authenticator.html"


class RemoveAuthenticator(Ours, totp.DeactivateTOTPView):
    """Removing the authenticator."""

    template_name = "people/authenticator_off.html"


class RecoveryCodes(Ours, codes.ViewRecoveryCodesView):
    """The codes for the day on which the phone is lost; shown once."""

    template_name = "people/codes.html"


class NewRecoveryCodes(Ours, codes.GenerateRecoveryCodesView):
    """Making new recovery codes."""

    template_name = "people/codes_new.html"


class Passkeys(Ours, keys.ListWebAuthnView):
    """One's own passkeys and security keys."""

    template_name = "people/keys.html"


class AddPasskey(Ours, keys.AddWebAuthnView):
    """Adding one."""

    template_name = "people/key_add.html"


class EditPasskey(Ours, keys.EditWebAuthnView):
    """Naming one."""

    template_name = "people/key_edit.html"


class RemovePasskey(Ours, keys.RemoveWebAuthnView):
    """Removing one."""

    template_name = "people/key_remove.html"


class ConfirmPasskey(Ours, keys.ReauthenticateWebAuthnView):
    """A passkey once more, before something about the account is changed."""

    template_name = "people/confirm_key.html"


class SignOnFailed(Ours, social.LoginErrorView):
    """The organisation's sign-on has not let somebody in."""

    template_name = "people/inactive.html"
