"""What to take out of a message so that it leaks nobody, and by which neutral words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.reading import Label, Redaction, Span, SpanRole
from bot.domain.text import replace_ranges
from bot.reading.roles import of_roles
from bot.reading.vocabulary import common_words

#: Labels under which something leaks.
LEAKS = frozenset({Label.THIRD_PARTY_PHI, Label.OWN_DEPENDENT, Label.OWN_IDENTIFIER, Label.STAFF_CONFIRMS_PATIENT})
#: How often a redaction may be widened where the text still reads as somebody's health information.
WIDEST = 3

SOMEONE = "[someone]"
_PLACE = "[a place]"
_HEALTH = "[health information]"
_DETAIL = "[private detail]"
_DATES = frozenset({"date", "birth_date"})
_WORDS = {
    "phone": "[phone number]",
    "fax": "[fax number]",
    "email": "[e-mail address]",
    "url": "[link]",
    "ip": "[network address]",
    "date": "[date]",
    "birth_date": "[date]",
    "age": "[age]",
    "address": "[address]",
    "room": "[room]",
    "vehicle": "[vehicle]",
    "device": "[device number]",
    **dict.fromkeys(
        ("ssn", "national_insurance", "nhs_number", "record", "plan", "account", "card", "licence", "number"),
        "[number]",
    ),
}
_OTHERS = frozenset({Label.THIRD_PARTY_PHI, Label.STAFF_CONFIRMS_PATIENT})
#: A mention, by name or in the platform's own form; rooms and everybody at once are no person.
_MENTION = re.compile(r"<@[^>\s]{1,80}>|(?<![\w@.])@(?!(?:here|channel|everyone|room|all|mods?|staff)\b)[\w.-]*\w")
_NAME = re.compile(r"[^\W\d_]{3,}(?:['’-][^\W\d_]+)*")
#: Parts of a name phrase that name nobody ("my aunt Joan").
_NOT_NAMES = frozenset(
    "the and our his her their aunt auntie aunty uncle mum mom dad nan nana gran grandma grandad sister brother cousin mrs miss mister "
    "lady girl boy man guy from ward room bed bay little big old young baby".split()
)
_CAPITALISED = re.compile(r"\b[A-Z][^\W\d_]{2,}(?:['’-][A-Z][^\W\d_]+)*")
#: Between two parts of one name.
_INSIDE_NAME = re.compile(r"[ \t-]{1,2}")
#: Between somebody and their address: it says who they are, so both are replaced by one word.
_LIVES = re.compile(r",?(?: (?:from|of|in|at|on|near|over))?(?: the)? ")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    start: int
    end: int
    words: str


def redactions(
    text: str, spans: Sequence[Span], labels: Collection[Label], *, widened: int = 0
) -> tuple[Redaction, ...]:
    """What to replace in ``text``, given which of LEAKS it does. Each step of ``widened`` (0 to WIDEST) takes out more.

    0: other people and identifiers, an own child where that leaks, places beside a date.
    1: every other person and place. 2: health information. 3: whatever else looks like a name.
    """
    if not LEAKS.intersection(labels):
        return ()
    cuts = [*_identifiers(text, spans), *(_persons(text, spans, labels, widened) if _persons_leak(labels) else ())]
    if _OTHERS.intersection(labels):
        cuts += _around(text, spans, widened)
    return tuple(Redaction(start=cut.start, end=cut.end, words=cut.words) for cut in _joined(text, _apart(cuts)))


def redacted(text: str, cuts: Iterable[Redaction]) -> str:
    """``text`` with the redactions made."""
    return replace_ranges(text, [(cut.start, cut.end, cut.words) for cut in cuts])


def _persons_leak(labels: Collection[Label]) -> bool:
    return bool(_OTHERS.intersection(labels)) or Label.OWN_DEPENDENT in labels


def _identifiers(text: str, spans: Sequence[Span]) -> Iterator[_Cut]:
    for span in of_roles(spans, SpanRole.IDENTIFIER):
        yield _Cut(start=span.start, end=span.end, words=_WORDS.get(span.kind or "", _DETAIL))


def _persons(text: str, spans: Sequence[Span], labels: Collection[Label], widened: int) -> Iterator[_Cut]:
    roles = {SpanRole.OWN_CHILD} if Label.OWN_DEPENDENT in labels else set()
    if _OTHERS.intersection(labels):
        roles.add(SpanRole.PERSON_OTHER)
        for found in _mentions_of_patients(text, spans):
            yield _Cut(start=found.start(), end=found.end(), words=SOMEONE)
    if widened:
        roles |= {SpanRole.PERSON_OTHER, SpanRole.OWN_CHILD, SpanRole.STAFF, SpanRole.CLINICIAN}
    named = of_roles(spans, *roles)
    for span in named:
        yield _Cut(start=span.start, end=span.end, words=SOMEONE)
    yield from _named_again(text, named)


def _mentions_of_patients(text: str, spans: Sequence[Span]) -> Iterator[re.Match[str]]:
    known = of_roles(spans, SpanRole.CLINICIAN, SpanRole.STAFF, SpanRole.PUBLIC_FIGURE, SpanRole.ANIMAL)
    for found in _MENTION.finditer(text):
        if not any(span.start < found.end() and found.start() < span.end for span in known):
            yield found


def _named_again(text: str, named: Sequence[Span]) -> Iterator[_Cut]:
    """Other places where a name, or a part of it, stands."""
    parts = {word for span in named for word in _NAME.findall(text[span.start : span.end]) if _is_name(word)}
    if not parts:
        return
    again = re.compile(
        rf"(?<![\w@])(?:{'|'.join(re.escape(part) for part in sorted(parts, key=len, reverse=True))})(?![^\W_])"
    )
    for found in again.finditer(text):
        yield _Cut(start=found.start(), end=found.end(), words=SOMEONE)


def _is_name(word: str) -> bool:
    """Not "aunt"; in small letters not what may be any word ("joy")."""
    return word.lower() not in _NOT_NAMES and (not word.islower() or word not in common_words())


def _around(text: str, spans: Sequence[Span], widened: int) -> Iterator[_Cut]:
    """Places that identify together with a date, and what a wider redaction takes out."""
    dated = any(span.kind in _DATES for span in spans)
    if dated or widened:
        yield from (_Cut(start=span.start, end=span.end, words=_PLACE) for span in of_roles(spans, SpanRole.FACILITY))
    if widened > 1:
        yield from (_Cut(start=span.start, end=span.end, words=_HEALTH) for span in of_roles(spans, SpanRole.HEALTH))
    if widened >= WIDEST:
        for found in _CAPITALISED.finditer(text):
            if found[0].lower() not in common_words() and not found[0].isupper():
                yield _Cut(start=found.start(), end=found.end(), words=SOMEONE)


def _apart(cuts: Iterable[_Cut]) -> list[_Cut]:
    """Cuts that overlap become one, with the words of the longer."""
    kept: list[_Cut] = []
    for cut in sorted(cuts, key=lambda cut: (cut.start, -cut.end)):
        last = kept[-1] if kept else None
        if last is None or cut.start >= last.end:
            kept.append(cut)
        elif cut.end > last.end:
            longer = max(last, cut, key=lambda one: one.end - one.start)
            kept[-1] = _Cut(start=last.start, end=cut.end, words=longer.words)
    return kept


def _joined(text: str, cuts: Sequence[_Cut]) -> list[_Cut]:
    """Parts of one name, or of one address, side by side are replaced once; so is somebody with their address."""
    joined: list[_Cut] = []
    for cut in cuts:
        last = joined[-1] if joined else None
        if last is not None and _belong_together(text, last, cut):
            joined[-1] = _Cut(start=last.start, end=cut.end, words=last.words)
        else:
            joined.append(cut)
    return joined


def _belong_together(text: str, first: _Cut, second: _Cut) -> bool:
    if first.words == second.words and _INSIDE_NAME.fullmatch(text, first.end, second.start):
        return True
    lives = first.words == SOMEONE and second.words == _WORDS["address"]
    return lives and _LIVES.fullmatch(text, first.end, second.start) is not None
