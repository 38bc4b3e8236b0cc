"""Routes of AutoMod rules. Source: Auto Moderation resource."""

from .audit import write_audit
from .automod import TIMEOUT, check_rule
from .errors import api_error, plain_error
from .json_types import Json
from .model import AuditAction, Guild
from .permissions import Permission
from .rest_types import NO_CONTENT, Reply, RestRequest, Route
from .world import Event


def list_rules(req: RestRequest) -> Reply:
    """All rules; wants Manage Guild, as every route here."""
    return Reply(200, list(req.guild_with(Permission.MANAGE_GUILD).rules.values()))


def get_rule(req: RestRequest) -> Reply:
    """One rule."""
    return Reply(200, _rule(req, req.guild_with(Permission.MANAGE_GUILD)))


def _rule(req: RestRequest, guild: Guild) -> Json:
    rule = guild.rules.get(req.number("rule_id"))
    if rule is None:
        raise plain_error(404, "Not Found")
    return rule


def create_rule(req: RestRequest) -> Reply:
    """A new rule."""
    guild = req.guild_with(Permission.MANAGE_GUILD)
    _check_timeout_permission(req, guild)
    check_rule(req.body, list(guild.rules.values()))
    rule_id = req.sim.world.ids.next()
    rule: Json = {
        "id": str(rule_id),
        "guild_id": str(guild.id),
        "name": req.body["name"],
        "creator_id": str(req.sim.world.bot.id),
        "event_type": req.body.get("event_type", 1),
        "trigger_type": req.body["trigger_type"],
        "trigger_metadata": req.body.get("trigger_metadata") or {},
        "actions": req.body["actions"],
        "enabled": bool(req.body.get("enabled", False)),
        "exempt_roles": [str(role) for role in req.body.get("exempt_roles") or []],
        "exempt_channels": [str(channel) for channel in req.body.get("exempt_channels") or []],
    }
    guild.rules[rule_id] = rule
    _announce(req, guild, rule, "AUTO_MODERATION_RULE_CREATE", AuditAction.RULE_CREATE)
    return Reply(200, rule)


def _check_timeout_permission(req: RestRequest, guild: Guild) -> None:
    wants = any(action.get("type") == TIMEOUT for action in req.body.get("actions") or [])
    if wants and not req.sim.world.payloads.bot_permissions(guild) & Permission.MODERATE_MEMBERS:
        raise api_error(50013)


def edit_rule(req: RestRequest) -> Reply:
    """Change a rule."""
    guild = req.guild_with(Permission.MANAGE_GUILD)
    rule = _rule(req, guild)
    _check_timeout_permission(req, guild)
    others = [other for other in guild.rules.values() if other is not rule]
    changed = rule | {key: value for key, value in req.body.items() if key in rule and key not in {"id", "guild_id"}}
    check_rule(changed, others)
    rule.update(changed)
    _announce(req, guild, rule, "AUTO_MODERATION_RULE_UPDATE", AuditAction.RULE_UPDATE)
    return Reply(200, rule)


def delete_rule(req: RestRequest) -> Reply:
    """Remove a rule."""
    guild = req.guild_with(Permission.MANAGE_GUILD)
    rule = _rule(req, guild)
    del guild.rules[req.number("rule_id")]
    _announce(req, guild, rule, "AUTO_MODERATION_RULE_DELETE", AuditAction.RULE_DELETE)
    return NO_CONTENT


def _announce(req: RestRequest, guild: Guild, rule: Json, name: str, action: int) -> None:
    req.sim.world.emit(Event(name=name, data=dict(rule), guild=guild))
    write_audit(req.sim.world, guild, action, by=req.sim.world.bot.id, target=int(rule["id"]), reason=req.reason)


_RULES = "/guilds/{guild_id}/auto-moderation/rules"
ROUTES = [
    Route("GET", _RULES, list_rules),
    Route("POST", _RULES, create_rule),
    Route("GET", f"{_RULES}/{{rule_id}}", get_rule),
    Route("PATCH", f"{_RULES}/{{rule_id}}", edit_rule),
    Route("DELETE", f"{_RULES}/{{rule_id}}", delete_rule),
]
