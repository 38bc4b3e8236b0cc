"""Routes of guilds, members, bans and the audit log. Source: Guild and Audit Log resources."""

from datetime import datetime, timedelta

from .audit import audit_json, write_audit
from .errors import FormErrors, api_error
from .json_types import Json
from .model import AuditAction, Availability, ChannelType, Guild, Member, User
from .payloads import member_json, role_json, user_json
from .permissions import ALL, Permission, guild_permissions, top_position
from .rest_types import NO_CONTENT, Reply, RestRequest, Route

LONGEST_TIMEOUT = timedelta(days=28)
MEMBERS_MAX = 1000


def get_guild(req: RestRequest) -> Reply:
    """The guild object; counts when asked for."""
    guild = req.guild()
    data = req.sim.world.payloads.guild(guild)
    if req.query.get("with_counts", "").lower() in {"1", "true"}:
        data |= {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
    return Reply(200, data)


def list_own_guilds(req: RestRequest) -> Reply:
    """The guilds the bot is in."""
    payloads = req.sim.world.payloads
    return Reply(
        200,
        [
            {
                "id": str(guild.id),
                "name": guild.name,
                "icon": None,
                "banner": None,
                "owner": False,
                "permissions": str(payloads.bot_permissions(guild)),
                "features": [],
            }
            for guild in req.sim.world.joined_guilds()
            if guild.availability is Availability.AVAILABLE
        ],
    )


def leave_guild(req: RestRequest) -> Reply:
    """The bot leaves."""
    req.sim.guilds.remove_bot(req.guild())
    return NO_CONTENT


def list_channels(req: RestRequest) -> Reply:
    """Channels the bot may view, without threads; the others are omitted since 2026-11-16."""
    guild = req.guild()
    payloads = req.sim.world.payloads
    seen = [c for c in guild.channels.values() if c.thread is None and payloads.bot_sees(guild, c)]
    return Reply(200, [payloads.channel(channel, guild) for channel in seen])


def create_channel(req: RestRequest) -> Reply:
    """A new channel."""
    guild = req.guild_with(Permission.MANAGE_CHANNELS)
    errors = FormErrors()
    errors.required("name", req.body.get("name"))
    errors.length("name", req.body.get("name"), 1, 100)
    errors.raise_if_any()
    parent = req.body.get("parent_id")
    channel = req.sim.channels.create(
        guild,
        req.body["name"],
        ChannelType(req.body.get("type") or 0),
        parent=guild.channels[int(parent)] if parent else None,
        topic=req.body.get("topic"),
    )
    write_audit(
        req.sim.world,
        guild,
        AuditAction.CHANNEL_CREATE,
        by=req.sim.world.bot.id,
        target=channel.id,
        reason=req.reason,
    )
    return Reply(201, req.sim.world.payloads.channel(channel, guild))


def list_roles(req: RestRequest) -> Reply:
    """All roles."""
    return Reply(200, [role_json(role) for role in req.guild().roles.values()])


def list_members(req: RestRequest) -> Reply:
    """Members by id; wants the members intent switched on for the application."""
    guild = req.guild()
    if not req.sim.world.application.guild_members:
        raise api_error(50001)
    limit = int(req.query.get("limit", 1))
    errors = FormErrors()
    if not 1 <= limit <= MEMBERS_MAX:
        errors.add("limit", "NUMBER_TYPE_MAX", f"int value should be between 1 and {MEMBERS_MAX}.")
    errors.raise_if_any()
    after = int(req.query.get("after", 0))
    ids = sorted(user_id for user_id in guild.members if user_id > after)[:limit]
    return Reply(200, [member_json(guild.members[user_id]) for user_id in ids])


def _member(req: RestRequest, guild: Guild) -> Member:
    user_id = req.number("user_id")
    if user_id not in req.sim.world.users:
        raise api_error(10013)
    if user_id not in guild.members:
        raise api_error(10007)
    return guild.members[user_id]


def get_member(req: RestRequest) -> Reply:
    """One member."""
    return Reply(200, member_json(_member(req, req.guild())))


def edit_member(req: RestRequest) -> Reply:
    """Time out, rename or give roles."""
    guild = req.guild()
    member = _member(req, guild)
    if "communication_disabled_until" in req.body:
        _time_out(req, guild, member)
    if "nick" in req.body:
        _may_manage(req, guild, member, Permission.MANAGE_NICKNAMES)
        req.sim.guilds.change_member(member, nick=req.body["nick"] or "")
    if "roles" in req.body:
        _may_manage(req, guild, member, Permission.MANAGE_ROLES)
        req.sim.guilds.change_member(member, roles=[int(role) for role in req.body["roles"]])
    return Reply(200, member_json(member))


def _time_out(req: RestRequest, guild: Guild, member: Member) -> None:
    _may_manage(req, guild, member, Permission.MODERATE_MEMBERS)
    if guild_permissions(guild, member, req.sim.clock.now()) == ALL:
        raise api_error(50013)
    raw = req.body["communication_disabled_until"]
    until = datetime.fromisoformat(raw) if raw else None
    if until is not None and until - req.sim.clock.now() > LONGEST_TIMEOUT:
        errors = FormErrors()
        errors.add(
            "communication_disabled_until",
            "GUILD_MEMBER_COMMUNICATION_DISABLED_UNTIL_MAX",
            "Timeout must not exceed 28 days",
        )
        errors.raise_if_any()
    req.sim.guilds.set_timeout(member, until, by=req.sim.world.bot, reason=req.reason)


def _may_manage(req: RestRequest, guild: Guild, member: Member, needed: Permission) -> None:
    """Raises ApiError 50013 without the permission, against the owner, or against a role not below the bot's."""
    own = guild.members[req.sim.world.bot.id]
    lacks = not req.sim.world.payloads.bot_permissions(guild) & needed
    outranked = top_position(guild, member) >= top_position(guild, own) and member is not own
    if lacks or member.user.id == guild.owner_id or outranked:
        raise api_error(50013)


def kick(req: RestRequest) -> Reply:
    """Remove a member."""
    guild = req.guild()
    member = _member(req, guild)
    _may_manage(req, guild, member, Permission.KICK_MEMBERS)
    req.sim.guilds.remove_member(guild, member.user)
    write_audit(
        req.sim.world,
        guild,
        AuditAction.MEMBER_KICK,
        by=req.sim.world.bot.id,
        target=member.user.id,
        reason=req.reason,
    )
    return NO_CONTENT


def _user(req: RestRequest) -> User:
    user = req.sim.world.users.get(req.number("user_id"))
    if user is None:
        raise api_error(10013)
    return user


def ban(req: RestRequest) -> Reply:
    """Ban a user."""
    guild = req.guild_with(Permission.BAN_MEMBERS)
    user = _user(req)
    if user.id in guild.members:
        _may_manage(req, guild, guild.members[user.id], Permission.BAN_MEMBERS)
    req.sim.guilds.ban(guild, user, by=req.sim.world.bot, reason=req.reason)
    return NO_CONTENT


def unban(req: RestRequest) -> Reply:
    """Lift a ban."""
    guild = req.guild_with(Permission.BAN_MEMBERS)
    user = _user(req)
    if user.id not in guild.bans:
        raise api_error(10026)
    req.sim.guilds.unban(guild, user, by=req.sim.world.bot, reason=req.reason)
    return NO_CONTENT


def get_ban(req: RestRequest) -> Reply:
    """One ban."""
    guild = req.guild_with(Permission.BAN_MEMBERS)
    user = _user(req)
    if user.id not in guild.bans:
        raise api_error(10026)
    return Reply(200, {"reason": guild.bans[user.id], "user": user_json(user)})


def audit_log(req: RestRequest) -> Reply:
    """The newest entries, filtered by user and action."""
    guild = req.guild_with(Permission.VIEW_AUDIT_LOG)
    entries = list(reversed(guild.audit_log))
    if "action_type" in req.query:
        entries = [entry for entry in entries if entry.action == int(req.query["action_type"])]
    if "user_id" in req.query:
        entries = [entry for entry in entries if entry.user_id == int(req.query["user_id"])]
    if "before" in req.query:
        entries = [entry for entry in entries if entry.id < int(req.query["before"])]
    entries = entries[: int(req.query.get("limit", 50))]
    ids = {entry.user_id for entry in entries} | {entry.target_id for entry in entries}
    users = [user_json(user) for user_id, user in req.sim.world.users.items() if user_id in ids]
    body: Json = {name: [] for name in _EMPTY_LISTS}
    return Reply(200, body | {"audit_log_entries": [audit_json(entry) for entry in entries], "users": users})


_EMPTY_LISTS = (
    "application_commands",
    "auto_moderation_rules",
    "guild_scheduled_events",
    "integrations",
    "threads",
    "webhooks",
)


_GUILD = "/guilds/{guild_id}"
ROUTES = [
    Route("GET", "/users/@me/guilds", list_own_guilds),
    Route("DELETE", "/users/@me/guilds/{guild_id}", leave_guild),
    Route("GET", _GUILD, get_guild),
    Route("GET", f"{_GUILD}/channels", list_channels),
    Route("POST", f"{_GUILD}/channels", create_channel),
    Route("GET", f"{_GUILD}/roles", list_roles),
    Route("GET", f"{_GUILD}/members", list_members),
    Route("GET", f"{_GUILD}/members/{{user_id}}", get_member),
    Route("PATCH", f"{_GUILD}/members/{{user_id}}", edit_member),
    Route("DELETE", f"{_GUILD}/members/{{user_id}}", kick),
    Route("GET", f"{_GUILD}/bans/{{user_id}}", get_ban),
    Route("PUT", f"{_GUILD}/bans/{{user_id}}", ban),
    Route("DELETE", f"{_GUILD}/bans/{{user_id}}", unban),
    Route("GET", f"{_GUILD}/audit-logs", audit_log),
]
