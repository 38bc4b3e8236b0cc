"""How messages, kept texts and cases are written into rows: what quotes or names a person is sealed to its row."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.domain.case import Case
from bot.domain.errors import VaultError
from bot.domain.message import Message
from bot.service.store import Kept
from bot.stores.codec import from_json, to_json
from bot.stores.keyring import Keyring

_log = structlog.get_logger(__name__)

#: What a sealed value is bound to is one of these and the id of its row.
INBOX, VAULT, NAME = "inbox", "vault", "name"


class Seals:
    """Seals and opens what goes into rows."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def message(self, message: Message) -> bytes:
        """A waiting message, sealed to its key."""
        return self._keyring.seal(to_json(message), f"{INBOX} {message.key}")

    def open_message(self, key: str, sealed: bytes) -> Message:
        """The waiting message. Raises VaultError."""
        return from_json(Message, self._keyring.open(sealed, f"{INBOX} {key}"))

    def kept(self, case: str, kept: Kept) -> bytes:
        """The text of a case, sealed to it."""
        return self._keyring.seal(to_json(kept), f"{VAULT} {case}")

    def open_kept(self, case: str, sealed: bytes) -> Kept:
        """The text of a case. Raises VaultError."""
        return from_json(Kept, self._keyring.open(sealed, f"{VAULT} {case}"))

    def name(self, case: Case) -> bytes | None:
        """The name of the case's author, sealed to the case; None where there is none."""
        if not case.author_name:
            return None
        return self._keyring.seal(case.author_name.encode(errors="replace"), f"{NAME} {case.id}")

    def case(self, body: bytes, sealed_name: bytes | None) -> Case:
        """The case. A name that no key opens is left empty: the queue must not stop for it, and opening the text says what is wrong."""
        case = from_json(Case, body)
        if sealed_name is None:
            return case
        try:
            return replace(case, author_name=self._keyring.open(sealed_name, f"{NAME} {case.id}").decode())
        except VaultError:
            _log.error("an author's name does not open, check CHAPERONE_KEYS", action="name_sealed", case=case.id)
            return case

    def anew(self, kind: str, row: str, sealed: bytes) -> bytes:
        """The same, sealed with the first key. Raises VaultError."""
        bound_to = f"{kind} {row}"
        return self._keyring.seal(self._keyring.open(sealed, bound_to), bound_to)


def case_row(case: Case) -> dict[str, object]:
    """The case's row but for its author's name."""
    room = case.message.room
    return {
        "id": case.id,
        "decision": case.decision,
        "message_key": case.message.key,
        "platform": room.platform.value,
        "workspace": room.workspace,
        "author": case.author,
        "state": case.state.value,
        "urgency": int(case.urgency),
        "opened_at": case.opened_at,
        "appealed_at": case.appealed_at,
        "closed_at": case.closed_at,
        "body": to_json(replace(case, author_name="")),
    }
