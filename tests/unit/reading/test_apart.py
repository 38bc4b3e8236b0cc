"""A reader in a process of its own: what it says comes through, and whatever happens to it, the next message is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.bootstrap.apart import reader_apart
from bot.bootstrap.reading import shipped_reader
from bot.domain.errors import ReaderError
from bot.domain.reading import Label, Utterance
from bot.reading.apart import ReaderApart
from tests.factories import make_reading

ROOT = Path(__file__).parents[3]
#: A reader that does what it is told to.
OBEYS = """
import os, sys, time
from multiprocessing.connection import Connection
from bot.domain.errors import ReaderError
from bot.domain.reading import Label
from bot.reading.apart import answer
from tests.factories import make_reading

class Obeys:
    def read(self, utterances):
        for said in utterances:
            if said.text == "fail": raise ValueError("with the words of the message")
            if said.text == "die": os._exit(9)
            if said.text == "hang": time.sleep(60)
        return [make_reading({Label.BULLYING: len(said.text) / 100}) for said in utterances]

def load():
    if sys.argv[1] == "broken": raise ReaderError("The weights are damaged.")
    return Obeys()

answer(Connection(int(sys.argv[-1])), load)
"""


def said(text: str) -> Utterance:
    return Utterance(text=text, room="community", author="member", context=((True, "before"),))


def obedient(kind: str = "sound") -> ReaderApart:
    return ReaderApart([sys.executable, "-c", OBEYS, kind], budget=1.0, packages=ROOT)


@pytest.fixture
def reader() -> Iterator[ReaderApart]:
    reader = obedient()
    reader.wait_until_loaded()
    yield reader
    reader.close()


def alive(pid: int | None) -> bool:
    assert pid is not None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_it_says_comes_through_whole_and_in_order(reader: ReaderApart) -> None:
    assert reader.read([said("four"), said("seventh")]) == [
        make_reading({Label.BULLYING: 0.04}),
        make_reading({Label.BULLYING: 0.07}),
    ]


def test_it_starts_when_it_is_first_asked() -> None:
    reader = obedient()
    assert reader.pid is None

    assert reader.read([said("a")])[0].probability(Label.BULLYING) == 0.01
    reader.close()


def test_a_text_that_can_not_be_read_is_told_without_words_of_it_and_the_next_one_is_read(reader: ReaderApart) -> None:
    with pytest.raises(ReaderError, match=r"^Reading failed: ValueError\.$"):
        reader.read([said("fail")])

    assert len(reader.read([said("a")])) == 1


@pytest.mark.parametrize(("text", "told"), [("die", "died"), ("hang", "too long")])
def test_one_that_dies_or_hangs_is_followed_by_another(reader: ReaderApart, text: str, told: str) -> None:
    lost = reader.pid
    with pytest.raises(ReaderError, match=told):
        reader.read([said(text)])

    assert not alive(lost)
    assert len(reader.read([said("a")])) == 1


def test_one_that_died_while_nobody_asked_costs_no_message(reader: ReaderApart) -> None:
    assert reader.pid is not None
    os.kill(reader.pid, signal.SIGKILL)

    assert len(reader.read([said("a")])) == 1


def test_why_it_can_not_load_is_told() -> None:
    reader = obedient("broken")

    with pytest.raises(ReaderError, match="The weights are damaged"):
        reader.wait_until_loaded()
    reader.close()


def test_it_ends_when_it_is_closed(reader: ReaderApart) -> None:
    pid = reader.pid
    reader.close()
    reader.close()

    assert not alive(pid)


def test_it_ends_with_a_bot_that_is_killed() -> None:
    bot = (
        "import sys; from tests.unit.reading.test_apart import obedient\n"
        "reader = obedient(); reader.wait_until_loaded(); print(reader.pid, file=sys.stderr, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", bot], cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        pid = int(process.stderr.readline())
        process.kill()

    until = time.monotonic() + 10
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not alive(pid)


def test_the_shipped_reader_reads_the_same_apart() -> None:
    apart, sister = reader_apart(30.0, log_level="WARNING"), [said("my sister Dana has lupus, her MRN is 4417829")]

    assert apart.read(sister) == shipped_reader().read(sister)
    apart.close()
