"""The reader that everything goes by: apart from the rest, so that a command may read that runs no bot."""

from __future__ import annotations

from pathlib import Path

from bot.reading.claims import Claims
from bot.reading.encoder import Encoder
from bot.reading.identifiers import Identifiers
from bot.reading.reader import ChaperoneReader

CLAIMS = Path(__file__).parents[2] / "policies" / "claims"


def shipped_reader() -> ChaperoneReader:
    """The reader with the shipped model and the catalogue of claims."""
    return ChaperoneReader(Encoder(), Identifiers(), claims=Claims.load(CLAIMS))
