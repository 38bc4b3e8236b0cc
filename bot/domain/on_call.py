"""Who is called, and when again, until somebody answers. Pure: what is sent next follows from what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.case import Case
from bot.domain.decision import Action, ActionKind, Urgency
from bot.domain.reading import DANGER

#: Waits grow with every round of the chain, up to this, or a step's own wait where that is longer.
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallStep:
    """One step of the chain: people or groups to ``mention`` in the team's room, a ``webhook`` by name, and the wait until the next step.

    Where it names neither, the whole team's room is called.
    """

    mention: tuple[str, ...] = ()
    webhook: str = ""
    wait: timedelta = timedelta(minutes=5)


#: What a policy without a chain does: the team's room is called again.
WHOLE_ROOM = (OnCallStep(),)


def step(chain: Sequence[OnCallStep], number: int) -> OnCallStep:
    """Step ``number``, counted from 0; after the last one the chain begins anew."""
    steps = chain or WHOLE_ROOM
    return steps[number % len(steps)]


def wait_after(chain: Sequence[OnCallStep], number: int) -> timedelta:
    """How long step ``number`` has to be answered before the next one."""
    own = step(chain, number).wait
    rounds = number // len(chain or WHOLE_ROOM) + 1
    return min(own * rounds, max(own, LONGEST_WAIT))


def next_page(chain: Sequence[OnCallStep], opened_at: datetime, sent: Mapping[int, datetime]) -> tuple[int, datetime]:
    """The number of the next step and when it is due. ``sent`` has the steps that were sent, and when.

    The page that opened the case is step 0 in the chat; only its webhook, where it has one, is still to be sent.
    """
    if not sent and step(chain, 0).webhook:
        return 0, opened_at
    last = max(sent, default=0)
    return last + 1, sent.get(last, opened_at) + wait_after(chain, last)


def is_answered(case: Case) -> bool:
    """Whether a person took the case on, or closed it."""
    return case.acknowledged_at is not None or case.closed_at is not None


def answered_after(case: Case) -> str:
    """How long it took until a person answered the page, such as "2 min 15 s"; empty where nobody was called, or has answered yet."""
    if case.urgency is not Urgency.NOW or case.acknowledged_at is None:
        return ""
    minutes, seconds = divmod(round((case.acknowledged_at - case.opened_at).total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def kind_of(case: Case) -> str:
    """What the people on call are told it is: the danger's label, else why the case was opened."""
    return next((str(label) for label in case.labels if label in DANGER), str(case.reason))


def step_of(page: Action) -> int | None:
    """The number of the step that a repeated page belongs to; None for the page that opened the case."""
    return int(page.destination) if page.kind is ActionKind.PAGE and page.destination.isdigit() else None
