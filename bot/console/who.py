"""Who is at the console: names and passwords from the settings, a signed session cookie, nobody else."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from bot.domain.errors import SettingsError

_KEY = "reviewer"


class Door:
    """Lets reviewers in. With no admins at all (the sandbox) everybody is ``resident``."""

    def __init__(self, admins: Mapping[str, str], *, resident: str | None = None) -> None:
        self._admins = admins
        self._resident = resident

    def admits(self, name: str, password: str) -> bool:
        """Whether name and password fit; the time it takes tells neither which was wrong, nor how long the right password is."""
        known = self._admins.get(name, "")
        return hmac.compare_digest(_digest(known), _digest(password)) and bool(known)

    def reviewer(self, request: Request) -> str:
        """The name of whoever asks. Sends strangers to the login page."""
        name = self._resident or request.session.get(_KEY)
        if not isinstance(name, str) or (name != self._resident and name not in self._admins):
            raise HTTPException(303, "Please log in.", headers={"Location": "/login"})
        return name

    def welcome(self, request: Request, name: str) -> None:
        """Remember who it is."""
        request.session[_KEY] = name

    def goodbye(self, request: Request) -> None:
        """Forget who it was."""
        request.session.clear()


def _digest(password: str) -> bytes:
    """Of one length whatever the password's: comparing tells by its time where two lengths differ."""
    return hashlib.sha256(password.encode(errors="replace")).digest()


def parse_admins(entries: tuple[str, ...]) -> dict[str, str]:
    """``name:password`` entries by name. Raises SettingsError where one is not of that form or the password is short."""
    admins = {}
    for entry in entries:
        name, colon, password = entry.partition(":")
        if not (name and colon) or len(password) < 12:
            raise SettingsError(
                "CHAPERONE_ADMINS is wrong: write name:password, the password at least 12 characters long."
            )
        admins[name] = password
    return admins


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


def _reviewer(request: Request, door: Annotated[Door, Depends(_door)]) -> str:
    return door.reviewer(request)


DoorHere = Annotated[Door, Depends(_door)]
Reviewer = Annotated[str, Depends(_reviewer)]
