"""Network addresses: IP (Presidio) and web pages that stand for one person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.presidio import recognizer
from bot.reading.recognisers.base import by_presidio, holds_digit, identifier

_IP = re.compile(r"(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d|[0-9a-fA-F]:[0-9a-fA-F:]*:[0-9a-fA-F]")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>|\"]+|\b[a-z0-9.-]+\.(?:com|org|net|me|io|example)/[^\s<>|\"]+", re.IGNORECASE
)
#: Where people keep pages of their own; elsewhere the path must say that it is somebody's.
_PERSONAL = re.compile(
    r"(?:facebook|fb|instagram|tiktok|linkedin|twitter|x|threads|youtube|reddit|snapchat|gofundme|justgiving|caringbridge|linktr|onlyfans"
    r"|patreon|venmo|cash|paypal|myspace|tumblr|strava|medium|substack|bsky)\.[a-z]{2,4}/\S|/(?:people|person|profiles?|users?|u|in|patients?"
    r"|members?|fundraisers?|team/jr|obituar\w+|tribute\w*)/\S|/[@~]\w",
    re.IGNORECASE,
)
_END_MARKS = ".,;:!?)]}'*_"


class Network:
    """Kinds "ip" and "url"."""

    def __init__(self) -> None:
        self._ip = recognizer("generic.ip_recognizer", "IpRecognizer")

    def find(self, text: str) -> Iterator[Span]:
        """Addresses of a person's machine or page."""
        if holds_digit(text) and _IP.search(text):
            yield from by_presidio(self._ip, text, "ip")
        for found in _LINK.finditer(text) if "/" in text else ():
            link = found[0].rstrip(_END_MARKS)
            if _PERSONAL.search(link):
                yield identifier("url", found.start(), found.start() + len(link))
