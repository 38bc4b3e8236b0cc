"""E-mail addresses, written as such (Presidio) or in words ("jo dot morris at mail dot example")."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tldextract

from bot.domain.reading import Span
from bot.reading.presidio import recognizer
from bot.reading.recognisers.base import by_presidio, identifier

_DOT = r"(?:\s*[\[({]\s*dot\s*[\])}]\s*|\s+dot\s+)"
_AT = r"(?:\s*[\[({]\s*at\s*[\])}]\s*|\s+at\s+|\s*@\s*)"
_SPOKEN = re.compile(rf"\b[\w-]+(?:(?:{_DOT}|[.])[\w-]+){{0,3}}{_AT}[\w-]+(?:{_DOT}[\w-]+){{1,3}}", re.IGNORECASE)
_MAYBE = re.compile(r"\w@\w[\w-]*\.")
#: Characters before the @ and after it, at most (RFC 5321 allows 64 and 255).
_LONGEST = 255
_MAYBE_SPOKEN = re.compile(r"\bdot\b", re.IGNORECASE)
#: Names kept for examples and for houses' own networks (RFC 2606, RFC 6762); no public list has them.
_OWN_NETWORKS = frozenset({"example", "test", "invalid", "localhost", "local", "internal", "lan"})


class Email:
    """Kind "email". Suffixes are looked up in the list that tldextract ships: nothing is ever fetched."""

    def __init__(self) -> None:
        self._suffixes = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
        self._suffixes("example.com")  # reads the list now, not at the first message
        self._presidio = recognizer("generic.email_recognizer", "EmailRecognizer")
        # Presidio's own check asks an extractor that fetches the list over the network.
        vars(self._presidio)["validate_result"] = self._is_address

    def find(self, text: str) -> Iterator[Span]:
        """Addresses that mail could reach."""
        seen = 0
        for found in _MAYBE.finditer(text) if "@" in text else ():
            if found.start() >= seen:
                # Presidio's pattern is tried around the @ alone: over a long text without blanks it takes minutes.
                first = max(0, found.start() - _LONGEST)
                seen = found.end() + _LONGEST // 2
                for span in by_presidio(self._presidio, text[first : found.end() + _LONGEST], "email"):
                    yield identifier("email", first + span.start, first + span.end)
        if "dot" in text.lower() and _MAYBE_SPOKEN.search(text):
            for found in _SPOKEN.finditer(text):
                yield identifier("email", *found.span())

    def _is_address(self, address: str) -> bool:
        host = address.rpartition("@")[2].lower()
        return host.rpartition(".")[2] in _OWN_NETWORKS or bool(self._suffixes(host).suffix)
