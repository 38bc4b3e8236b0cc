"""How fast one core reads: ``python -m bench.reading [--seconds 20]``. Prints start-up, percentiles by length and memory.

One message at a time, as a quiet room brings them, and sixteen together, as a busy worker reads them. The process is pinned to one core.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from bench.measures import table
from bot.bootstrap.reading import shipped_reader
from bot.domain.reading import Utterance
from training.case import load_corpus

CORPUS = Path(__file__).parents[1] / "training" / "corpus"
TOGETHER = 16
#: Upper bounds, in characters, of the groups that are timed apart.
LENGTHS = (80, 160, 400, 100_000)
#: A process that does nothing but get ready and read one message; prints its peak memory in kB.
ALONE = """
from bot.bootstrap.reading import shipped_reader
from bot.domain.reading import Utterance
shipped_reader().read([Utterance(text="hello", room="community", author="member")])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def percentiles(times: Sequence[float]) -> tuple[str, ...]:
    """p50, p95 and p99 in milliseconds."""
    return tuple(f"{1000 * value:.1f}" for value in np.quantile(times, (0.5, 0.95, 0.99)))


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def start_up() -> str:
    """How long a fresh process takes from its start to its first reading, and the memory it holds then."""
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", ALONE], check=True, capture_output=True, text=True)
    return (
        f"a fresh process is ready after {time.perf_counter() - begun:.1f} s and holds {int(done.stdout) / 1024:.0f} MB"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    reader = shipped_reader()
    reader.read([Utterance(text="hello", room="community", author="member")])
    said = [
        Utterance(
            text=case.text, room=case.room, author=case.author, context=tuple((a == "same", t) for a, t in case.context)
        )
        for case in load_corpus(CORPUS)
    ]
    np.random.default_rng(7).shuffle(said)
    end = time.perf_counter() + options.seconds
    alone: list[tuple[int, float]] = []
    together: list[float] = []
    for at in range(0, len(said) - TOGETHER, TOGETHER):
        batch = said[at : at + TOGETHER]
        alone += [(len(one.text), timed(partial(reader.read, [one]))) for one in batch]
        together.append(timed(partial(reader.read, batch)) / TOGETHER)
        if time.perf_counter() > end:
            break
    rows = []
    lower = 0
    for upper in LENGTHS:
        inside = [seconds for length, seconds in alone if lower <= length < upper]
        rows.append((f"{lower}-{upper} characters", str(len(inside)), *percentiles(inside)))
        lower = upper
    rows.append(("all, alone", str(len(alone)), *percentiles([seconds for _, seconds in alone])))
    rows.append((f"all, {TOGETHER} together", str(len(together) * TOGETHER), *percentiles(together)))
    print(table("Milliseconds a message, one core", ("messages", "count", "p50", "p95", "p99"), rows))
    print(f"\n{start_up()}")


if __name__ == "__main__":
    main()
