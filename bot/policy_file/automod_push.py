"""Compiling what is certain of a policy (phrases and patterns) into Discord's native AutoMod, which blocks before anybody reads.

Every rule made here alerts the team's channel too, with the message: what Discord blocks, a person still sees, somebody in danger
included. Limits: Discord's API reference, "Auto Moderation".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.decision import ActionKind
from bot.domain.message import Role
from bot.domain.policy import Condition, Mode, Policy, Rule
from bot.policy_file.automod_import import ALERT, BLOCK, KEYWORD, NativeRule
from bot.policy_file.tree import Plain

MOST_RULES, MOST_WORDS, MOST_PATTERNS = 6, 1000, 10
LONGEST_WORD, LONGEST_PATTERN = 60, 260
MOST_EXEMPT_ROLES, MOST_EXEMPT_CHANNELS = 20, 50
#: Rules are known as ours by this beginning of their name together with their creator.
MARK = "Chaperone: "
_MESSAGE_SEND = 1
_MEMBERS_ONLY = frozenset({Role.MEMBER})
Native = dict[str, Plain]
_BLOCKED = "This group does not allow some of these words. You can write it again without them."


@dataclass(frozen=True, slots=True, kw_only=True)
class Guild:
    """What the compiler needs to know of a Discord server.

    ``bot`` is the bot's user id; ``roles`` ids by name (staff and moderators are exempt where a rule is for members); ``alerts`` the
    id of the channel that hears of blocked messages; ``unwatched`` ids of channels that the policy leaves alone.
    """

    bot: str
    alerts: str
    roles: Mapping[str, str] = field(default_factory=dict)
    unwatched: tuple[str, ...] = ()
    rules: Sequence[NativeRule] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What to send: rules to create, to replace by id, and ids to delete, all of them the bot's own; and what was left out."""

    create: tuple[Native, ...]
    replace: tuple[tuple[str, Native], ...]
    delete: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(slots=True)
class _Basket:
    words: list[str] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def to_automod(policy: Policy, guild: Guild) -> Push:
    """How to bring the server's AutoMod to what the policy says. Rules that the bot did not make are not touched."""
    basket = _Basket()
    exempt, unknown = _exempt_roles(policy, guild)
    for rule in sorted(policy.rules, key=lambda rule: (-rule.priority, rule.id)):
        reason = _uncertain(rule) or unknown
        if not reason:
            _take(basket, rule)
        elif rule.when.phrases or rule.when.patterns:
            basket.left_out.append(f"{rule.id}: {reason}")
    foreign = sum(rule.trigger_type == KEYWORD and not _ours(rule, guild) for rule in guild.rules)
    room = max(0, MOST_RULES - foreign)
    wanted = list(_rules(basket, guild, exempt))
    if len(guild.unwatched) > MOST_EXEMPT_CHANNELS:
        wanted = []
        basket.left_out.append(f"everything: AutoMod can leave at most {MOST_EXEMPT_CHANNELS} channels alone")
    if len(wanted) > room:
        basket.left_out.append(f"{len(wanted) - room} of {len(wanted)} rules: the server has room for {room} more")
    return _plan(wanted[:room], guild, basket.left_out)


def _ours(rule: NativeRule, guild: Guild) -> bool:
    return rule.creator_id == guild.bot and rule.name.startswith(MARK)


def _plan(wanted: Sequence[Native], guild: Guild, left_out: Sequence[str]) -> Push:
    own = sorted((rule.id for rule in guild.rules if _ours(rule, guild)), key=lambda id_: (len(id_), id_))
    pairs = tuple(zip(own, wanted, strict=False))
    return Push(
        create=tuple(wanted[len(own) :]),
        replace=pairs,
        delete=tuple(own[len(wanted) :]),
        left_out=tuple(left_out),
    )


def _exempt_roles(policy: Policy, guild: Guild) -> tuple[tuple[str, ...], str]:
    """Ids of the roles of staff and moderators, and why they can't all be let through; empty where they can."""
    known = {name.lower(): id_ for name, id_ in guild.roles.items()} | {id_: id_ for id_ in guild.roles.values()}
    names = sorted(policy.people.staff | policy.people.moderators)
    strange = [name for name in names if name.lower() not in known]
    if strange:
        return (), f"AutoMod lets roles through, and the server has no role {', '.join(strange)}, which people: names"
    if len(names) > MOST_EXEMPT_ROLES:
        return (), f"AutoMod can let at most {MOST_EXEMPT_ROLES} roles through, and people: names {len(names)}"
    return tuple(known[name.lower()] for name in names), ""


def _uncertain(rule: Rule) -> str:
    """Why the rule can't be left to AutoMod; empty where it can."""
    words = Condition(phrases=rule.when.phrases, patterns=rule.when.patterns, roles=rule.when.roles)
    if rule.mode is not Mode.ACT or rule.act_share < 1:
        return "it does not act on every message"
    if not any(action.kind is ActionKind.HIDE for action in rule.do):
        return "it does not hide"
    if rule.unless is not None:
        return "it has exceptions"
    if rule.when != words or bool(rule.when.phrases) == bool(rule.when.patterns):
        return "it asks for more than one kind of thing"
    if rule.when.roles != _MEMBERS_ONLY:
        return "it would block staff and moderators too: add roles: [member] under its when:"
    return ""


def _take(basket: _Basket, rule: Rule) -> None:
    sorts = (
        ("phrase", rule.when.phrases, LONGEST_WORD, basket.words),
        ("pattern", rule.when.patterns, LONGEST_PATTERN, basket.patterns),
    )
    for sort, wanted, longest, taken in sorts:
        for one in sorted(wanted):
            if len(one) <= longest:
                taken.append(one)
            else:
                basket.left_out.append(f"{rule.id}: a {sort} of more than {longest} characters")


def _rules(basket: _Basket, guild: Guild, exempt: tuple[str, ...]) -> Iterator[Native]:
    """As few AutoMod rules as hold everything."""
    words, patterns = list(dict.fromkeys(basket.words)), list(dict.fromkeys(basket.patterns))
    number = 0
    while words or patterns:
        number += 1
        yield _rule(number, words[:MOST_WORDS], patterns[:MOST_PATTERNS], guild, exempt)
        words, patterns = words[MOST_WORDS:], patterns[MOST_PATTERNS:]


def _rule(number: int, words: list[str], patterns: list[str], guild: Guild, exempt: tuple[str, ...]) -> Native:
    return {
        "name": f"{MARK}words {number}",
        "event_type": _MESSAGE_SEND,
        "trigger_type": KEYWORD,
        "trigger_metadata": {"keyword_filter": [*words], "regex_patterns": [*patterns], "allow_list": []},
        "actions": [
            {"type": BLOCK, "metadata": {"custom_message": _BLOCKED}},
            {"type": ALERT, "metadata": {"channel_id": guild.alerts}},
        ],
        "enabled": True,
        "exempt_roles": [*exempt],
        "exempt_channels": [*guild.unwatched],
    }
