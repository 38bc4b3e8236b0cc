"""The session cookie: signed, out of reach of scripts and other sites, and kept to https wherever people come by https."""

from __future__ import annotations

from starlette.middleware.sessions import SessionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

#: Seconds until a reviewer has to log in again: one shift.
SESSION = 8 * 3600


class Sessions:
    """Sets the cookie ``Secure`` where ``secure`` is true, or this very request came by https (a proxy that is trusted says so)."""

    def __init__(self, app: ASGIApp, *, secret: bytes, secure: bool) -> None:
        self._over_https = _sessions(app, secret, https_only=True)
        self._over_http = self._over_https if secure else _sessions(app, secret, https_only=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        by_https = scope.get("scheme") in ("https", "wss")
        await (self._over_https if by_https else self._over_http)(scope, receive, send)


def _sessions(app: ASGIApp, secret: bytes, *, https_only: bool) -> SessionMiddleware:
    return SessionMiddleware(
        app,
        secret_key=secret.hex(),
        session_cookie="chaperone",
        max_age=SESSION,
        same_site="strict",
        https_only=https_only,
    )
