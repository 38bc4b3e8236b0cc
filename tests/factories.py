"""Defaults for everything a test needs, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

from bot.domain.care import Contact
from bot.domain.decision import Action, ActionKind, Urgency
from bot.domain.message import Author, Message, MessageRef, PlatformName, RoomKind, RoomRef
from bot.domain.policy import Condition, People, Policy, RoomRule, Rule
from bot.domain.reading import Finding, Label, Reading, Redaction, Utterance
from bot.domain.text import MappedText
from bot.policy_file.load import load_policy
from bot.policy_file.resolve import SHIPPED
from bot.service.ports import WordMatches

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ROOM = RoomRef(platform=PlatformName.SANDBOX, workspace="sandbox", room="community")
MEMBER = Author(id="ana", name="Ana")
THRESHOLDS = dict.fromkeys(Label, 0.5)


def make_ref(message: str = "1", *, room: RoomRef = ROOM, thread: str | None = None) -> MessageRef:
    return MessageRef(room=room, message=message, thread=thread)


def make_message(
    text: str = "hello",
    *,
    ref: MessageRef | None = None,
    author: Author = MEMBER,
    at: datetime = NOON,
    revision: str = "1",
) -> Message:
    return Message(
        ref=ref or make_ref(),
        revision=revision,
        author=author,
        typed=MappedText.same(text),
        sent_at=at,
        room_name="patients",
        permalink="https://chat.example/1",
    )


def make_reading(
    probabilities: Mapping[Label, float] | None = None,
    *,
    redactions: Sequence[Redaction] = (),
    faults: Sequence[str] = (),
) -> Reading:
    probabilities = probabilities or {}
    return Reading(
        findings=tuple(
            Finding(label=label, probability=p, spans=(), explanation=f"It looks like {label}.")
            for label, p in probabilities.items()
        ),
        probabilities=probabilities,
        thresholds=THRESHOLDS,
        redactions=tuple(redactions),
        faults=tuple(faults),
    )


def make_rule(
    name: str = "leak",
    *,
    labels: Sequence[Label] = (Label.THIRD_PARTY_PHI,),
    do: Sequence[Action] | None = None,
    when: Condition | None = None,
    ask_at: float | None = None,
    hide_at: float | None = None,
    priority: int = 0,
) -> Rule:
    hide = (Action(kind=ActionKind.HIDE), Action(kind=ActionKind.NOTE), Action(kind=ActionKind.NOTIFY))
    return Rule(
        id=name,
        when=when or Condition(labels=frozenset(labels)),
        do=tuple(hide if do is None else do),
        ask_at=ask_at,
        hide_at=hide_at,
        priority=priority,
    )


WORDINGS = {
    "note": {"en": "We have hidden your message in {{ room }}.", "es": "Hemos ocultado tu mensaje."},
    "notify": {"en": "Case {{ case }}: {{ labels }}"},
    "page": {"en": "Somebody may be in danger: {{ message_link }}"},
    "reply": {"en": "Please call 911 now."},
    "schedule": {"en": "The team at {{ contact }} can answer this.\n{{ phone }}"},
    "please_delete": {"en": "Please delete your message: {{ message_link }}"},
    "outcome_restored": {"en": "Your message is back."},
    "outcome_upheld": {"en": "The moderators kept it hidden."},
    "outcome_reposted": {"en": "The redacted version is posted."},
    "restored_message": {"en": "Restored by the moderators."},
    "reposted_message": {"en": "Redacted by its author."},
    "appeal_received": {"en": "A person will look at it."},
    "notify_appeal": {"en": "The author of case {{ case }} asks for a review."},
}

DEFAULT_RULES = (
    make_rule(ask_at=0.3),
    make_rule(
        "danger",
        labels=(Label.EMERGENCY, Label.SELF_HARM),
        do=(Action(kind=ActionKind.PAGE, urgency=Urgency.NOW), Action(kind=ActionKind.REPLY)),
        priority=10,
    ),
    make_rule("question", labels=(Label.MEDICAL_QUESTION,), do=(Action(kind=ActionKind.SCHEDULE),)),
    make_rule("complaint", labels=(Label.NEGATIVE_FEEDBACK,), do=(Action(kind=ActionKind.NOTIFY),)),
)


def make_policy(rules: Sequence[Rule] = DEFAULT_RULES, **changes: object) -> Policy:
    values: dict[str, object] = {
        "hash": "h1",
        "name": "Friends",
        "rules": tuple(rules),
        "rooms": (RoomRule(match="team", kind=RoomKind.STAFF), RoomRule(match="*", kind=RoomKind.COMMUNITY)),
        "people": People(staff=frozenset({"staff"}), moderators=frozenset({"mods"})),
        "team_room": "moderators",
        "wordings": WORDINGS,
        "contacts": (Contact(id="desk", name="the front desk", phone="555-0100", link="https://book.example/"),),
    }
    return Policy(**{**values, **changes})  # type: ignore[arg-type]


@cache
def shipped_wordings() -> Mapping[str, Mapping[str, str]]:
    """What the bot says where a community has no words of its own."""
    return load_policy(SHIPPED / "sandbox.yaml").wordings


class OnePolicy:
    """The same policy for every room."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def policy_for(self, room: RoomRef) -> Policy:
        return self.policy


class NoMatcher:
    """Finds nothing."""

    def match(self, policy: Policy, text: str) -> WordMatches:
        return WordMatches()


class MarkReader:
    """Reads marks that a test puts into its messages: ``[third_party_phi=.9]``; ``[boom]`` raises."""

    def read(self, utterances: Sequence[Utterance]) -> list[Reading]:
        return [self._read(utterance.text) for utterance in utterances]

    def _read(self, text: str) -> Reading:
        if "[boom]" in text:
            raise ValueError(text)
        found = {
            label: float(text.split(f"[{label}=")[1].split("]", maxsplit=1)[0])
            for label in Label
            if f"[{label}=" in text
        }
        at = text.find("Joe")
        redactions = [Redaction(start=at, end=at + 3, words="[someone]")] if at >= 0 else []
        return make_reading(found, redactions=redactions)
