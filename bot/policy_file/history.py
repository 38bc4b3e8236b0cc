"""What was decided and what people said of it: the past for a backtest, and how often each rule was right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.case import Case, CaseState
from bot.domain.decide import Facts
from bot.domain.decision import Band, Decision
from bot.domain.message import Author, Message, Role, RoomKind
from bot.domain.reading import Label, Reading
from bot.domain.text import MappedText
from bot.policy_file.backtest import Past, Verdict
from bot.service.store import Kept

_VERDICTS = {CaseState.UPHELD: Verdict.RIGHT, CaseState.REPOSTED: Verdict.RIGHT, CaseState.RESTORED: Verdict.WRONG}
#: What a label of a stored decision counts as: it held at the threshold of its day.
HELD = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How often a rule acted, how often it only watched (``shadow``), and how often people found its certain matches right or wrong."""

    rule: str
    live: int = 0
    shadow: int = 0
    right: int = 0
    wrong: int = 0

    @property
    def precision(self) -> float | None:
        """The share of judged matches that were right, 0 to 1; None where nobody judged."""
        judged = self.right + self.wrong
        return self.right / judged if judged else None


def verdict_of(case: Case | None) -> Verdict | None:
    """What people said about the case: an author who posted the redacted version agreed too."""
    return _VERDICTS.get(case.state) if case is not None else None


def past_of(decision: Decision, case: Case | None, kept: Kept | None, reading: Reading | None = None) -> Past:
    """A stored decision for a backtest.

    ``kept`` is what the vault still holds, ``reading`` what a reader makes of that text today. Without them the stored labels are
    taken for the reading, and words can't be looked for. What was not stored (first post, age of membership, repetition,
    strikes) counts as unknown.
    """
    return Past(
        message=kept.message if kept is not None else _without_text(decision, case),
        reading=reading if reading is not None else _as_labelled(decision),
        facts=Facts(room_kind=RoomKind.COMMUNITY, role=Role.MEMBER),
        has_text=kept is not None,
        verdict=verdict_of(case),
    )


def records(decided: Iterable[tuple[Decision, Case | None]]) -> tuple[Record, ...]:
    """How each rule fared, by its id: live and shadow matches side by side, with people's verdicts on both."""
    found: dict[str, Record] = {}
    for decision, case in decided:
        verdict = verdict_of(case)
        for match in decision.rules:
            before = found.get(match.id, Record(rule=match.id))
            certain = match.band is Band.CERTAIN
            found[match.id] = replace(
                before,
                live=before.live + match.live,
                shadow=before.shadow + (not match.live),
                right=before.right + (certain and verdict is Verdict.RIGHT),
                wrong=before.wrong + (certain and verdict is Verdict.WRONG),
            )
    return tuple(record for _, record in sorted(found.items()))


def _without_text(decision: Decision, case: Case | None) -> Message:
    return Message(
        ref=decision.message,
        revision=decision.revision,
        author=Author(id=decision.author, name="", locale=decision.language),
        typed=MappedText.same(""),
        sent_at=decision.decided_at,
        room_name=case.room_name if case is not None else "",
    )


def _as_labelled(decision: Decision) -> Reading:
    return Reading(probabilities=dict.fromkeys(decision.labels, HELD), thresholds=dict.fromkeys(Label, 0.5))
