"""Ways of signing in that an operator switches on: passkeys, and the organisation's own sign-on (OpenID Connect).

The server is the real one in a process of its own, switched on by nothing but its environment. The passkey is made and
used by a virtual authenticator of the browser, as a phone or a key would; the provider is a small one in this process
that holds its side to the code flow with PKCE.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect
from tests.browser.test_story import Screen, screen
from tests.crash.served import ROOT, Server
from tests.web.site import BUREAU
from tests.web.test_accounts import PASSWORD

from zhuoli.store.keys import new_master_key

pytestmark = pytest.mark.browser
CLIENT, SECRET = "zhuoli", "between the two of us"


class Provider(ThreadingHTTPServer):
    """An OpenID Connect provider at which somebody is signed in already."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.name = ""
        """Who is signed in here; nobody: whoever comes is sent back with a refusal."""
        self.challenges: dict[str, str] = {}
        self.wrong: list[str] = []
        """What the other side did that it must not do."""


class _Answer(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        at = urlsplit(self.path)
        asked = {key: values[0] for key, values in parse_qs(at.query).items()}
        base = self.server.address
        if at.path == "/.well-known/openid-configuration":
            self._tell(
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "userinfo_endpoint": f"{base}/userinfo",
                    "jwks_uri": f"{base}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif at.path == "/authorize":
            self._hold(asked.get("client_id") == CLIENT, "another client")
            self._hold(asked.get("code_challenge_method") == "S256", "no PKCE")
            self._hold("openid" in asked.get("scope", ""), "no OpenID Connect")
            code = f"code-{len(self.server.challenges)}"
            self.server.challenges[code] = asked.get("code_challenge", "")
            given = {"code": code} if self.server.name else {"error": "access_denied"}
            self.send_response(302)
            self.send_header(
                "Location", f"{asked['redirect_uri']}?{urlencode({**given, 'state': asked['state']})}"
            )
            self.end_headers()
        elif at.path == "/userinfo":
            self._hold(self.headers.get("Authorization") == "Bearer a-token", "another token")
            self._tell(self._claims())
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {key: values[0] for key, values in parse_qs(body).items()}
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        self._hold(self.server.challenges.get(sent["code"]) == challenge, "the verifier does not fit")
        self._hold(sent.get("client_secret") == SECRET, "another secret")
        now = int(time.time())
        token = {"iss": self.server.address, "aud": CLIENT, "iat": now, "exp": now + 300, **self._claims()}
        self._tell(
            {
                "access_token": "a-token",
                "token_type": "Bearer",
                "expires_in": 300,
                "id_token": jwt.encode(token, "a key that nobody checks, for it came directly", "HS256"),
            }
        )

    def _claims(self) -> dict[str, str]:
        return {"sub": f"subject of {self.server.name}", "preferred_username": self.server.name}

    def _hold(self, good: bool, otherwise: str) -> None:
        if not good:
            self.server.wrong.append(f"{self.path}: {otherwise}")

    def _tell(self, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    found = Provider()
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[str]:
    """The address of a server in earnest with both switched on, and one officer's account."""
    folder: Path = tmp_path_factory.mktemp("served")
    values = {
        "ZHUOLI_DATA": str(folder),
        "ZHUOLI_SECRET": "s" * 64,
        "ZHUOLI_MASTER_KEY": new_master_key(),
        "ZHUOLI_HOSTS": "localhost,127.0.0.1",
        "ZHUOLI_PASSKEYS": "1",
        "ZHUOLI_OIDC_SERVER": provider.address,
        "ZHUOLI_OIDC_CLIENT": CLIENT,
        "ZHUOLI_OIDC_SECRET": SECRET,
        "ZHUOLI_OIDC_NAME": "City sign-on",
    }
    server = Server(folder, **values)
    server.start("--migrate", "--workers", "1")
    add = [sys.executable, "-P", "-m", "zhuoli", "account", "add", "wang", "--post", BUREAU]
    given = {**os.environ, **values, "ZHUOLI_MODE": "serve", "ZHUOLI_HTTPS": "0"}
    given.pop("DJANGO_SETTINGS_MODULE", None)
    made = subprocess.run(
        [*add, "--password", PASSWORD], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    yield f"http://localhost:{server.port}"
    server.kill()


def authenticator(page: Page) -> CDPSession:
    """Give the page's browser a phone that holds passkeys and knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def sign_in(seen: Screen) -> None:
    seen.open("login/")
    seen.page.fill("#id_login", "wang")
    seen.page.fill("#id_password", PASSWORD)
    seen.press("main form button")


@pytest.mark.parametrize(
    ("size", "lang"), [("narrow", "zh"), pytest.param("wide", "en", marks=pytest.mark.slow)]
)
def test_a_passkey_is_made_and_signs_in(browser: Browser, served: str, size: str, lang: str) -> None:
    with screen(browser, served, lang, size) as seen:
        page = seen.page
        authenticator(page)
        sign_in(seen)
        page.wait_for_url(f"**/{lang}/desk/")
        seen.open("account/passkeys/")
        expect(page.locator(".empty")).to_be_visible()
        seen.press("main .buttons a")
        page.fill("input[name=name]", "A phone")
        page.check("input[name=passwordless]")
        seen.press("form[data-passkey] button")
        expect(page.locator(".codes li"), "for the day on which the phone is lost").to_have_count(10)
        seen.press("main .buttons a")
        page.wait_for_url(f"**/{lang}/desk/")
        seen.open("account/passkeys/")
        expect(page.locator("main .list li")).to_have_count(1)
        expect(page.locator("main .list li")).to_contain_text("A phone")

        seen.open("logout/")
        seen.press("main form button")
        seen.open("login/")
        seen.press("form[data-passkey=login] button")
        page.wait_for_url(f"**/{lang}/desk/")  # neither name nor password was asked for

        seen.open("account/passkeys/")
        seen.press("main .list li p a")
        seen.press("main form button")
        expect(page.locator("main .list li")).to_have_count(0)


def test_a_passkey_that_is_refused_says_so(browser: Browser, served: str) -> None:
    with screen(browser, served, "en", "wide") as seen:
        page = seen.page
        authenticator(page)
        seen.open("login/")
        page.locator("form[data-passkey=login] button").click()
        expect(page.locator("form[data-passkey=login] [role=alert]")).to_be_visible()
        expect(page).to_have_url(re.compile("/en/login/$"))
        seen.check()


def test_without_script_no_passkey_is_offered(browser: Browser, served: str) -> None:
    with screen(browser, served, "en", "narrow", java_script_enabled=False) as seen:
        seen.page.goto(f"{served}/en/login/")
        expect(seen.page.locator("#id_password")).to_be_visible()
        expect(seen.page.locator("form[data-passkey=login]")).to_be_hidden()


@pytest.mark.parametrize(
    ("size", "lang"), [pytest.param("wide", "zh", marks=pytest.mark.slow), ("narrow", "en")]
)
def test_the_organisations_sign_on(
    browser: Browser, served: str, provider: Provider, size: str, lang: str
) -> None:
    provider.name = "wang"
    with screen(browser, served, lang, size) as seen:
        page = seen.page
        seen.open("login/")
        expect(page.locator("form[action$='/login/sign-on/'] button")).to_contain_text("City sign-on")
        seen.press("form[action$='/login/sign-on/'] button")
        page.wait_for_url(f"**/{lang}/desk/")
    assert provider.wrong == []


@pytest.mark.parametrize("name", ["", "nobody-here"])
def test_a_sign_on_that_does_not_lead_in(
    browser: Browser, served: str, provider: Provider, name: str
) -> None:
    provider.name = name
    with screen(browser, served, "en", "wide") as seen:
        page = seen.page
        seen.open("login/")
        seen.press("form[action$='/login/sign-on/'] button")
        expect(page.locator("main a[href$='/login/']")).to_be_visible()
        page.goto(f"{served}/en/desk/")
        assert "/desk/" not in page.url or page.locator(".inbox").count() == 0
    assert provider.wrong == []
