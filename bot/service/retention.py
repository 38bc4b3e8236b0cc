"""Forgetting in time: texts of closed cases, finished messages, decisions that nobody needs any more."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from bot.domain.errors import ChaperoneError
from bot.service.ports import Clock
from bot.service.store import Store

_log = structlog.get_logger(__name__)

#: Seconds between rounds.
ROUND = 3600.0
#: What no case refers to is forgotten after this time; the memory of repetition and first posts reaches less far.
UNNEEDED_AFTER = timedelta(days=30)


class Retention:
    """Forgets once an hour. ``keep_text_for`` is how long the text of a closed case stays in the vault."""

    def __init__(self, store: Store, clock: Clock, keep_text_for: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._keep_text_for = keep_text_for

    async def run(self, stop: asyncio.Event) -> None:
        """Forget again and again until ``stop`` is set."""
        while not stop.is_set():
            try:
                await self.forget()
            except ChaperoneError as error:
                _log.error(
                    "could not forget, trying again later", action="retention_failed", error=type(error).__name__
                )
            try:
                await asyncio.wait_for(stop.wait(), ROUND)
            except TimeoutError:
                continue

    async def forget(self) -> None:
        """Forget what is due."""
        now = self._clock.now()
        texts = await self._store.vault.erase_older(now - self._keep_text_for)
        rows = await self._store.prune(now - UNNEEDED_AFTER)
        _log.info("forgot what was due", action="retention", texts=texts, rows=rows)
