"""The policy in force, watched: a changed file counts within two seconds, a broken one changes nothing but is told.

Broken is also a file whose examples fail, and one that names a team room that is nowhere while the one before it is there.

What is in force is written down in the store, so that all processes agree. The version kept last counts, until the file of one of them
says something else than it said when that version was put in force.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import structlog

from bot.domain.errors import PolicyError
from bot.domain.message import RoomRef
from bot.domain.policy import Policy
from bot.policy_file.examples import with_examples
from bot.policy_file.load import Checked, check_policy, check_resolved, load_resolved
from bot.policy_file.problems import Problem, render
from bot.policy_file.resolve import SHIPPED
from bot.policy_file.resolved import resolved_text
from bot.policy_file.team_room import AGAIN, REMEDY, Team, TeamRoom
from bot.service.ports import Clock, Matcher
from bot.service.store import Memory, PolicyVersion

_log = structlog.get_logger(__name__)

#: Seconds between looks at the files. With the time to load this keeps a change under the promised two.
LOOK_EVERY = 0.5
#: So much of a long list of errors is told; the whole list is what ``chaperone policy check`` prints.
MOST = 1500
#: So many kept versions are asked for a team room that could stand in for one that is missing.
MOST_FORMER = 20


class PolicyFile:
    """The Policies port over one file. The team hears the rendered errors of a file that does not check, and that it is mended.

    The matcher is used in another thread, so it must be nobody else's.
    """

    def __init__(self, path: Path, *, memory: Memory, clock: Clock, matcher: Matcher, team: Team) -> None:
        self._path = path
        self._memory = memory
        self._clock = clock
        self._matcher = matcher
        self._team = team
        self._team_room = TeamRoom(team, clock)
        self._in_force: Policy | None = None
        self._said = ""
        self._seen = ""
        self._again_at: datetime | None = None
        self._errors = ""
        self._unusable = ""
        self._not_followed = ""
        self._told = ""
        self._tell_from = clock.now()
        self._rolled_back: PolicyVersion | None = None

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._path

    @property
    def errors(self) -> str:
        """What is wrong with the file, or with a version put in force elsewhere, as it stands now; empty where nothing is."""
        return self._errors or self._not_followed

    @property
    def trouble(self) -> str:
        """What is wrong with the team's room of the policy in force; empty where it is found or not yet looked for."""
        return self._team_room.trouble

    @property
    def current(self) -> Policy:
        """The policy in force. Raises PolicyError before ``start``."""
        if self._in_force is None:
            raise PolicyError("No policy is in force yet.")
        return self._in_force

    def policy_for(self, room: RoomRef) -> Policy:
        """See the port: one policy for every room of the process; but where its team room is missing, another one stands in."""
        instead = self._team_room.stands_in(room)
        return self.current if instead is None else replace(self.current, team_room=instead)

    async def start(self) -> Policy:
        """Put the file in force, or the version that people put in its place; where the file does not check, the newest that does.

        Raises PolicyError where there is none.
        """
        await self._look()
        for kept in await self._memory.policies() if self._in_force is None else ():
            if not await self._adopt(kept):
                break
        if self._in_force is None:
            raise PolicyError(self._errors)
        self._rolled_back = None  # the team heard of it when it was done
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
        """Put the file in force if it changed and checks, else tell what is wrong with it. Raises what memory or team raise."""
        await self._look()
        await self._team_room.look(self.current.team_room, self._former_rooms)
        if (version := self._rolled_back) and await self._team.tell(_rolled_back(version), f"{version.since}"):
            self._rolled_back = None
        wrong = self._wrong()
        if wrong != self._told and self._clock.now() >= self._tell_from:
            mended = f"The policy is in order again: version {self.current.hash} is in force."
            if await self._team.tell(wrong or mended, f"{self._seen}|{self._told}"):
                self._told = wrong
            else:
                self._tell_from = self._clock.now() + AGAIN

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
        again = self._again_at is not None and self._clock.now() >= self._again_at
        if again:
            self._again_at, self._unusable = None, ""
        if again or seen != self._seen:
            checked = await asyncio.to_thread(self._check)
            errors = [*checked.errors, *await self._heed(checked)]
            if errors:
                _log.warning("policy refused", action="policy", errors=len(errors))
            self._errors = render(errors)
            self._seen = seen
        await self._follow()

    def _check(self) -> Checked:
        """What the file says, its examples tried. Slow."""
        return with_examples(check_policy(self._path), self._matcher)[0]

    async def _heed(self, checked: Checked) -> Sequence[Problem]:
        """Put what the file says in force, unless it is, or people have put another version in its place; what keeps it from that."""
        policy = checked.policy
        if policy is None or policy.hash == self._said:
            return []
        newest = await self._memory.newest_policy()
        if newest is None or policy.hash != (newest.instead_of or newest.hash) or await self._adopt(newest):
            if loss := await self._loss(policy):
                return [checked.problem(("team_room",), loss, REMEDY)]
            await self._put_in_force(policy, resolved_text(checked), None)
        self._said = policy.hash
        return []

    async def _follow(self) -> None:
        """Another process may have put something else in force."""
        newest = await self._memory.newest_policy()
        if newest is None or newest.hash == self._unusable:
            return
        self._not_followed = ""
        if self._in_force is not None and newest.hash == self._in_force.hash:
            return
        if why := await self._adopt(newest):
            self._unusable, self._not_followed = newest.hash, render(why)
            _log.warning("the version in force can't be used here", action="policy", policy=newest.hash)
        elif newest.instead_of:
            self._rolled_back = newest

    async def _adopt(self, kept: PolicyVersion) -> Sequence[Problem]:
        """Go by a kept version; what keeps it from that: it does not check any more, or would lose the team room."""
        checked = await asyncio.to_thread(check_resolved, kept.source, f"version {kept.hash}")
        if checked.policy is None:
            return checked.errors
        if loss := await self._loss(checked.policy):
            return [checked.problem(("team_room",), loss, REMEDY)]
        self._in_force = replace(checked.policy, hash=kept.hash)
        _log.info("policy in force", action="policy", policy=kept.hash, instead_of=kept.instead_of)
        return []

    async def _loss(self, policy: Policy) -> str:
        """Why the policy in force can't be followed by this one: no room would hear its pages. A room may come up: tried again."""
        if self._in_force is None:
            return ""
        loss = await self._team_room.loss(policy.team_room, self._in_force.team_room)
        if loss:
            self._again_at = self._clock.now() + AGAIN
        return loss

    async def _former_rooms(self) -> Sequence[str]:
        """The team rooms of the versions that were in force last, newest first."""
        kept = (await self._memory.policies())[:MOST_FORMER]
        checked = [await asyncio.to_thread(check_resolved, one.source, f"version {one.hash}") for one in kept]
        return [*dict.fromkeys(one.policy.team_room for one in checked if one.policy is not None)]

    def _wrong(self) -> str:
        """What the team is to know; empty where nothing is wrong."""
        parts = {
            "The policy file has a mistake, so the last good version stays in force.": self._errors,
            "A version was put in force that can't be used, so the one before it stays.": ""
            if self._errors
            else self._not_followed,
            "The policy's team room is missing.": self.trouble,
        }
        folder = f"{self._path.parent}/"  # of the server: no business of a chat room
        return "\n".join(f"{what}\n```\n{text.replace(folder, '')[:MOST]}\n```" for what, text in parts.items() if text)

    async def _put_in_force(self, policy: Policy, source: str, instead_of: str | None) -> None:
        version = PolicyVersion(hash=policy.hash, source=source, since=self._clock.now(), instead_of=instead_of)
        await self._memory.keep_policy(version)
        self._in_force = policy
        _log.info("policy in force", action="policy", policy=policy.hash, instead_of=instead_of)

    async def _said_by_file(self) -> str:
        """The hash of what the file says; where it does not check, of what it said last, as far as the store knows."""
        checked = await asyncio.to_thread(self._check)
        if checked.policy is not None:
            return checked.policy.hash
        newest = await self._memory.newest_policy()
        return "" if newest is None else newest.instead_of or newest.hash


def _rolled_back(version: PolicyVersion) -> str:
    return (
        f"The policy was rolled back: version {version.hash} is in force, in place of {version.instead_of}, which the file says. "
        "It stays until the file changes."
    )


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
