"""Forgetting in time: texts of closed cases, trials that nobody judged, finished messages, decisions that nobody needs any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.domain.policy import Policy
from bot.service.ports import Clock
from bot.service.store import Store
from bot.service.trials import close_unjudged

_log = structlog.get_logger(__name__)

#: Who erased a text whose time was over, in the trail of its case.
BY = "chaperone"
#: Seconds between rounds.
ROUND = 3600.0
#: What no case refers to is kept this long; the memory of repetition and first posts reaches less far.
UNNEEDED_AFTER = timedelta(days=30)
#: A strike is forgotten after so many half-lives: it counts a sixteenth then.
HALF_LIVES = 4


class Retention:
    """Forgets once an hour. ``policy`` gives the policy in force: it says how long texts of closed cases and strikes are kept."""

    def __init__(self, store: Store, clock: Clock, policy: Callable[[], Policy]) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def run(self, stop: asyncio.Event) -> None:
        """Forget again and again until ``stop`` is set."""
        while not stop.is_set():
            try:
                await self.forget()
            except (
                Exception
            ) as error:  # whatever fails, the next round may succeed; a part that ends ends the whole bot
                _log.error(
                    "could not forget, trying again later", action="retention_failed", error=type(error).__name__
                )
            try:
                await asyncio.wait_for(stop.wait(), ROUND)
            except TimeoutError:
                continue

    async def forget(self) -> None:
        """Forget what is due."""
        now, policy = self._clock.now(), self._policy()
        texts = await self._store.vault.erase_older(now - policy.keep_text_for, BY, now)
        trials = await close_unjudged(self._store, now - policy.keep_text_for, BY, now)
        strikes_before = now - max(UNNEEDED_AFTER, policy.strike_half_life * HALF_LIVES)
        rows = await self._store.prune(now - UNNEEDED_AFTER, strikes_before)
        _log.info("forgot what was due", action="retention", texts=texts, trials=trials, rows=rows)
