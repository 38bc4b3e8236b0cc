"""A reader that fails or hangs costs no message and holds nothing up."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence

from bot.domain.reading import Reading, Utterance
from bot.service.understand import MOST_OVERDUE, Understanding


def said(text: str) -> Utterance:
    return Utterance(text=text, room="community", author="member")


class Moody:
    """Raises on "boom", hangs on "hang" until released."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.calls = 0

    def read(self, utterances: Sequence[Utterance]) -> list[Reading]:
        self.calls += 1
        if any(utterance.text == "boom" for utterance in utterances):
            raise ValueError("boom")
        if any(utterance.text == "hang" for utterance in utterances):
            self.release.wait(10)
        return [Reading(redactions=()) for _ in utterances]


async def test_one_bad_message_spoils_no_other() -> None:
    readings = await Understanding(Moody(), budget=5).read([said("a"), said("boom"), said("b")])

    assert [reading.faults for reading in readings] == [(), ("reader",), ()]


async def test_a_message_that_takes_too_long_is_unread_and_the_next_is_read() -> None:
    reader = Moody()
    understanding = Understanding(reader, budget=0.05)

    assert (await understanding.read([said("hang")]))[0].faults == ("reader",)
    assert (await understanding.read([said("a")]))[0].faults == ()
    reader.release.set()


async def test_a_reader_that_only_hangs_is_left_in_peace() -> None:
    reader = Moody()
    understanding = Understanding(reader, budget=0.01)

    for _ in range(MOST_OVERDUE + 3):
        assert (await understanding.read([said("hang")]))[0].faults == ("reader",)

    assert reader.calls == MOST_OVERDUE
    reader.release.set()


def test_a_hanging_reader_does_not_keep_the_process_alive() -> None:
    script = """
import asyncio, time
from bot.domain.reading import Utterance
from bot.service.understand import Understanding
class Hangs:
    def read(self, utterances):
        time.sleep(60)
asyncio.run(Understanding(Hangs(), budget=0.05).read([Utterance(text="x", room="community", author="member")]))
"""
    assert subprocess.run([sys.executable, "-c", script], timeout=30, check=False, capture_output=True).returncode == 0
