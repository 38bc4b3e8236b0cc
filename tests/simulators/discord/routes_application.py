"""Routes of the application, its commands, users and the gateway's address. Source: the pages of the same names."""

import re

from .errors import FormErrors, api_error
from .json_types import Json
from .payloads import own_user_json, user_json
from .rest_types import NO_CONTENT, Auth, Reply, RestRequest, Route

COMMANDS_MAX = {1: 100, 2: 15, 3: 15}
"""Chat, user and message commands in each scope. Source: Application Commands (user and message: 15 since 2025)."""

LOCALES = frozenset(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko".split()
)
"""Source: Reference, Locales."""

_LOCALISED = ("name_localizations", "description_localizations")
_NAME = re.compile(r"^[-_'\w]{1,32}$")


def get_gateway(req: RestRequest) -> Reply:
    """The gateway's address."""
    return Reply(200, {"url": req.sim.gateway.url})


def get_gateway_bot(req: RestRequest) -> Reply:
    """Address, recommended shards, and how many sessions may still be started."""
    options = req.sim.gateway.options
    limit = {
        "total": 1000,
        "remaining": options.identifies_left,
        "reset_after": 14_400_000,
        "max_concurrency": options.max_concurrency,
    }
    return Reply(200, {"url": req.sim.gateway.url, "shards": options.shards, "session_start_limit": limit})


def get_current_user(req: RestRequest) -> Reply:
    """The bot's own user."""
    return Reply(200, own_user_json(req.sim.world.bot))


def get_user(req: RestRequest) -> Reply:
    """Any user."""
    user = req.sim.world.users.get(req.number("user_id"))
    if user is None:
        raise api_error(10013)
    return Reply(200, user_json(user))


def get_application(req: RestRequest) -> Reply:
    """The application, with the flags that tell which privileged intents are on."""
    application = req.sim.world.application
    return Reply(
        200,
        {
            "id": str(application.id),
            "name": application.name,
            "icon": None,
            "description": "",
            "summary": "",
            "type": None,
            "bot": user_json(req.sim.world.bot),
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "owner": user_json(application.owner),
            "team": None,
            "flags": application.flags,
            "hook": True,
            "approximate_guild_count": len(req.sim.world.joined_guilds()),
            "approximate_user_install_count": 0,
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "integration_types_config": {"0": {}},
        },
    )


def _scope(req: RestRequest) -> int | None:
    if req.number("application_id") != req.sim.world.application.id:
        raise api_error(20012)
    if "guild_id" not in req.params:
        return None
    guild = req.sim.world.guilds.get(req.number("guild_id"))
    if guild is None or req.sim.world.bot.id not in guild.members:
        raise api_error(50001)
    return guild.id


def list_commands(req: RestRequest) -> Reply:
    """The registered commands of a scope; names in other languages only where they are asked for."""
    commands = req.sim.commands.get(_scope(req), [])
    if req.query.get("with_localizations") == "true":
        return Reply(200, commands)
    return Reply(200, [{key: value for key, value in command.items() if key not in _LOCALISED} for command in commands])


def overwrite_commands(req: RestRequest) -> Reply:
    """Replace all commands of a scope."""
    scope = _scope(req)
    errors = FormErrors()
    for index, command in enumerate(req.items):
        _check_command(command, f"{index}.", errors)
    errors.raise_if_any()
    for kind, most in COMMANDS_MAX.items():
        if len([command for command in req.items if command.get("type", 1) == kind]) > most:
            raise api_error(30032)
    req.sim.commands[scope] = [_registered(req, scope, command) for command in req.items]
    req.sim.notify()
    return Reply(200, req.sim.commands[scope])


def create_command(req: RestRequest) -> Reply:
    """Add a command; one of the same name and type is replaced."""
    scope = _scope(req)
    errors = FormErrors()
    _check_command(req.body, "", errors)
    errors.raise_if_any()
    key = (req.body["name"], req.body.get("type", 1))
    existing = req.sim.commands.setdefault(scope, [])
    kept = [command for command in existing if (command["name"], command["type"]) != key]
    made = _registered(req, scope, req.body)
    req.sim.commands[scope] = [*kept, made]
    return Reply(200 if len(kept) < len(existing) else 201, made)


def delete_command(req: RestRequest) -> Reply:
    """Remove a command."""
    scope = _scope(req)
    existing = req.sim.commands.get(scope, [])
    kept = [command for command in existing if command["id"] != req.params["command_id"]]
    if len(kept) == len(existing):
        raise api_error(10063)
    req.sim.commands[scope] = kept
    return NO_CONTENT


def _check_command(command: Json, path: str, errors: FormErrors) -> None:
    name = command.get("name")
    errors.required(f"{path}name", name)
    errors.length(f"{path}name", name, 1, 32)
    for locale, translated in (command.get("name_localizations") or {}).items():
        if locale not in LOCALES:
            errors.add(f"{path}name_localizations", "DICT_TYPE_INVALID_KEYS", "Unknown locale")
        errors.length(f"{path}name_localizations.{locale}", translated, 1, 32)
    if command.get("type", 1) != 1:
        return
    if isinstance(name, str) and (not _NAME.match(name) or name != name.lower()):
        errors.add(f"{path}name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    errors.required(f"{path}description", command.get("description"))
    errors.length(f"{path}description", command.get("description"), 1, 100)
    errors.length(f"{path}options", command.get("options"), 0, 25)


def _registered(req: RestRequest, scope: int | None, command: Json) -> Json:
    made: Json = {
        "id": str(req.sim.world.ids.next()),
        "application_id": str(req.sim.world.application.id),
        "version": str(req.sim.world.ids.next()),
        "type": 1,
        "name_localizations": None,
        "description": "",
        "description_localizations": None,
        "default_member_permissions": None,
        "dm_permission": True,
        "nsfw": False,
        "integration_types": [0],
        "contexts": None,
    }
    if scope is not None:
        made["guild_id"] = str(scope)
    return made | command


_COMMANDS = "/applications/{application_id}/commands"
_GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"
ROUTES = [
    Route("GET", "/gateway", get_gateway, Auth.NONE),
    Route("GET", "/gateway/bot", get_gateway_bot),
    Route("GET", "/users/@me", get_current_user),
    Route("GET", "/users/{user_id}", get_user),
    Route("GET", "/oauth2/applications/@me", get_application),
    Route("GET", "/applications/@me", get_application),
    *[Route("GET", base, list_commands) for base in (_COMMANDS, _GUILD_COMMANDS)],
    *[Route("PUT", base, overwrite_commands) for base in (_COMMANDS, _GUILD_COMMANDS)],
    *[Route("POST", base, create_command) for base in (_COMMANDS, _GUILD_COMMANDS)],
    *[Route("DELETE", f"{base}/{{command_id}}", delete_command) for base in (_COMMANDS, _GUILD_COMMANDS)],
]
