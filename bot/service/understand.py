"""Run the slow reader off the event loop, within a time budget; what it can't read becomes an unread Reading, never silence."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from bot.domain.reading import Reading, Utterance
from bot.service.ports import Reader

_log = structlog.get_logger(__name__)


class Understanding:
    """Reads utterances together in a thread of its own.

    ``budget`` is the time in seconds that one message may take; a batch has that for each of its messages.
    """

    def __init__(self, reader: Reader, *, budget: float) -> None:
        self._reader = reader
        self._budget = budget
        self._thread = self._fresh_thread()

    async def read(self, utterances: Sequence[Utterance]) -> list[Reading]:
        """One Reading for each utterance. Where a batch fails, each is read alone, so that one bad message spoils no other."""
        readings = await self._attempt(utterances)
        if readings is not None:
            return readings
        if len(utterances) == 1:
            return [Reading(faults=("reader",))]
        return [reading for utterance in utterances for reading in await self.read([utterance])]

    async def _attempt(self, utterances: Sequence[Utterance]) -> list[Reading] | None:
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._thread, self._reader.read, utterances)
        try:
            return await asyncio.wait_for(work, self._budget * len(utterances))
        except TimeoutError:
            _log.warning("reading overran its budget", action="read_timeout", count=len(utterances))
            # A thread can't be stopped; it is left behind, and reading goes on in a fresh one.
            self._thread.shutdown(wait=False, cancel_futures=True)
            self._thread = self._fresh_thread()
        except Exception as error:  # whatever a detector raises, the message must reach a human
            # The type only: a detector's own words may quote the message.
            _log.warning("reading failed", action="read_failed", count=len(utterances), error=type(error).__name__)
        return None

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    @staticmethod
    def _fresh_thread() -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
