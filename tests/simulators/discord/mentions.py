"""Which mentions in a text are real, given `allowed_mentions`. Source: Message resource, "Allowed Mentions Object"."""

import re
from dataclasses import dataclass, field

from .json_types import Json
from .model import Guild, Role, User

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """The users and roles a text mentions, and whether it calls everyone."""

    users: list[User] = field(default_factory=list)
    roles: list[int] = field(default_factory=list)
    everyone: bool = False


def find_mentions(
    text: str, users: dict[int, User], guild: Guild | None, allowed: Json, *, may_call_all: bool
) -> Mentions:
    """The mentions that take effect. `may_call_all`: the author has the Mention Everyone permission."""
    parse = allowed.get("parse") or []
    named_users = [int(item) for item in allowed.get("users") or []]
    named_roles = [int(item) for item in allowed.get("roles") or []]
    found_users = dict.fromkeys(int(item) for item in _USER.findall(text))
    found_roles = dict.fromkeys(int(item) for item in _ROLE.findall(text))
    roles = {} if guild is None else guild.roles
    return Mentions(
        users=[users[item] for item in found_users if item in users and ("users" in parse or item in named_users)],
        roles=[
            item
            for item in found_roles
            if item in roles and ("roles" in parse or item in named_roles) and _pingable(roles[item], may_call_all)
        ],
        everyone=may_call_all and "everyone" in parse and ("@everyone" in text or "@here" in text),
    )


def _pingable(role: Role, may_call_all: bool) -> bool:
    return role.mentionable or may_call_all
