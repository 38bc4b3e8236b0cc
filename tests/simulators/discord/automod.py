"""Native AutoMod: rules, their limits, and what they do to a message about to be posted.

Source: Auto Moderation resource. Regular expressions are matched with Python's engine, Discord's is Rust's; spam,
presets and member profiles are stored but never trigger.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from .audit import write_audit
from .errors import FormErrors
from .guild_changes import GuildChanges
from .json_types import Json
from .message_changes import Draft, MessageChanges
from .model import AuditAction, Channel, Guild, MessageType, User
from .permissions import Permission
from .world import Event, World

KEYWORD, MENTION_SPAM = 1, 5
BLOCK, ALERT, TIMEOUT = 1, 2, 3
RULES_MAX = {1: 6, 3: 1, 4: 1, 5: 1, 6: 1}
TIMEOUT_MAX = 2_419_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which keyword matched which text."""

    keyword: str | None
    text: str


class AutoMod:
    """Applies a guild's rules to what members post."""

    def __init__(self, world: World, guilds: GuildChanges, messages: MessageChanges) -> None:
        self._world = world
        self._guilds = guilds
        self._messages = messages

    def blocks(self, channel: Channel, author: User, content: str) -> bool:
        """Run the rules; whether one of them stops the message."""
        guild = self._world.guild_of(channel)
        if guild is None or author.bot or self._is_exempt(guild, author):
            return False
        blocked = False
        for rule in guild.rules.values():
            match = self._match(rule, guild, channel, author, content)
            if match is not None:
                blocked |= self._act(rule, match, guild, channel, author, content)
        return blocked

    def _is_exempt(self, guild: Guild, author: User) -> bool:
        granted = self._world.allowed_in_guild(guild, author)
        return bool(granted & (Permission.ADMINISTRATOR | Permission.MANAGE_GUILD))

    def _match(self, rule: Json, guild: Guild, channel: Channel, author: User, content: str) -> Match | None:
        roles = {str(role) for role in guild.members[author.id].roles}
        places = {str(channel.id), str(channel.parent_id)}
        if not rule["enabled"] or roles & set(rule["exempt_roles"]) or places & set(rule["exempt_channels"]):
            return None
        trigger: Json = rule["trigger_metadata"]
        if rule["trigger_type"] == MENTION_SPAM:
            found = set(re.findall(r"<@[!&]?(\d+)>", content))
            return Match(keyword=None, text=content) if len(found) > trigger.get("mention_total_limit", 50) else None
        return _match_keywords(trigger, content) if rule["trigger_type"] == KEYWORD else None

    def _act(self, rule: Json, match: Match, guild: Guild, channel: Channel, author: User, content: str) -> bool:
        blocked = False
        for action in rule["actions"]:
            extra: Json = {}
            if action["type"] == BLOCK:
                blocked = True
            elif action["type"] == ALERT:
                extra["alert_system_message_id"] = str(self._alert(rule, action, match, author, content))
            elif action["type"] == TIMEOUT:
                until = self._world.clock.now() + timedelta(seconds=action["metadata"]["duration_seconds"])
                self._guilds.set_timeout(guild.members[author.id], until, by=author)
            self._tell(rule, action, match, guild, channel, author, content, extra)
        if blocked:
            options: Json = {
                "auto_moderation_rule_name": rule["name"],
                "auto_moderation_rule_trigger_type": str(rule["trigger_type"]),
                "channel_id": str(channel.id),
            }
            write_audit(self._world, guild, AuditAction.RULE_BLOCK, by=author.id, target=author.id, options=options)
        return blocked

    def _alert(self, rule: Json, action: Json, match: Match, author: User, content: str) -> int:
        channel = self._world.find_channel(int(action["metadata"]["channel_id"]))
        if channel is None:
            return 0
        facts = {"rule_name": rule["name"], "keyword": match.keyword or "", "keyword_matched_content": match.text}
        embed: Json = {
            "type": "auto_moderation_message",
            "description": content,
            "fields": [{"name": name, "value": value, "inline": False} for name, value in facts.items()],
        }
        draft = Draft(kind=MessageType.AUTO_MODERATION_ACTION, embeds=[embed])
        return self._messages.create(channel, author, draft).id

    def _tell(
        self,
        rule: Json,
        action: Json,
        match: Match,
        guild: Guild,
        channel: Channel,
        author: User,
        content: str,
        extra: Json,
    ) -> None:
        data: Json = {
            "guild_id": str(guild.id),
            "action": action,
            "rule_id": rule["id"],
            "rule_trigger_type": rule["trigger_type"],
            "user_id": str(author.id),
            "channel_id": str(channel.id),
            "content": content,
            "matched_keyword": match.keyword,
            "matched_content": match.text,
        }
        self._world.emit(Event(name="AUTO_MODERATION_ACTION_EXECUTION", data=data | extra, guild=guild))


