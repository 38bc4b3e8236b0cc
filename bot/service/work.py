"""The worker: takes what waits, has it moderated and enforced, and stops in good order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from bot.domain.decision import Decision
from bot.service.enforce import Enforcer
from bot.service.moderate import LEASE, Moderator, Read
from bot.service.ports import Clock
from bot.service.store import Store

_log = structlog.get_logger(__name__)

#: So many messages, and so many decisions, are taken at a time.
BATCH = 4
#: So many decisions are enforced at a time.
AT_ONCE = 32
#: Seconds between looks at the store where nothing woke the worker: another process may have put something there.
POLL = 0.5
#: Seconds that started work may take to end once the worker is told to stop.
GRACE = 8.0


class Worker:
    """One loop over the inbox and the decisions that are due."""

    def __init__(
        self, *, store: Store, moderator: Moderator, enforcer: Enforcer, clock: Clock, wake: asyncio.Event
    ) -> None:
        self._store = store
        self._moderator = moderator
        self._enforcer = enforcer
        self._clock = clock
        self._wake = wake
        self._running: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._deciding: asyncio.Task[None] | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set, then end what was begun."""
        begun = False
        while not stop.is_set():
            try:
                if not begun:
                    await self._store.break_leases(self._enforcer.serves)
                    begun = True
                busy = await self.step()
            except (
                Exception
            ) as error:  # whatever fails, the next look may succeed; a worker that ends moderates nothing
                _log.error("a step failed, trying again", action="step_failed", error=type(error).__name__)
                busy = False
            if not busy:
                await self._rest(stop)
        await self._end()

    async def _end(self) -> None:
        """Let what was begun end, within GRACE altogether; break off what is late."""
        try:
            async with asyncio.timeout(GRACE):
                await self._decided()
                while self._running:
                    await asyncio.wait(self._running)
        except TimeoutError:
            _log.warning("work did not end in time", action="stop_forced")
        except Exception as error:
            _log.error("a step failed at the end", action="step_failed", error=type(error).__name__)
        finally:
            late = {*self._running, *([self._deciding] if self._deciding else [])}
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def step(self) -> bool:
        """Take one batch of messages and one of due decisions; whether more may be waiting already.

        While one message is decided on, which is the store's work, the next is read, which is the processor's.
        """
        self._wake.clear()
        messages = await self._store.inbox.take(
            self._enforcer.serves, BATCH, self._clock.now(), self._moderator.lease(BATCH)
        )
        for (
            message
        ) in messages:  # one by one: to read them together is hardly faster, and the first would wait for the last
            read = await self._moderator.read([message])
            await self._decided()  # decisions keep the order of the messages
            if read:
                self._deciding = asyncio.create_task(self._decide(read), name="decide")
        due = await self._store.decisions.due(self._enforcer.serves, BATCH, self._clock.now(), LEASE)
        for decision in due:
            await self._start(decision)
        return self._wake.is_set() or BATCH in (len(messages), len(due))

    async def settle(self) -> None:
        """Work until nothing is due any more: for commands and tests that run once."""
        while await self.step() or self._running or self._deciding:
            await self._decided()
            if self._running:
                await asyncio.wait(self._running)

    async def _decide(self, read: Sequence[Read]) -> None:
        for decision in await self._moderator.decide(read):
            await self._start(decision)

    async def _decided(self) -> None:
        """Wait until the message before is decided on; raise what went wrong there."""
        deciding, self._deciding = self._deciding, None
        if deciding is not None:
            await deciding

    async def _start(self, decision: Decision) -> None:
        await self._room.acquire()
        task = asyncio.create_task(self._enforce(decision), name=f"enforce {decision.id}")
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def _enforce(self, decision: Decision) -> None:
        try:
            await self._enforcer.enforce(decision)
        except Exception as error:  # one decision must not stop the others; its lease runs out and it is tried again
            _log.error("enforcing failed", action="enforce_failed", decision=decision.id, error=type(error).__name__)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._room.release()

    async def _rest(self, stop: asyncio.Event) -> None:
        """Wait for a wake-up, the next look, or the end."""
        waits = {asyncio.create_task(event.wait()) for event in (self._wake, stop)}
        await asyncio.wait(waits, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
        for waiting in waits:
            waiting.cancel()
