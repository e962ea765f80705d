"""Where a request comes from, for counting wrong tries: the address of the client, not of the proxy before us."""

from __future__ import annotations

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address of the client: behind a proxy on this machine, the one that the proxy has seen."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "")
    if address in ("127.0.0.1", "::1", "") and forwarded:
        address = forwarded.rsplit(",", 1)[-1].strip()
    return address
