"""The pages that people read, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def text(self) -> str:
        """All of it."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """Without the blocks of code."""
        return _FENCE.sub("", self.text)

    def blocks(self, *languages: str) -> list[str]:
        """The blocks of code whose first line is one of these after the backticks."""
        return [body for _, body in self.marked(*languages)]

    def marked(self, *languages: str) -> list[tuple[str, str]]:
        """The same, each with its first line."""
        return [(language, body) for language, body in _FENCE.findall(self.text) if language in languages]

    @property
    def links(self) -> list[str]:
        """Where it links to within the repository."""
        return [link for link in _LINK.findall(self.prose) if not re.match(r"[a-z]+:", link)]

    @property
    def anchors(self) -> set[str]:
        """Its headings as GitHub makes anchors of them."""
        found = (_NOT_IN_ANCHORS.sub("", heading.lower()) for heading in _HEADING.findall(self.prose))
        return {heading.strip().replace(" ", "-") for heading in found}

    @property
    def code(self) -> Iterator[str]:
        """Everything that stands as code: shell blocks line by line, other blocks' lines, and words between backticks."""
        for _, body in _FENCE.findall(self.text):
            yield from body.replace("\\\n", " ").splitlines()
        yield from _SPAN.findall(self.prose)


PAGES = [Page(path) for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))]
