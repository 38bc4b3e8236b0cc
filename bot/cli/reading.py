"""``chaperone read`` and ``chaperone decide``: JSON lines in, JSON lines out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap.matching import shipped_matcher
from bot.bootstrap.reading import shipped_reader
from bot.cli.lines import GuideCase, JsonObject, answer, plain_streams
from bot.domain.decide import Facts, decide
from bot.domain.message import Author, Message, MessageRef, PlatformName, Role, RoomKind, RoomRef
from bot.domain.policy import Policy
from bot.domain.reading import Label, Reading
from bot.domain.text import MappedText, replace_ranges
from bot.policy_file.load import load_policy
from bot.service.ports import Matcher


def read() -> None:
    """Read cases of the labelling guide's format from standard input and print what the bot understands of each."""
    plain_streams()
    reader = shipped_reader()

    def work(cases: Sequence[GuideCase]) -> list[JsonObject]:
        readings = reader.read([case.utterance() for case in cases])
        return [reading_object(case, reading) for case, reading in zip(cases, readings, strict=True)]

    raise typer.Exit(1 if answer(sys.stdin, sys.stdout, work) else 0)


def decide_(
    policy: Annotated[Path, typer.Option(help="The policy to decide by.", exists=True, dir_okay=False)],
) -> None:
    """Read cases from standard input and print what a policy asks for in each."""
    plain_streams()
    reader, loaded, matcher = shipped_reader(), load_policy(policy), shipped_matcher()

    def work(cases: Sequence[GuideCase]) -> list[JsonObject]:
        readings = reader.read([case.utterance() for case in cases])
        return [decision_object(case, reading, loaded, matcher) for case, reading in zip(cases, readings, strict=True)]

    raise typer.Exit(1 if answer(sys.stdin, sys.stdout, work) else 0)


def reading_object(case: GuideCase, reading: Reading) -> JsonObject:
    """What ``read`` prints of one case."""
    cuts = [(cut.start, cut.end, cut.words) for cut in reading.redactions]
    return {
        "id": case.id,
        "labels": list(reading.labels),
        "probabilities": {label.value: round(reading.probability(label), 4) for label in Label},
        "spans": [{"role": span.role, "start": span.start, "end": span.end} for span in reading.spans],
        "redacted": replace_ranges(case.text, cuts),
        "explanation": " ".join(finding.explanation for finding in reading.findings if finding.label in reading.labels),
    }


def decision_object(case: GuideCase, reading: Reading, policy: Policy, matcher: Matcher) -> JsonObject:
    """What ``decide`` prints of one case."""
    found = matcher.match(policy, case.text)
    facts = Facts(
        room_kind=RoomKind(case.room),
        role=Role(case.author),
        phrases=found.phrases,
        patterns=found.patterns,
        links=found.links,
    )
    decision = decide(policy, _message(case), reading, facts, datetime.now(UTC))
    return {
        "id": case.id,
        "labels": list(reading.labels),
        "rules": [match.id for match in decision.rules if match.live],
        "actions": [action.kind.value for action in decision.actions],
        "policy": decision.policy,
    }


def _message(case: GuideCase) -> Message:
    room = RoomRef(platform=PlatformName.SANDBOX, workspace="cli", room=case.room)
    return Message(
        ref=MessageRef(room=room, message=case.id),
        revision="1",
        author=Author(id="author", name="the author"),
        typed=MappedText.same(case.text),
        sent_at=datetime.now(UTC),
        room_name=case.room,
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("read")(read)
    app.command("decide")(decide_)
