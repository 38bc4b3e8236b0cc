"""Direct identifiers in a text: the ones among HIPAA's eighteen that have a shape (45 CFR 164.514(b)(2))."""

from __future__ import annotations

import re

from bot.domain.reading import Span
from bot.reading.recognisers.account import Account
from bot.reading.recognisers.address import Address
from bot.reading.recognisers.age import Age
from bot.reading.recognisers.base import Recogniser
from bot.reading.recognisers.dates import Dates
from bot.reading.recognisers.device import Device
from bot.reading.recognisers.email import Email
from bot.reading.recognisers.licence import Licence
from bot.reading.recognisers.national import National
from bot.reading.recognisers.network import Network
from bot.reading.recognisers.number_words import NumberWords
from bot.reading.recognisers.phone import Phone
from bot.reading.recognisers.plan import Plan
from bot.reading.recognisers.record import Record
from bot.reading.recognisers.room import Room
from bot.reading.recognisers.vehicle import Vehicle

#: Numbers that stand for a person have four digits and more, with little between.
_LONG_NUMBER = re.compile(r"\d(?:[^\d\n]{0,3}\d){3}")


class Identifiers:
    """Finds identifiers. Loads Presidio's recognisers once; nothing is fetched from anywhere."""

    def __init__(self) -> None:
        #: Where two kinds claim the same characters, the earlier one is right.
        self._numbers: tuple[Recogniser, ...] = (
            National(),
            Account(),
            Record(),
            Plan(),
            Device(),
            Licence(),
            Phone(),
        )
        self._others: tuple[Recogniser, ...] = (
            Vehicle(),
            Email(),
            Network(),
            Dates(),
            NumberWords(),
            Address(),
            Room(),
            Age(),
        )

    def find(self, text: str) -> tuple[Span, ...]:
        """Identifiers in ``text`` in the order of their places; none overlap."""
        # Each recogniser asks first for the little that its kind must have; most messages have none of it.
        recognisers = (*self._numbers, *self._others) if _LONG_NUMBER.search(text) else self._others
        claims = [(rank, span) for rank, recogniser in enumerate(recognisers) for span in recogniser.find(text)]
        return _settled(claims)


def _settled(claims: list[tuple[int, Span]]) -> tuple[Span, ...]:
    """The longest claim on any characters wins, among equals the earlier recogniser's."""
    kept: list[Span] = []
    by_length = sorted(claims, key=lambda claim: (claim[1].start - claim[1].end, claim[0], claim[1].start))
    taken: set[int] = set()
    for _, span in by_length:
        places = range(span.start, span.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(span)
    return tuple(sorted(kept, key=lambda span: span.start))
