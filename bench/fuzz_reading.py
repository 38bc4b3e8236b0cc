"""Read 100,000 texts that nobody would write: ``python -m bench.fuzz_reading [COUNT] [SEED]``. Ends with 1 where a rule breaks."""

from __future__ import annotations

import sys
import time

from tests.fuzz import fuzzed, opened_reader, wrong_with

COUNT = 100_000
#: Lines of progress in a whole run.
_LINES = 20


def main() -> int:
    """Run, print progress and every fault by its number, never the text."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    reader = opened_reader()
    began, faults = time.monotonic(), 0
    for number, said in enumerate(fuzzed(seed=seed, count=count), start=1):
        if fault := wrong_with(reader, said):
            faults += 1
            print(f"text {number} of seed {seed}: {fault}")
        if number % max(1, count // _LINES) == 0:
            print(f"{number} read, {faults} faults, {time.monotonic() - began:.0f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
