"""The policy in force, watched: a changed file counts within two seconds, a broken one changes nothing but is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path

import structlog

from bot.domain.errors import PolicyError
from bot.domain.message import RoomRef
from bot.domain.policy import Policy
from bot.policy_file.load import check_policy, check_resolved, load_resolved
from bot.policy_file.problems import render
from bot.policy_file.resolve import SHIPPED
from bot.policy_file.resolved import resolved_text
from bot.service.ports import Clock
from bot.service.store import Memory, PolicyVersion

_log = structlog.get_logger(__name__)

#: Seconds between looks at the files. With the time to load this keeps a change under the promised two.
LOOK_EVERY = 0.5
Listener = Callable[[str], Awaitable[None]]


class PolicyFile:
    """The Policies port over one file. ``on_error`` hears the rendered errors of a file that does not check."""

    def __init__(self, path: Path, *, memory: Memory, clock: Clock, on_error: Listener) -> None:
        self._path = path
        self._memory = memory
        self._clock = clock
        self._on_error = on_error
        self._in_force: Policy | None = None
        self._seen = ""
        self._errors = ""
        self._told = ""

    @property
    def errors(self) -> str:
        """What is wrong with the file as it stands now, rendered for ``doctor``; empty where nothing is."""
        return self._errors

    @property
    def current(self) -> Policy:
        """The policy in force. Raises PolicyError before ``start``."""
        if self._in_force is None:
            raise PolicyError("No policy is in force yet.")
        return self._in_force

    def policy_for(self, room: RoomRef) -> Policy:
        """See the port: one policy for every room of the process."""
        return self.current

    async def start(self) -> Policy:
        """Put the file in force; where it does not check, the newest kept version that does. Raises PolicyError where there is neither."""
        await self._look()
        if self._in_force is None:
            for kept in await self._memory.policies():
                checked = await asyncio.to_thread(check_resolved, kept.source, f"version {kept.hash}")
                if checked.policy is not None:
                    self._in_force = checked.policy
                    return checked.policy
            raise PolicyError(self._errors)
        return self._in_force

    async def watch(self) -> None:
        """Look at the file again and again, until cancelled. Whatever goes wrong is tried again at the next look."""
        while True:
            await self._clock.sleep(LOOK_EVERY)
            try:
                await self.refresh()
            except Exception as error:
                _log.warning("policy not refreshed", action="policy", error=type(error).__name__)

    async def refresh(self) -> None:
        """Put the file in force if it changed and checks, else tell what is wrong with it. Raises what memory or listener raise."""
        await self._look()
        if self._errors != self._told:
            if self._errors:
                await self._on_error(self._errors)
            self._told = self._errors

    async def rollback(self, version: str) -> Policy:
        """Put a kept version in force until the file changes or the bot restarts.

        Raises PolicyError where the version is not kept or no longer checks.
        """
        for kept in await self._memory.policies():
            if kept.hash == version:
                policy = await asyncio.to_thread(load_resolved, kept.source, f"version {version}")
                await self._put_in_force(policy, kept.source)
                return policy
        raise PolicyError(f"There is no version {version}.")

    async def _look(self) -> None:
        seen = await asyncio.to_thread(fingerprint_of_files, self._path)
        if seen == self._seen:
            return
        checked = await asyncio.to_thread(check_policy, self._path)
        if checked.policy is not None:
            await self._put_in_force(checked.policy, resolved_text(checked))
        else:
            _log.warning("policy refused", action="policy", errors=len(checked.errors))
        self._errors = render(checked.errors)
        self._seen = seen

    async def _put_in_force(self, policy: Policy, source: str) -> None:
        await self._memory.keep_policy(PolicyVersion(hash=policy.hash, source=source, since=self._clock.now()))
        self._in_force = policy
        _log.info("policy in force", action="policy", policy=policy.hash, rules=len(policy.rules))


def fingerprint_of_files(path: Path) -> str:
    """Changes whenever the file, or a pack or wording that it may build on, does. A missing file has one too."""
    places = [path, *sorted((path.parent / "packs").glob("*.yaml")), *sorted(SHIPPED.glob("*/*.yaml"))]
    digest = sha256()
    for place in places:
        try:
            state = place.stat()
        except OSError:
            continue
        digest.update(f"{place}|{state.st_mtime_ns}|{state.st_size}|{state.st_ino}".encode())
    return digest.hexdigest()
