"""``chaperone`` processes forked from a Python that has imported the package already.

Two thirds of what a short command costs is Python importing the package, which is the same every time, and the suite starts some 150
commands. A fork is a process like any other, with its own id, environment, files and end. What only a Python of its own can show is
shown by the first life of each bot (``process.py``), by the installed command (``tests/commands/test_main.py``) and in the browser tests.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.cli.main import MODULES, main

_ROOT = Path(__file__).parents[2]
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__, *MODULES.values()])


@dataclass(frozen=True, slots=True)
class Streams:
    """The files that a process reads and writes; what it writes is added at the end."""

    stdin: Path
    stdout: Path
    stderr: Path


class Fork:
    """A running fork, with as much of the interface of ``asyncio.subprocess.Process`` as the tests use."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        self.pid = process.pid or 0

    @property
    def returncode(self) -> int | None:
        """The exit status, below zero for the signal that ended it; None while it runs."""
        return self._process.exitcode

    def send_signal(self, signal: int) -> None:
        """Send it a signal."""
        if self.returncode is None:
            os.kill(self.pid, signal)

    async def wait(self) -> int:
        """Wait until it has ended; the exit status."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        return self.returncode or 0


def fork(words: Sequence[str], environment: Mapping[str, str], streams: Streams) -> Fork:
    """Start ``chaperone`` with these words; its streams are files, as nobody but the parent could hold the other end of a pipe."""
    process = _FORKS.Process(target=_live, args=(tuple(words), dict(environment), streams), daemon=True)
    process.start()
    return Fork(process)


def _live(words: Sequence[str], environment: Mapping[str, str], streams: Streams) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(_ROOT)
    adding = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for number, (path, how) in enumerate(
        ((streams.stdin, os.O_RDONLY), (streams.stdout, adding), (streams.stderr, adding))
    ):
        os.dup2(os.open(path, how), number)
    sys.stdin, sys.stdout = (os.fdopen(at, mode, encoding="utf-8", closefd=False) for at, mode in ((0, "r"), (1, "w")))
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", closefd=False)  # by the line, as Python's own
    sys.argv = ["chaperone", *words]
    main()
