"""Values to JSON and back, by their type annotations. Used for everything that a store writes as one piece."""

from __future__ import annotations

import json
import re
from typing import TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from bot.domain.case import Case
from bot.domain.decision import Decision
from bot.domain.errors import VaultError
from bot.domain.message import Message
from bot.domain.outcome import Outcome
from bot.service.store import Kept

Piece = Message | Decision | Kept | Case | Outcome
T = TypeVar("T", Message, Decision, Kept, Case, Outcome)

_ADAPTERS = {kind: TypeAdapter(kind) for kind in (Message, Decision, Kept, Case, Outcome)}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def to_json(value: Piece) -> bytes:
    """The value as JSON. Half a surrogate pair, which no encoding can write, becomes U+FFFD, so that offsets stay as they are."""
    adapter = _ADAPTERS[type(value)]
    try:
        return adapter.dump_json(value)
    except PydanticSerializationError:
        tree = json.dumps(adapter.dump_python(value, mode="json"), ensure_ascii=False)
        return _LONE_SURROGATE.sub("\ufffd", tree).encode()


def from_json(kind: type[T], raw: bytes) -> T:
    """The value that ``raw`` was written from. Raises VaultError where it was not; the message says nothing of the content."""
    try:
        return cast("T", _ADAPTERS[kind].validate_json(raw))
    except ValidationError:
        # Suppressed on purpose: pydantic quotes the input, which may be a patient's words.
        raise VaultError(f"A stored {kind.__name__} does not have the expected shape.") from None
