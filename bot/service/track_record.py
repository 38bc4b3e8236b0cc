"""How the rules fared: what each did, live and on trial, and how often people agreed. For the console and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, Self

from bot.domain.case import Case, CaseState
from bot.domain.decision import Band, Decision, MatchedRule, Source
from bot.domain.policy import Policy, Rule
from bot.service.ports import Clock
from bot.service.store import PolicyVersion, Store

#: How far back the console looks.
WINDOW = timedelta(days=30)


class Verdict(StrEnum):
    """What a person said about a message."""

    RIGHT = "right"
    WRONG = "wrong"


_VERDICTS = {CaseState.UPHELD: Verdict.RIGHT, CaseState.REPOSTED: Verdict.RIGHT, CaseState.RESTORED: Verdict.WRONG}


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRule:
    """A rule, and how often people found its certain matches right or wrong."""

    rule: str
    right: int = 0
    wrong: int = 0

    @property
    def precision(self) -> float | None:
        """The share of judged matches that were right, 0 to 1; None where nobody judged."""
        judged = self.right + self.wrong
        return self.right / judged if judged else None

    def judged(self, match: MatchedRule, verdict: Verdict | None) -> Self:
        """The same with one more match, which counts where it was certain and somebody judged it."""
        if match.band is not Band.CERTAIN:
            return self
        right, wrong = verdict is Verdict.RIGHT, verdict is Verdict.WRONG
        return replace(self, right=self.right + right, wrong=self.wrong + wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(JudgedRule):
    """How often a rule acted, how often it only watched (``shadow``), and what people said of it."""

    live: int = 0
    shadow: int = 0


def verdict_of(case: Case | None) -> Verdict | None:
    """What people said about the case: an author who posted the redacted version agreed too."""
    return _VERDICTS.get(case.state) if case is not None else None


async def decided(store: Store, since: datetime) -> Sequence[tuple[Decision, Case | None]]:
    """What policies decided since then, each decision with its case, oldest first."""
    cases = {case.id: case for case in await store.cases.opened_since(since)}
    recent = await store.decisions.recent(since)
    return [(one, cases.get(one.case or "")) for one in recent if one.source is Source.BOT]


def records(decided: Iterable[tuple[Decision, Case | None]]) -> tuple[Record, ...]:
    """How each rule fared, by its id: live and shadow matches side by side, with people's verdicts on both."""
    found: dict[str, Record] = {}
    for decision, case in decided:
        verdict = verdict_of(case)
        for match in decision.rules:
            before = found.get(match.id, Record(rule=match.id))
            counted = replace(before, live=before.live + match.live, shadow=before.shadow + (not match.live))
            found[match.id] = counted.judged(match, verdict)
    return tuple(record for _, record in sorted(found.items()))


class PolicyInForce(Protocol):
    """The policy in force, and what keeps the file from being it."""

    @property
    def current(self) -> Policy:
        """The policy in force."""
        ...

    @property
    def errors(self) -> str:
        """What is wrong with the policy file as it stands, rendered; empty where nothing is."""
        ...

    @property
    def trouble(self) -> str:
        """What is wrong with the team's room of the policy in force, and which one hears pages meanwhile; empty where nothing is."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleStanding:
    """A rule and how it fared; no rule where the policy in force has it no more."""

    rule: Rule | None
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The policy in force and how its rules fared since ``since``.

    ``version`` is the one in force as it is kept, ``errors`` what is wrong with the file, ``trouble`` with the team's room.
    """

    policy: Policy
    version: PolicyVersion | None
    errors: str
    trouble: str
    since: datetime
    rules: tuple[RuleStanding, ...]


class Standings:
    """Tells how the policy in force fares."""

    def __init__(self, store: Store, policies: PolicyInForce, clock: Clock) -> None:
        self._store = store
        self._policies = policies
        self._clock = clock

    async def now(self) -> Standing:
        """How it fared within the WINDOW: rules in the policy's order, then those that are gone."""
        policy, since = self._policies.current, self._clock.now() - WINDOW
        fared = {record.rule: record for record in records(await decided(self._store, since))}
        standings = [RuleStanding(rule=r, record=fared.pop(r.id, Record(rule=r.id))) for r in policy.rules]
        standings += [RuleStanding(rule=None, record=record) for record in fared.values()]
        versions = await self._store.memory.policies()
        version = next((version for version in versions if version.hash == policy.hash), None)
        return Standing(
            policy=policy,
            version=version,
            errors=self._policies.errors,
            trouble=self._policies.trouble,
            since=since,
            rules=tuple(standings),
        )
