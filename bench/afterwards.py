"""What is read of small talk after something else that its author said: nothing, as of small talk alone.

Each remark of ``smalltalk.txt`` is read after a labelled message by the same author, for each label in turn, as long as that still stands.
The remarks are nobody's training.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path

from bench.measures import table, wilson
from bot.domain.reading import Label, Reading, Utterance
from training.case import Case

REMARKS = Path(__file__).parent / "smalltalk.txt"
#: What its author may have said just before, and would go on talking after.
BEFORE = (
    Label.THIRD_PARTY_PHI,
    Label.SELF_HARM,
    Label.EMERGENCY,
    Label.PSEUDOSCIENCE,
    Label.BULLYING,
    Label.MEDICAL_QUESTION,
)
#: Longer messages are seldom followed by small talk within the hour, and only their end would be heard.
LONGEST = 240

Read = Callable[[Sequence[Utterance]], Sequence[Reading]]


def afterwards(cases: Sequence[Case], read: Read) -> str:
    """How many remarks get a label after each kind of message from ``cases``, and alone."""
    remarks = REMARKS.read_text(encoding="utf-8").splitlines()
    rows = [_row("nothing", read([_after(remark, None) for remark in remarks]))]
    for label in BEFORE:
        said = cycle([case for case in cases if label in case.labels and len(case.text) <= LONGEST])
        rows.append(_row(label.value, read([_after(remark, next(said)) for remark in remarks])))
    return table("Small talk after its author's own", ("after", "remarks", "labelled", "per 100, 95 %", "as"), rows)


def _row(name: str, readings: Sequence[Reading]) -> tuple[str, ...]:
    held = [reading for reading in readings if reading.labels]
    low, high = wilson(len(held), len(readings))
    said = sorted({label.value for reading in held for label in reading.labels})
    return name, str(len(readings)), str(len(held)), f"{100 * low:.1f}-{100 * high:.1f}", ", ".join(said)


def _after(remark: str, earlier: Case | None) -> Utterance:
    room = earlier.room if earlier else "community"
    return Utterance(text=remark, room=room, author="member", context=((True, earlier.text),) if earlier else ())
