"""The policy in force, watched: a changed file counts within two seconds, a broken one changes nothing but is told.

What is in force is written down in the store, so that all processes agree. The version kept last counts, until the file of one of them
says something else than it said when that version was put in force.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
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
        self._said = ""
        self._unusable = ""
        self._seen = ""
        self._errors = ""
        self._told = ""

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._path

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
        """Put the file in force, or the version that people put in its place; where the file does not check, the newest that does.

        Raises PolicyError where there is none.
        """
        await self._look()
        for kept in await self._memory.policies() if self._in_force is None else ():
            if await self._adopt(kept):
                break
        if self._in_force is None:
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
        """Put a kept version in force, in every process and over restarts, until the file says something else than it says now.

        Raises PolicyError where the version is not kept or no longer checks.
        """
        for kept in await self._memory.policies():
            if kept.hash == version:
                policy = await asyncio.to_thread(load_resolved, kept.source, f"version {version}")
                said = await self._said_by_file()
                await self._put_in_force(replace(policy, hash=version), kept.source, said if said != version else None)
                return self.current
        raise PolicyError(f"There is no version {version}.")

    async def _look(self) -> None:
        seen = await asyncio.to_thread(fingerprint_of_files, self._path)
        if seen != self._seen:
            checked = await asyncio.to_thread(check_policy, self._path)
            if checked.policy is None:
                _log.warning("policy refused", action="policy", errors=len(checked.errors))
            elif checked.policy.hash != self._said:
                await self._heed(checked.policy, resolved_text(checked))
                self._said = checked.policy.hash
            self._errors = render(checked.errors)
            self._seen = seen
        await self._follow()

    async def _heed(self, policy: Policy, source: str) -> None:
        """The file says ``policy``: put that in force, unless it is, or people have put another version in its place."""
        newest = await self._memory.newest_policy()
        if newest is None or policy.hash != (newest.instead_of or newest.hash) or not await self._adopt(newest):
            await self._put_in_force(policy, source, None)

    async def _follow(self) -> None:
        """Another process may have put something else in force."""
        newest = await self._memory.newest_policy()
        in_force = self._in_force.hash if self._in_force is not None else ""
        if newest is not None and newest.hash not in (in_force, self._unusable) and not await self._adopt(newest):
            self._unusable = newest.hash
            _log.warning("the version in force does not check here", action="policy", policy=newest.hash)

    async def _adopt(self, kept: PolicyVersion) -> bool:
        """Go by a kept version; False where it does not check any more."""
        checked = await asyncio.to_thread(check_resolved, kept.source, f"version {kept.hash}")
        if checked.policy is not None:
            self._in_force = replace(checked.policy, hash=kept.hash)
            _log.info("policy in force", action="policy", policy=kept.hash, instead_of=kept.instead_of)
        return checked.policy is not None

    async def _put_in_force(self, policy: Policy, source: str, instead_of: str | None) -> None:
        version = PolicyVersion(hash=policy.hash, source=source, since=self._clock.now(), instead_of=instead_of)
        await self._memory.keep_policy(version)
        self._in_force = policy
        _log.info("policy in force", action="policy", policy=policy.hash, instead_of=instead_of)

    async def _said_by_file(self) -> str:
        """The hash of what the file says; where it does not check, of what it said last, as far as the store knows."""
        checked = await asyncio.to_thread(check_policy, self._path)
        if checked.policy is not None:
            return checked.policy.hash
        newest = await self._memory.newest_policy()
        return "" if newest is None else newest.instead_of or newest.hash


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
