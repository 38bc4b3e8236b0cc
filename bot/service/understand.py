"""Run the slow reader off the event loop, within a time budget; what it can't read becomes an unread Reading, never silence."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from threading import Thread

import structlog

from bot.domain.reading import Reading, Utterance
from bot.service.ports import Reader

_log = structlog.get_logger(__name__)

#: So many readings that overran their time may go on in the background; beyond that, nothing more is begun until one of them ends.
MOST_OVERDUE = 4


class Understanding:
    """Reads utterances together, in a thread that nobody has to wait for.

    ``budget`` is the time in seconds that one message may take; a batch has that for each of its messages.
    """

    def __init__(self, reader: Reader, *, budget: float) -> None:
        self._reader = reader
        self._budget = budget
        self._overdue: list[Thread] = []

    @property
    def budget(self) -> timedelta:
        """The time that one message may take."""
        return timedelta(seconds=self._budget)

    async def read(self, utterances: Sequence[Utterance]) -> list[Reading]:
        """One Reading for each utterance. Where a batch fails, each is read alone, so that one bad message spoils no other."""
        readings = await self._attempt(utterances)
        if readings is not None:
            return readings
        if len(utterances) == 1:
            return [Reading(faults=("reader",))]
        return [reading for utterance in utterances for reading in await self.read([utterance])]

    async def _attempt(self, utterances: Sequence[Utterance]) -> list[Reading] | None:
        self._overdue = [thread for thread in self._overdue if thread.is_alive()]
        if len(self._overdue) >= MOST_OVERDUE:
            _log.error("the reader hangs", action="reader_hangs", count=len(utterances))
            return None
        answer: asyncio.Future[list[Reading]] = asyncio.get_running_loop().create_future()
        # A thread can't be stopped. As a daemon, one that hangs keeps neither the process nor the next message waiting.
        thread = Thread(target=self._work, args=(utterances, answer), name="reader", daemon=True)
        thread.start()
        try:
            return await asyncio.wait_for(answer, self._budget * len(utterances))
        except TimeoutError:
            self._overdue.append(thread)
            _log.warning("reading overran its budget", action="read_timeout", count=len(utterances))
        except Exception as error:  # whatever a detector raises, the message must reach a human
            # The type only: a detector's own words may quote the message.
            _log.warning("reading failed", action="read_failed", count=len(utterances), error=type(error).__name__)
        return None

    def _work(self, utterances: Sequence[Utterance], answer: asyncio.Future[list[Reading]]) -> None:
        """In the thread: read, and hand the result to the loop, unless the loop has gone meanwhile."""
        try:
            outcome: list[Reading] | Exception = self._reader.read(utterances)
        except Exception as error:
            outcome = error
        with suppress(RuntimeError):
            answer.get_loop().call_soon_threadsafe(_settle, answer, outcome)


def _settle(answer: asyncio.Future[list[Reading]], outcome: list[Reading] | Exception) -> None:
    if answer.done():
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
