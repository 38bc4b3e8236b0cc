"""A file on the web that is asked for politely: no sooner than its publisher wishes, never twice a minute, not again where unchanged."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import aiohttp

from bot.care_sources.web import Web
from bot.domain.errors import ChaperoneError
from bot.service.ports import Clock

T = TypeVar("T")
#: "Clients SHOULD NOT request a manifest or any individual data file more than once per minute" (SMART Scheduling Links, "Performance
#: Considerations").
SHORTEST = timedelta(minutes=1)
#: A publisher may ask for longer, up to this.
LONGEST = timedelta(days=1)
#: Bytes of one file, unpacked.
MOST_BYTES = 5_000_000
_MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_CHUNK = 1 << 16


class FetchError(ChaperoneError):
    """The publisher's file can't be had. Says what is wrong as the rest of a sentence about the publisher."""


class CachedFile(Generic[T]):
    """One file, parsed by ``parse`` in a thread; ``parse`` raises ValueError, TypeError or KeyError where it can make nothing of it.

    ``name`` is what the file is called where it is told what is wrong with it.
    """

    def __init__(self, url: str, name: str, accept: str, parse: Callable[[bytes], T]) -> None:
        self._url = url
        self._name = name
        self._accept = accept
        self._parse = parse
        self._value: T | None = None
        self._marks: dict[str, str] = {}
        self._wait_until: datetime | None = None
        self._good_until: datetime | None = None
        self._failure = ""

    async def refresh(self, web: Web, clock: Clock) -> None:
        """Ask again if it is time to. Raises FetchError where it failed when it was last asked for; what was had before stays."""
        now = clock.now()
        if self._wait_until is None or now >= self._wait_until:
            self._wait_until = now + SHORTEST
            self._failure = f"its {self._name} takes too long"  # stands where the caller waits no longer
            self._failure = await self._try(web, now)
        if self._failure:
            raise FetchError(self._failure)

    @property
    def latest(self) -> T | None:
        """What the file held when it was last had, however long ago; None where it never was."""
        return self._value

    def value(self, now: datetime, fresh_for: timedelta) -> T | None:
        """What the file holds; None where it was never had or there is no news of it since ``fresh_for``."""
        stale = self._good_until is None or now > self._good_until + fresh_for
        return None if stale else self._value

    async def _try(self, web: Web, now: datetime) -> str:
        """What went wrong. Of an error the type only: a body may stand in its own words."""
        try:
            await self._ask(web, now)
        except FetchError as error:
            return str(error)
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"its {self._name} gives no answer ({type(error).__name__})"
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            return f"what it sends is no {self._name} ({type(error).__name__})"
        return ""

    async def _ask(self, web: Web, now: datetime) -> None:
        headers = {"Accept": self._accept, **self._marks}
        async with web.session().get(self._url, headers=headers, allow_redirects=False) as answer:
            if answer.status == 304 and self._value is not None:
                self._note(answer, now)
                return
            if answer.status != 200:
                raise FetchError(f"its {self._name} answers HTTP {answer.status}")
            body = await self._body(answer)
            self._value = await asyncio.to_thread(self._parse, body)
            etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
            self._marks = {"If-None-Match": etag} if etag else {}
            self._marks |= {"If-Modified-Since": modified} if modified else {}
            self._note(answer, now)

    def _note(self, answer: aiohttp.ClientResponse, now: datetime) -> None:
        found = _MAX_AGE.search(answer.headers.get("Cache-Control", ""))
        wished = timedelta(seconds=int(found[1])) if found else SHORTEST
        self._wait_until = now + min(max(wished, SHORTEST), LONGEST)
        self._good_until = self._wait_until

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        """Raises FetchError where it is too large."""
        pieces: list[bytes] = []
        size = 0
        async for piece in answer.content.iter_chunked(_CHUNK):
            size += len(piece)
            if size > MOST_BYTES:
                raise FetchError(f"its {self._name} is too large")
            pieces.append(piece)
        return b"".join(pieces)
