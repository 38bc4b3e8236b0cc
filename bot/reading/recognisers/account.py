"""Money: bank cards and IBANs (Presidio), account, invoice, claim and booking numbers (ours)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.presidio import recognizer
from bot.reading.recognisers.base import announced, by_presidio, identifier, labelled, values

_LONG = re.compile(r"\d(?:[ -]?\d){11}")
_CARD = re.compile(r"(?<![\w-])\d{4}([ -]?)\d{4}\1\d{4}\1\d{2,4}(?![\w-])")
_CARD_WORD = re.compile(r"\b(?:card|visa|mastercard|amex|debit|credit)\b", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z0-9]{4}")
_ACCOUNT = labelled(r"account|acct|acc|a/c|sort code|routing", id_word=False)
_REFERENCE = labelled(
    r"invoice|bill(?:ing)?|claim|booking|allowance|benefit|pension|bank|payment|guarantor|giro|order|confirmation",
    id_word=True,
)


class Account:
    """Kinds "card" and "account"."""

    def __init__(self) -> None:
        self._card = recognizer("generic.credit_card_recognizer", "CreditCardRecognizer")
        self._iban = recognizer("generic.iban_recognizer", "IbanRecognizer")

    def find(self, text: str) -> Iterator[Span]:
        """Numbers that money hangs on."""
        if _LONG.search(text):
            yield from by_presidio(self._card, text, "card")
            for found in _CARD.finditer(text):
                if announced(text, found.start(), _CARD_WORD):
                    yield identifier("card", *found.span())
        if _IBAN.search(text):
            yield from by_presidio(self._iban, text, "account")
        yield from values(_ACCOUNT, text, "account", least=5)
        yield from values(_REFERENCE, text, "account")
