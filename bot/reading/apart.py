"""Reading in a process of its own, by both of its ends: the bot's, which asks, and the reader's, which answers.

Reading is half of the bot's work, and one Python does one thing at a time: read beside the event loop, each waits for the other. Apart,
each has a processor; what hangs can be ended, and what crashes takes nothing with it. Over the pipe go Python objects (pickle): both of
its ends are this package, and nobody else has hold of it.
"""

from __future__ import annotations

import copyreg
import os
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Protocol, cast

import structlog

from bot.domain.errors import ChaperoneError, ReaderError
from bot.domain.reading import Reading, Utterance

_log = structlog.get_logger(__name__)

#: Seconds that a reader may take to load. It takes one; a machine that has much to do takes longer.
LOAD_WITHIN = 60.0
#: Seconds that it may take to end by itself once nobody asks any more.
_END_WITHIN = 2.0

copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))


def _read_only(mapping: dict[object, object]) -> MappingProxyType[object, object]:
    return MappingProxyType(mapping)


class Reads(Protocol):
    """What answers at the reader's end."""

    def read(self, utterances: Sequence[Utterance]) -> list[Reading]:
        """One Reading for each utterance, in order."""
        ...


@dataclass(frozen=True, slots=True)
class _Failed:
    """Instead of an answer: what went wrong. Never an error's own words while reading, which may quote the message."""

    what: str


def answer(connection: Connection, load: Callable[[], Reads]) -> None:
    """The reader's end: load, say so, and answer until the other end closes."""
    try:
        try:
            reader = load()
        except ChaperoneError as error:
            connection.send(_Failed(str(error)))
            return
        connection.send(None)
        while True:
            asked = connection.recv()
            try:
                connection.send(reader.read(asked))
            except Exception as error:  # whatever it is, the message goes to a person, and the next one is read
                connection.send(_Failed(f"Reading failed: {type(error).__name__}."))
    except (EOFError, OSError):  # the bot has ended
        return


class _DiedError(ReaderError):
    """The reader died."""


class _HungError(ReaderError):
    """The reader took too long."""


class ReaderApart:
    """The bot's end; implements the service's Reader port. ``budget`` is the time in seconds that one message may take.

    ``command`` starts the reader, with ``packages`` as the first folder that it imports from; the number of its end of the pipe is added as
    the last word. One that died, or overran its time and was ended, is followed by another. What one died of is asked of the other once
    more: it need not have been the message.
    """

    def __init__(self, command: Sequence[str], *, budget: float, packages: Path) -> None:
        self._command = command
        self._environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(packages), *_searched()])}
        self._budget = budget
        self._turn = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._loaded = False

    @property
    def pid(self) -> int | None:
        """The id of its process, once it was started."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Let it load, without waiting for it."""
        with self._turn:
            self._start()

    def wait_until_loaded(self) -> None:
        """Wait until it can read. Raises ReaderError that says why it can't."""
        with self._turn:
            self._ready()

    def read(self, utterances: Sequence[Utterance]) -> list[Reading]:
        """One Reading for each utterance, in order. Raises ReaderError."""
        with self._turn:
            with suppress(_DiedError):
                return self._attempt(utterances)
            return self._attempt(utterances)

    def close(self) -> None:
        """End it."""
        if self._process is not None and not self._loaded:
            self._process.kill()  # while it loads it listens to nobody, and somebody may wait for it
        with self._turn:
            self._end(_END_WITHIN)

    def _start(self) -> Connection:
        ours, theirs = Pipe()
        with theirs:
            command = [*self._command, str(theirs.fileno())]
            self._process = subprocess.Popen(  # noqa: S603 - this package's own
                command, env=self._environment, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
            )
        self._connection, self._loaded = ours, False
        return ours

    def _ready(self) -> Connection:
        connection = self._connection or self._start()
        if not self._loaded:
            _received(connection, LOAD_WITHIN)
            self._loaded = True
            _log.info("the reader is loaded", action="reader_loaded", pid=self.pid)
        return connection

    def _attempt(self, utterances: Sequence[Utterance]) -> list[Reading]:
        try:
            connection = self._ready()
            try:
                connection.send(list(utterances))
            except OSError:
                raise _DiedError from None
            return cast("list[Reading]", _received(connection, self._budget * len(utterances)))
        except (_DiedError, _HungError) as error:
            _log.error("another reader is started", action="reader_lost", error=str(error))
            self._end(0)
            self._start()
            raise

    def _end(self, within: float) -> None:
        if self._connection is None or self._process is None:
            return
        self._connection.close()  # which ends it, if it still listens
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._connection = None


def _searched() -> list[str]:
    return [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]


def _received(connection: Connection, within: float) -> object:
    """What comes within so many seconds. Raises ReaderError with the reader's own complaint, _DiedError, or _HungError."""
    try:
        if not connection.poll(within):
            raise _HungError
        answered = connection.recv()
    except (EOFError, ConnectionError):
        raise _DiedError from None
    if isinstance(answered, _Failed):
        raise ReaderError(answered.what)
    return answered
