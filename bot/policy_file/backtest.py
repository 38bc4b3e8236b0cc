"""What a policy would have done to what was kept, against the one in force, with the reviewers' verdicts as truth. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.decide import Facts, decide
from bot.domain.decision import ActionKind, Band, Decision, MatchedRule
from bot.domain.message import Message
from bot.domain.policy import Policy
from bot.domain.reading import Reading
from bot.policy_file.recalled import Recalled, needs_text
from bot.service.ports import Matcher
from bot.service.track_record import JudgedRule, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A message that was kept, or only its reading (then ``has_text`` is false and words can't be looked for).

    ``recalled`` is what was decided then, for want of a text. ``facts`` tell what was known then; role, room and words are worked
    out anew for each policy. ``verdict`` says whether hiding was right, where a person has said so.
    """

    message: Message
    reading: Reading
    facts: Facts
    has_text: bool = True
    verdict: Verdict | None = None
    recalled: Recalled | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow(JudgedRule):
    """One rule under both policies: how often it matched, what it newly hides or shows, and what people said of it under the new one."""

    matched_before: int = 0
    matched_after: int = 0
    newly_hidden: int = 0
    newly_shown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The table: a row for each rule, and the keys of the messages that change. ``unjudged`` had no text for rules that need some."""

    rows: tuple[RuleRow, ...]
    messages: int
    newly_hidden: tuple[str, ...]
    newly_shown: tuple[str, ...]
    unjudged: int


def backtest(live: Policy, tried: Policy, past: Iterable[Past], matcher: Matcher) -> Backtest:
    """Decide on every kept message under both policies and compare."""
    rows = {rule.id: RuleRow(rule=rule.id) for rule in (*live.rules, *tried.rules)}
    hidden: list[str] = []
    shown: list[str] = []
    messages = unjudged = 0
    for one in past:
        messages += 1
        unjudged += not one.has_text and _unanswered(tried, one.recalled)
        before, after = _decide(live, one, matcher), _decide(tried, one, matcher)
        if _hides(after) and not _hides(before):
            hidden.append(one.message.ref.key)
        if _hides(before) and not _hides(after):
            shown.append(one.message.ref.key)
        rows = {rule: _count(row, live, tried, before, after, one.verdict) for rule, row in rows.items()}
    table = tuple(row for _, row in sorted(rows.items()))
    return Backtest(
        rows=table, messages=messages, newly_hidden=tuple(hidden), newly_shown=tuple(shown), unjudged=unjudged
    )


def _decide(policy: Policy, one: Past, matcher: Matcher) -> Decision | None:
    """What the policy does; None where it does not watch the room."""
    kind = policy.room_kind(one.message)
    if kind is None:
        return None
    matches = matcher.match(policy, one.message.text if one.has_text else "")
    facts = replace(
        one.facts,
        room_kind=kind,
        role=policy.people.role(one.message.author),
        phrases=matches.phrases,
        patterns=matches.patterns,
        links=matches.links,
    )
    settled = policy if one.has_text or one.recalled is None else one.recalled.settled(policy)
    return decide(settled, one.message, one.reading, facts, one.message.sent_at)


def _count(
    row: RuleRow, live: Policy, tried: Policy, before: Decision | None, after: Decision | None, verdict: Verdict | None
) -> RuleRow:
    was, is_now = _match(before, row.rule), _match(after, row.rule)
    counted = replace(
        row,
        matched_before=row.matched_before + (was is not None),
        matched_after=row.matched_after + (is_now is not None),
        newly_hidden=row.newly_hidden + (_hidden_by(tried, row.rule, is_now, after) and not _hides(before)),
        newly_shown=row.newly_shown + (_hidden_by(live, row.rule, was, before) and not _hides(after)),
    )
    return counted.judged(is_now, verdict) if is_now else counted


def _match(decision: Decision | None, rule: str) -> MatchedRule | None:
    return next((match for match in decision.rules if match.id == rule), None) if decision else None


def _hidden_by(policy: Policy, rule: str, match: MatchedRule | None, decision: Decision | None) -> bool:
    """Whether the rule is among those that hide the message."""
    asks = any(rule == own.id and any(a.kind is ActionKind.HIDE for a in own.do) for own in policy.rules)
    return asks and match is not None and match.live and match.band is Band.CERTAIN and _hides(decision)


def _hides(decision: Decision | None) -> bool:
    return decision is not None and decision.asks(ActionKind.HIDE)


def _unanswered(policy: Policy, recalled: Recalled | None) -> bool:
    """Whether a rule looks for words that are gone, and the day does not tell either."""
    return any(needs_text(rule) and (recalled is None or not recalled.answers(rule)) for rule in policy.rules)


def table(result: Backtest) -> Sequence[tuple[str, ...]]:
    """The rows as text, the head first. Right and wrong are people's verdicts on what the new policy is certain of."""
    head = ("rule", "before", "after", "newly hidden", "newly shown", "right", "wrong", "precision")
    return [head, *(_text(row) for row in result.rows)]


def _text(row: RuleRow) -> tuple[str, ...]:
    counts = (row.matched_before, row.matched_after, row.newly_hidden, row.newly_shown)
    return (row.rule, *map(str, counts), *judgement(row))


def judgement(rule: JudgedRule) -> tuple[str, str, str]:
    """Right, wrong and precision as the cells of a table; "-" where nobody judged."""
    return str(rule.right), str(rule.wrong), "-" if rule.precision is None else f"{rule.precision:.0%}"