def _match_keywords(trigger: Json, content: str) -> Match | None:
    allowed = [
        found.span() for word in trigger.get("allow_list") or [] for found in keyword_pattern(word).finditer(content)
    ]
    for keyword in trigger.get("keyword_filter") or []:
        for found in keyword_pattern(keyword).finditer(content):
            if not any(start <= found.start() and found.end() <= end for start, end in allowed):
                return Match(keyword=keyword, text=found[0])
    for pattern in trigger.get("regex_patterns") or []:
        hit = re.search(pattern, content)
        if hit is not None:
            return Match(keyword=pattern, text=hit[0])
    return None


def keyword_pattern(keyword: str) -> re.Pattern[str]:
    """A keyword with its wildcards: `*` at either end lets the word go on there."""
    before = "" if keyword.startswith("*") else r"(?<!\S)"
    after = "" if keyword.endswith("*") else r"(?!\S)"
    return re.compile(before + re.escape(keyword.strip("*")) + after, re.IGNORECASE)


def check_rule(body: Json, existing: list[Json]) -> None:
    """Raises ApiError 50035 for a rule outside the limits."""
    errors = FormErrors()
    kind = body.get("trigger_type")
    if kind not in RULES_MAX:
        errors.add("trigger_type", "BASE_TYPE_CHOICES", "Value must be one of {1, 3, 4, 5, 6}.")
    elif len([rule for rule in existing if rule["trigger_type"] == kind]) >= RULES_MAX[kind]:
        errors.add(
            "_misc",
            "AUTO_MODERATION_MAX_RULES_OF_TYPE_EXCEEDED",
            "You have reached the maximum number of rules of this type",
        )
    errors.required("name", body.get("name"))
    errors.required("actions", body.get("actions"))
    errors.length("exempt_roles", body.get("exempt_roles"), 0, 20)
    errors.length("exempt_channels", body.get("exempt_channels"), 0, 50)
    _check_trigger(body.get("trigger_metadata") or {}, kind, errors)
    for index, action in enumerate(body.get("actions") or []):
        _check_action(action, kind, f"actions.{index}", errors)
    errors.raise_if_any()


def _check_trigger(trigger: Json, kind: object, errors: FormErrors) -> None:
    lists = (("keyword_filter", 1000, 60), ("regex_patterns", 10, 260), ("allow_list", 1000 if kind == 4 else 100, 60))
    for name, most, longest in lists:
        path = f"trigger_metadata.{name}"
        errors.length(path, trigger.get(name), 0, most)
        for index, text in enumerate(trigger.get(name) or []):
            errors.length(f"{path}.{index}", text, 1, longest)


def _check_action(action: Json, kind: object, path: str, errors: FormErrors) -> None:
    metadata: Json = action.get("metadata") or {}
    errors.length(f"{path}.metadata.custom_message", metadata.get("custom_message"), 0, 150)
    if action.get("type") != TIMEOUT:
        return
    if kind not in {KEYWORD, MENTION_SPAM}:
        errors.add(path, "AUTO_MODERATION_INVALID_ACTION_TYPE", "This action is not allowed for this trigger type")
    if not 0 < metadata.get("duration_seconds", 0) <= TIMEOUT_MAX:
        errors.add(f"{path}.metadata.duration_seconds", "NUMBER_TYPE_MAX", f"Must be at most {TIMEOUT_MAX}.")
