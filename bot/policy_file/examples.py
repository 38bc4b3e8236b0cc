"""The examples of a policy, run as tests: a message under a rule, and what must happen to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.answer import directed
from bot.domain.decide import Facts, decide
from bot.domain.decision import ActionKind, Decision
from bot.domain.message import Attachment, Author, Earlier, Message, MessageRef, PlatformName, RoomRef
from bot.domain.policy import Mode, Policy
from bot.domain.reading import Label, Reading, Span, SpanRole, Utterance
from bot.domain.text import MappedText
from bot.policy_file.draft import KeyPath
from bot.policy_file.load import Checked
from bot.policy_file.mistakes import dotted
from bot.policy_file.problems import Problem, Severity
from bot.policy_file.schema import ExampleSheet
from bot.service.ports import Matcher, Reader

_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
#: What a label counts as where an example says that it holds and gives no probability.
CERTAIN = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How many examples were tried, and what did not happen as they say."""

    count: int
    problems: tuple[Problem, ...]


def check_examples(checked: Checked, matcher: Matcher, reader: Reader | None = None) -> Tried:
    """Run every example of the policy. Without a reader, the labels that an example names are taken for its reading.

    An example that gives a probability is about the rule's thresholds, not about its text: no reader is asked about it.
    """
    if checked.policy is None:
        return Tried(count=0, problems=())
    found = list(_examples(checked))
    readings = _read([example for _, example in found], reader)
    problems: list[Problem] = []
    for (path, example), reading in zip(found, readings, strict=True):
        decision = _decide(checked.policy, example, reading, matcher, dotted(path))
        failed = [
            checked.problem(path, f"this example fails: {what}") for what in _differences(example, reading, decision)
        ]
        problems += failed or _by_others(checked, path, example, decision)
    return Tried(count=len(found), problems=tuple(problems))


def with_examples(checked: Checked, matcher: Matcher, reader: Reader | None = None) -> tuple[Checked, int]:
    """The same with what its examples bring to light, and how many there are. Where one fails, there is no policy to use."""
    tried = check_examples(checked, matcher, reader)
    failed = any(problem.severity is Severity.ERROR for problem in tried.problems)
    policy = None if failed else checked.policy
    return replace(checked, policy=policy, problems=(*checked.problems, *tried.problems)), tried.count


def _decide(policy: Policy, example: ExampleSheet, reading: Reading, matcher: Matcher, name: str) -> Decision:
    """What the policy does about the example's message, and which desk answers it."""
    message = _message(example, name)
    matches = matcher.match(policy, message.text)
    facts = Facts(
        room_kind=example.room,
        role=example.author,
        phrases=matches.phrases,
        patterns=matches.patterns,
        links=matches.links,
        member_for=example.member_for,
        first_post=example.first_post,
        repeats=(timedelta(),) * example.repeats,
        strikes=example.strikes,
    )
    decision = decide(policy, message, reading, facts, _NOON)
    # What a rule on trial would have done counts as done.
    return directed(replace(decision, actions=(*decision.actions, *decision.shadow)), policy, message)


def _examples(checked: Checked) -> Iterator[tuple[KeyPath, ExampleSheet]]:
    for name, rule in (checked.sheet.rules or {}).items() if checked.sheet else ():
        if rule.mode is None or rule.mode[0] is not Mode.OFF:
            for number, example in enumerate(rule.examples or ()):
                yield ("rules", name, "examples", number), example


def _read(examples: Sequence[ExampleSheet], reader: Reader | None) -> list[Reading]:
    if reader is None:
        return [_stated(example) for example in examples]
    read = iter(reader.read([_utterance(example) for example in examples if not _is_about_thresholds(example)]))
    return [_stated(example) if _is_about_thresholds(example) else next(read) for example in examples]


def _is_about_thresholds(example: ExampleSheet) -> bool:
    return any(at is not None for at in (example.labels or {}).values())


def _stated(example: ExampleSheet) -> Reading:
    probabilities = {label: CERTAIN if at is None else at for label, at in (example.labels or {}).items()}
    identifiers = (
        Span(role=SpanRole.IDENTIFIER, start=0, end=len(example.text), kind=kind) for kind in example.identifiers or ()
    )
    return Reading(probabilities=probabilities, thresholds=dict.fromkeys(Label, 0.5), spans=tuple(identifiers))


def _utterance(example: ExampleSheet) -> Utterance:
    context = tuple((earlier.author == "same", earlier.text) for earlier in example.context)
    return Utterance(text=example.text, room=example.room, author=example.author, context=context)


def _message(example: ExampleSheet, name: str) -> Message:
    room = RoomRef(platform=PlatformName.SANDBOX, workspace="examples", room=example.room_name or example.room)
    joined = None if example.member_for is None else _NOON - example.member_for
    return Message(
        ref=MessageRef(room=room, message=name),
        revision="1",
        author=Author(id="example", name="Example", joined_at=joined, locale=example.language),
        typed=MappedText.same(example.text),
        sent_at=_NOON,
        room_name=example.room_name,
        context=tuple(Earlier(same_author=earlier.author == "same", text=earlier.text) for earlier in example.context),
        attachments=(Attachment(id="1", words=""),) if example.attachments else (),
    )


def _differences(example: ExampleSheet, reading: Reading, decision: Decision) -> Iterator[str]:
    """What is not as the example says."""
    if reading.faults:
        yield f"could not be read ({', '.join(reading.faults)})"
        return
    done = {action.kind for action in decision.actions}
    happened = f"what happens: {', '.join(_in_order(done)) or 'nothing'}"
    missing = set(example.then or ()) - done
    unwanted = done & set(example.never or ()) if example.then != () else done
    if missing:
        yield f"{', '.join(_in_order(missing))} should happen; {happened}"
    if unwanted:
        yield f"{', '.join(_in_order(unwanted))} should not happen; {happened}"
    answering = [action.destination for action in decision.actions if action.kind is ActionKind.SCHEDULE]
    if example.desk is not None and example.desk not in answering:
        yield f"desk {example.desk} should answer; {f'desk {answering[0]} does' if answering else 'no desk does'}"


def _by_others(checked: Checked, path: KeyPath, example: ExampleSheet, decision: Decision) -> list[Problem]:
    """That an example came true without its rule: it would come true as well if the rule were wrong."""
    matched = [match.id for match in decision.rules]
    if not example.then or path[1] in matched:
        return []
    what = f"comes true without this rule, by {', '.join(matched) or 'what is built in'}"
    hint = "It says nothing about the rule then. Put it below the rule that it is about, or say with never: what must not happen."
    return [replace(checked.problem(path, what, hint), severity=Severity.WARNING)]


def _in_order(kinds: set[ActionKind]) -> list[str]:
    return [str(kind) for kind in ActionKind if kind in kinds]
