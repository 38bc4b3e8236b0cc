"""What a random conversation with a store is made of. The pools are small, so that things meet again."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st

from bot.domain.case import Case, CaseReason
from bot.domain.decision import Action, ActionKind, Decision, Urgency
from bot.domain.message import Author, Earlier, Message, MessageRef, PlatformName, RoomRef
from bot.domain.text import MappedText
from tests.factories import NOON

KINDS = (ActionKind.HIDE, ActionKind.NOTE)
DECISIONS, CASES, AUTHORS = ("d1", "d2"), ("c1", "c2"), ("ana", "ben")
ROOMS = tuple(
    RoomRef(platform=platform, workspace=workspace, room=room)
    for platform, workspace, room in (
        (PlatformName.SANDBOX, "w1", "r1"),
        (PlatformName.SANDBOX, "w1", "r2"),
        (PlatformName.SLACK, "w1", "r1"),
    )
)

#: Half minutes, so that the edges of "before", "since" and "until" are met.
some_time = st.integers(-2, 2).map(lambda number: timedelta(seconds=30 * number))
leases = st.integers(0, 2).map(lambda number: timedelta(seconds=30 * number))
platforms = st.sampled_from([frozenset(PlatformName), frozenset({PlatformName.SANDBOX}), frozenset[PlatformName]()])
rooms, authors, limits = st.sampled_from(ROOMS), st.sampled_from(AUTHORS), st.integers(1, 3)
positions = st.text("aB1", min_size=1, max_size=1)
keys = st.sampled_from([f"{name}:{kind}:" for name in DECISIONS for kind in KINDS])
refs = st.builds(MessageRef, room=rooms, message=st.sampled_from("12"))
messages = st.builds(
    Message,
    ref=refs,
    revision=st.just("1"),
    author=authors.map(lambda name: Author(id=name, name=name.title())),
    typed=st.sampled_from(["hello", "\u00e9 \U0001f600"]).map(MappedText.same),
    sent_at=st.just(NOON),
    context=st.sampled_from([(), (Earlier(same_author=True, text="a"), Earlier(same_author=False, text="b"))]),
)
actions = st.sampled_from([(), tuple(Action(kind=kind) for kind in KINDS), (Action(kind=ActionKind.NOTE),)])


def a_decision(name: str, message: MessageRef, author: str, do: tuple[Action, ...], at: datetime) -> Decision:
    return Decision(id=name, message=message, revision="1", author=author, policy="p", decided_at=at, actions=do)


def a_case(name: str, decision: Decision, message: Message, urgency: Urgency) -> Case:
    return Case(
        id=name,
        decision=decision.id,
        message=message.ref,
        room_name="patients",
        author=message.author.id,
        author_name=message.author.name,
        reason=CaseReason.HIDDEN,
        labels=(),
        urgency=urgency,
        opened_at=decision.decided_at,
    )
