"""A claim that is often promoted, and what is known about it, as an entry of the catalogue in ``policies/claims`` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: The language that every entry has.
ALWAYS = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """``said`` is what is claimed, ``known`` one plain sentence about it for each language; ``url`` is of the authority's page."""

    id: str
    said: str
    known: Mapping[str, str]
    authority: str
    title: str
    url: str | None = None

    def known_in(self, language: str) -> str:
        """What is known, in ``language`` ("es"); in English where nobody has said it so."""
        return self.known.get(language, self.known[ALWAYS])

    @property
    def source(self) -> str:
        """The page's title, whose it is, and its address where there is one."""
        page = f"{self.title} ({self.authority})"
        return f"{page}: {self.url}" if self.url else page
