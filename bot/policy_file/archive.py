"""What the store kept, gathered for a backtest, with an honest count of what can't be known any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.domain.case import Case
from bot.domain.decision import Decision, Source
from bot.domain.errors import ErasedError, VaultError
from bot.domain.message import Message, RoomKind
from bot.domain.policy import Policy
from bot.domain.reading import Reading
from bot.policy_file.backtest import Past
from bot.policy_file.history import past_of
from bot.policy_file.load import check_resolved, load_policy
from bot.policy_file.recalled import unstored
from bot.service.moderate import utterance
from bot.service.store import Kept, Memory, Store
from bot.service.track_record import verdict_of
from bot.service.understand import Understanding

#: Texts that are read together.
TOGETHER = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """How many kept messages lack something.

    ``never_kept``: only labels were ever kept, no text; ``erased``: their text is; ``sealed``: no key opens it; ``unread``: the
    reader failed on it.
    """

    never_kept: int = 0
    erased: int = 0
    sealed: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The past for a backtest. ``cases`` names the case of each message that has one, by the message's key."""

    past: tuple[Past, ...]
    unknown: Unknown
    cases: Mapping[str, str]


async def in_force(memory: Memory, path: Path) -> Policy:
    """The policy in force: the version kept last or, where none is kept that checks, what the file says. Raises PolicyError."""
    newest = await memory.newest_policy()
    checked = check_resolved(newest.source, f"version {newest.hash}") if newest is not None else None
    return checked.policy if checked is not None and checked.policy is not None else load_policy(path)


async def gather(
    store: Store, since: datetime, policy: Policy, understanding: Understanding, on_read: Callable[[int, int], None]
) -> Archive:
    """Everything decided on since then, with kept texts read anew in the rooms of ``policy``.

    ``on_read`` hears how many texts of how many are read.
    """
    found = await _revisions(store, since)
    kept: dict[str, Kept] = {}
    erased = sealed = 0
    for decision, case in found:
        try:
            if case is not None:
                kept[decision.id] = await store.vault.kept(case.id)
        except ErasedError:
            erased += 1
        except VaultError:
            sealed += 1
    readings = await _read({id_: one.message for id_, one in kept.items()}, policy, understanding, on_read)
    unknown = Unknown(
        never_kept=sum(case is None for _, case in found),
        erased=erased,
        sealed=sealed,
        unread=sum(reading is None for reading in readings.values()),
    )
    versions = await _versions(store.memory, {one.policy for one, _ in found if one.id not in kept})
    return Archive(
        past=tuple(
            past_of(one, case, kept.get(one.id), readings.get(one.id), versions.get(one.policy)) for one, case in found
        ),
        unknown=unknown,
        cases={one.message.key: case.id for one, case in found if case is not None},
    )


async def _versions(memory: Memory, hashes: Set[str]) -> Mapping[str, Policy]:
    """The kept versions with these hashes, of those that still check."""
    kept = {version.hash: version for version in await memory.policies() if version.hash in hashes}
    checked = {hash_: check_resolved(one.source, f"version {hash_}").policy for hash_, one in kept.items()}
    return {hash_: policy for hash_, policy in checked.items() if policy is not None}


async def _revisions(store: Store, since: datetime) -> Sequence[tuple[Decision, Case | None]]:
    """One decision for each revision of a message: the bot's or a member's report, the one that people judged before others."""
    cases = {case.id: case for case in await store.cases.opened_since(since)}
    found: dict[str, tuple[Decision, Case | None]] = {}
    for decision in await store.decisions.recent(since):
        case = cases.get(decision.case or "")
        opened_it = case is not None and case.decision == decision.id
        if decision.source is not Source.BOT and not opened_it:
            continue
        key = f"{decision.message.key}@{decision.revision}"
        if key not in found or _tells_more(case, found[key][1]):
            found[key] = (decision, case)
    return list(found.values())


def _tells_more(case: Case | None, other: Case | None) -> bool:
    return (case is not None, verdict_of(case) is not None) > (other is not None, verdict_of(other) is not None)


async def _read(
    messages: Mapping[str, Message], policy: Policy, understanding: Understanding, on_read: Callable[[int, int], None]
) -> dict[str, Reading | None]:
    """A Reading for each message by its decision; None where it could not be read."""
    readings: dict[str, Reading | None] = {}
    for part in _batches(list(messages.items())):
        asked = [utterance(m, policy.room_kind(m) or RoomKind.COMMUNITY, policy) for _, m in part]
        read = await understanding.read(asked)
        readings.update({id_: None if r.faults else r for (id_, _), r in zip(part, read, strict=True)})
        on_read(len(readings), len(messages))
    return readings


def _batches(items: Sequence[tuple[str, Message]]) -> Iterator[Sequence[tuple[str, Message]]]:
    return (items[start : start + TOGETHER] for start in range(0, len(items), TOGETHER))


def asks_for_the_unknown(policy: Policy) -> tuple[str, ...]:
    """The rules that ask for what is never stored: first posts, age of membership, repetition, strikes."""
    return tuple(
        rule.id for rule in policy.rules if any(unstored(part) for part in (rule.when, rule.unless) if part is not None)
    )
