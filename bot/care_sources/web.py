"""One HTTP session for publishers and webhooks, opened when it is first needed; which addresses may be asked at all."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp

#: Seconds for one request from start to end, and to connect.
WHOLE, CONNECT = 8.0, 4.0
#: Connections to one host at a time.
PER_HOST = 4
_AGENT = "Chaperone (moderation bot)"


class Web:
    """Holds the session."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    def session(self) -> aiohttp.ClientSession:
        """The session of this process. Must be called from within the event loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit_per_host=PER_HOST),
                timeout=aiohttp.ClientTimeout(total=WHOLE, connect=CONNECT),
                headers={"User-Agent": _AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        """Let every connection go."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def is_safe(address: str) -> bool:
    """Whether the address is https, or http on this very machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.username or parts.password:
        return False
    return (parts.scheme == "https" and bool(parts.hostname)) or is_local(address)


def is_local(address: str) -> bool:
    """Whether the address is http on this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname == "127.0.0.1"
