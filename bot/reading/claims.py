"""The catalogue of claims: what is often promoted, and one plain sentence of what is known about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    field_validator,
)

from bot.domain.claim import ALWAYS, Claim
from bot.domain.errors import ChaperoneError
from bot.domain.reading import Span
from bot.reading.loose_words import LooseWords, content
from bot.reading.normalise import normalise

_WORD = re.compile(r"[^\W_]+")


class ClaimsError(ChaperoneError):
    """A file of the catalogue can't be used. The message names the file, the line or entry, and what to mend."""


class ClaimSheet(BaseModel):
    """One claim as it is written. ``aliases`` are words that people use for it; ``url`` only where the authority's page has been read."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
    aliases: tuple[str, ...] = Field(min_length=1)
    claim: str = Field(min_length=1)
    known: Mapping[
        Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")], Annotated[str, StringConstraints(min_length=1)]
    ]
    authority: str = Field(min_length=1)
    title: str = Field(min_length=1)
    url: HttpUrl | None = None

    @field_validator("known")
    @classmethod
    def _in_english(cls, known: Mapping[str, str]) -> Mapping[str, str]:
        if ALWAYS not in known:
            raise ValueError(f"it must have the sentence in {ALWAYS}")
        return known

    @property
    def meant(self) -> Claim:
        """The claim itself."""
        url = str(self.url) if self.url else None
        return Claim(id=self.id, said=self.claim, known=self.known, authority=self.authority, title=self.title, url=url)


_FILE = TypeAdapter(list[ClaimSheet])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    claim: str
    start: int
    end: int


class Claims:
    """The catalogue, ready to look texts up in."""

    def __init__(self, sheets: Sequence[ClaimSheet]) -> None:
        """Raise ClaimsError where two claims share an id or an alias."""
        self._claims: dict[str, Claim] = {}
        self._aliases: dict[str, dict[tuple[str, ...], str]] = {}
        self._loose: dict[frozenset[str], str] = {}
        for sheet in sheets:
            if sheet.id in self._claims:
                raise ClaimsError(f"Two claims have the id {sheet.id!r}; give one of them another.")
            self._claims[sheet.id] = sheet.meant
            for alias in sheet.aliases:
                self._add(alias, sheet.id)

    @classmethod
    def load(cls, folder: Path) -> Claims:
        """Every ``*.yaml`` of the folder, each a list of claims. Raise ClaimsError naming file and place."""
        return cls([sheet for path in sorted(folder.glob("*.yaml")) for sheet in _read(path)])

    def __len__(self) -> int:
        return len(self._claims)

    def match(self, text: str, remedies: Sequence[Span] = ()) -> Claim | None:
        """The claim whose alias stands in ``text``: one that touches a remedy before others, then the longest, then the first.

        Where none stands there word for word, one whose words stand near one another counts.
        """
        plain = normalise(text).plain
        hits = list(self._hits(plain)) or list(self._loose_hits(plain))
        if not hits:
            return None
        best = min(hits, key=lambda hit: (not _touches(hit, remedies), hit.start - hit.end, hit.start))
        return self._claims[best.claim]

    def _add(self, alias: str, name: str) -> None:
        words = tuple(_WORD.findall(alias.lower()))
        if not words:
            raise ClaimsError(f"Claim {name!r} has an alias without a word: {alias!r}.")
        known = self._aliases.setdefault(words[0], {})
        if known.setdefault(words, name) != name:
            raise ClaimsError(
                f"The alias {alias!r} stands for both {known[words]!r} and {name!r}; keep it with one of them."
            )
        self._loose.setdefault(content(alias), name)

    def _hits(self, text: str) -> Iterator[_Hit]:
        words = [(found[0].lower(), found.start(), found.end()) for found in _WORD.finditer(text)]
        for at, (word, start, _) in enumerate(words):
            for alias, name in self._aliases.get(word, {}).items():
                last = at + len(alias) - 1
                if last < len(words) and all(words[at + step][0] == part for step, part in enumerate(alias)):
                    yield _Hit(claim=name, start=start, end=words[last][2])

    def _loose_hits(self, text: str) -> Iterator[_Hit]:
        said = LooseWords(text)
        for words, name in self._loose.items():
            if (span := said.span(words)) is not None:
                yield _Hit(claim=name, start=span[0], end=span[1])


def _touches(hit: _Hit, remedies: Sequence[Span]) -> bool:
    return any(span.start < hit.end and hit.start < span.end for span in remedies)


def _read(path: Path) -> list[ClaimSheet]:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ClaimsError(f"{path.name}, line {line}: {error.problem or 'this is not YAML'}.") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ClaimsError(f"{path.name} can't be read: {type(error).__name__}.") from None
    try:
        return _FILE.validate_python(raw or [])
    except ValidationError as error:
        raise ClaimsError(_told(path.name, raw, error)) from None


def _told(file: str, raw: object, error: ValidationError) -> str:
    """The first fault, where it stands and what was expected."""
    fault = error.errors()[0]
    if not fault["loc"]:
        return f"{file} must be a list of claims."
    at, *field = fault["loc"]
    entry = raw[at] if isinstance(raw, list) and isinstance(at, int) else None
    name = entry.get("id") if isinstance(entry, dict) else None
    which = f"claim {name!r}" if name else f"entry {int(at) + 1}"
    return f"{file}, {which}, {'.'.join(map(str, field)) or 'as a whole'}: {fault['msg']}."
