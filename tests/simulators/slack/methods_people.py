"""auth.test, apps.connections.open, bots, files, team, user groups and users.

Errors, scopes and tiers: docs.slack.dev, the methods' pages. What apps.connections.open answers when Socket Mode is
off is not documented; the simulator says `forbidden_team`, the nearest error on the page.
"""

import secrets

from tests.simulators.slack.api import ApiError, Arguments, Caller, method, page
from tests.simulators.slack.shapes import AVATAR_ROOT, file_object, team_object, user_group_object, user_object
from tests.simulators.slack.world import Payload


@method("auth.test", tier=5, tokens=("bot", "user", "app", "org"))
def auth_test(caller: Caller, args: Arguments) -> Payload:
    """Whom a token belongs to."""
    world = caller.world
    answer: Payload = {
        "url": f"https://{world.team.domain}.slack.com/",
        "team": world.team.name,
        "team_id": world.team.id,
        "is_enterprise_install": caller.token.kind == "org",
    }
    if caller.token.kind == "app":
        return {"app_name": world.app.name, "app_id": world.app.id, **answer}
    user = world.users.get(caller.user_id)
    answer |= {"user": user.name, "user_id": user.id} if user is not None else {}
    return answer | ({"bot_id": world.app.bot_id} if caller.is_bot else {})


@method("apps.connections.open", tier=3, scopes=("connections:write",), tokens=("app",))
def open_connection(caller: Caller, args: Arguments) -> Payload:
    """A one-time WebSocket URL for Socket Mode."""
    world = caller.world
    if not world.settings.socket_mode_enabled:
        raise ApiError("forbidden_team")
    ticket = secrets.token_hex(16)
    world.tickets.add(ticket)
    root = world.base_url.replace("http://", "ws://")
    return {"url": f"{root}/link/?ticket={ticket}&app_id={world.app.id}"}


@method("bots.info", tier=3, scopes=("users:read",))
def bots_info(caller: Caller, args: Arguments) -> Payload:
    """About a bot, by its B… id."""
    world = caller.world
    given = args.text("bot")
    owner = next((user for user in world.users.values() if given is not None and user.bot_id == given), None)
    if owner is None:
        raise ApiError("bot_not_found")
    icons = {f"image_{size}": f"{AVATAR_ROOT}/{given}_{size}.png" for size in (36, 48, 72)}
    app_id = world.app.id if given == world.app.bot_id else "A0OTHERAPP"
    bot: Payload = {"id": given, "deleted": owner.deleted, "name": owner.real_name, "updated": 1_700_000_000}
    return {"bot": bot | {"app_id": app_id, "user_id": owner.id, "icons": icons}}


@method("team.info", tier=3, scopes=("team:read",))
def team_info(caller: Caller, args: Arguments) -> Payload:
    """About the workspace."""
    if args.text("team") not in (None, caller.world.team.id):
        raise ApiError("team_not_found")
    return {"team": team_object(caller.world)}


@method("users.info", tier=4, scopes=("users:read",))
def users_info(caller: Caller, args: Arguments) -> Payload:
    """About one user."""
    user = caller.user(args.text("user"))
    return {"user": _shown(caller, args, user.id)}


@method("users.list", tier=2, scopes=("users:read",))
def users_list(caller: Caller, args: Arguments) -> Payload:
    """All users, deactivated ones included."""
    shapes = [_shown(caller, args, user.id) for user in caller.world.users.values() if not user.is_stranger]
    found, cursor = page(shapes, args, default=1000, most=1000)
    return {"members": found, "cache_ts": caller.world.now(), "response_metadata": {"next_cursor": cursor}}


def _shown(caller: Caller, args: Arguments, user_id: str) -> Payload:
    return user_object(
        caller.world.users[user_id],
        with_locale=bool(args.flag("include_locale")),
        with_email="users:read.email" in caller.token.scopes,
    )


@method("usergroups.list", tier=2, scopes=("usergroups:read",))
def user_groups(caller: Caller, args: Arguments) -> Payload:
    """The user groups; disabled ones only when asked for."""
    _check_user_groups(caller)
    with_disabled = bool(args.flag("include_disabled"))
    with_users, with_count = bool(args.flag("include_users")), bool(args.flag("include_count"))
    world = caller.world
    listed = [group for group in world.user_groups.values() if with_disabled or not group.disabled]
    shapes = [user_group_object(world, group, with_users=with_users, with_count=with_count) for group in listed]
    return {"usergroups": shapes}


@method("usergroups.users.list", tier=2, scopes=("usergroups:read",))
def user_group_users(caller: Caller, args: Arguments) -> Payload:
    """The ids of a user group's members."""
    _check_user_groups(caller)
    group = caller.world.user_groups.get(args.required("usergroup"))
    if group is None or (group.disabled and not args.flag("include_disabled")):
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}


def _check_user_groups(caller: Caller) -> None:
    if not caller.world.settings.user_groups_available:
        raise ApiError("plan_upgrade_required")


@method("files.info", tier=4, scopes=("files:read",))
def files_info(caller: Caller, args: Arguments) -> Payload:
    """About a file, in full even where events show only a stub."""
    world = caller.world
    file = world.files.get(args.required("file"))
    if file is None:
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    if not _may_see(caller, file.channels):
        raise ApiError("not_visible")
    full = file_object(world, file, in_full=True)
    return {"file": full, "comments": [], "response_metadata": {"next_cursor": ""}}


def _may_see(caller: Caller, channels: list[str]) -> bool:
    shared_in = [caller.world.channels[channel] for channel in channels]
    return any(c.kind == "channel" or caller.user_id in c.members for c in shared_in)
