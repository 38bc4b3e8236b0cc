"""Who is who in a community, as its platform knows: names of members and of staff. Lives in memory only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.reading import Span, SpanRole

#: Roles that a name may have got from the encoder and that the roster knows better.
_PERSONS = frozenset({SpanRole.PERSON_OTHER, SpanRole.STAFF, SpanRole.CLINICIAN})
_TITLES = frozenset({"dr", "doctor", "nurse", "sister", "prof", "professor", "mr", "mrs", "ms", "miss", "mx"})
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Names in any spelling, "Joan Fitzgibbon" or "coach_lenny". A name both groups have says nothing."""

    members: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    _known: dict[str, SpanRole] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        groups = ((self.members, SpanRole.PERSON_OTHER), (self.staff, SpanRole.STAFF))
        roles: dict[str, set[SpanRole]] = {}
        for names, role in groups:
            for name in names:
                for key in _keys(name):
                    roles.setdefault(key, set()).add(role)
        object.__setattr__(self, "_known", {key: next(iter(found)) for key, found in roles.items() if len(found) == 1})

    def placed(self, text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
        """The spans with each person's role as the roster knows it."""
        return tuple(self._placed(text, span) if span.role in _PERSONS else span for span in spans)

    def _placed(self, text: str, span: Span) -> Span:
        words = _name_words(text[span.start : span.end])
        role = self._known.get(" ".join(words)) or (self._known.get(words[0]) if len(words) == 1 else None)
        # A titled clinician is one, whatever a member of the same name is.
        if role is None or (span.role is SpanRole.CLINICIAN and role is SpanRole.PERSON_OTHER and len(words) == 1):
            return span
        return replace(span, role=role)


def _name_words(name: str) -> list[str]:
    words = [word.lower() for word in _WORD.findall(name.replace("_", " "))]
    return [word for word in words if word not in _TITLES] or words


def _keys(name: str) -> Iterable[str]:
    words = _name_words(name)
    return {" ".join(words), words[0]} if words else ()
