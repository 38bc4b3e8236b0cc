"""Values to JSON and back, by their type annotations. Used for everything that a store writes as one piece."""

from __future__ import annotations

from typing import TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from bot.domain.decision import Decision
from bot.domain.errors import VaultError
from bot.domain.message import Message
from bot.service.store import Kept

T = TypeVar("T", Message, Decision, Kept)

_ADAPTERS = {kind: TypeAdapter(kind) for kind in (Message, Decision, Kept)}


def to_json(value: Message | Decision | Kept) -> bytes:
    """The value as JSON."""
    return _ADAPTERS[type(value)].dump_json(value)


def from_json(kind: type[T], raw: bytes) -> T:
    """The value that ``raw`` was written from. Raises VaultError where it was not; the message says nothing of the content."""
    try:
        return cast("T", _ADAPTERS[kind].validate_json(raw))
    except ValidationError:
        # Suppressed on purpose: pydantic quotes the input, which may be a patient's words.
        raise VaultError(f"A stored {kind.__name__} does not have the expected shape.") from None
