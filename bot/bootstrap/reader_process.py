"""The process that reads: ``python -m bot.bootstrap.reader_process LEVEL DESCRIPTOR``. Started by the bot, ends with it.

``LEVEL`` is the least that it logs, ``DESCRIPTOR`` the number of its end of the pipe.
"""

from __future__ import annotations

import gc
import signal
import sys
from multiprocessing.connection import Connection

from bot.bootstrap.logs import set_up_logs
from bot.bootstrap.reading import shipped_reader
from bot.reading.apart import answer
from bot.reading.reader import ChaperoneReader


def main(level: str, descriptor: str) -> None:
    """Read until the bot has ended. Signals are the bot's business: what is under way is still read when it is told to stop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    set_up_logs(level=level)
    answer(Connection(int(descriptor)), _load)


def _load() -> ChaperoneReader:
    reader = shipped_reader()
    gc.freeze()  # what is loaded stays, so that nobody looks through it for garbage
    return reader


if __name__ == "__main__":
    main(*sys.argv[1:])
