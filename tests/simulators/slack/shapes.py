"""JSON objects as Slack sends them: users, channels, messages, files, teams, bots and views.

Shapes: docs.slack.dev ("Objects", the methods' example responses) and the samples in slackapi/java-slack-sdk
(json-logs). Keys Slack leaves out when they do not apply are left out here too.
"""

from tests.simulators.slack.text import rich_text_block
from tests.simulators.slack.workspace import SlackWorkspace
from tests.simulators.slack.world import Channel, File, Message, Payload, User, UserGroup, View

AVATAR_SIZES = (24, 32, 48, 72, 192, 512)
AVATAR_ROOT = "https://avatars.example.org"


def user_object(user: User, *, with_locale: bool = False, with_email: bool = False) -> Payload:
    """The object of users.info and users.list."""
    profile: Payload = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "fields": None,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": f"g{user.id.lower()}",
        "team": user.team_id,
        **{f"image_{size}": f"{AVATAR_ROOT}/{user.id}_{size}.png" for size in AVATAR_SIZES},
    }
    if with_email and not user.is_bot:
        profile["email"] = user.email
    if user.bot_id is not None:
        profile["bot_id"] = user.bot_id
    shape: Payload = {"id": user.id, "team_id": user.team_id, "name": user.name, "deleted": user.deleted}
    if not user.deleted:  # Slack drops these for deactivated accounts
        shape |= {
            "color": "9f69e7",
            "real_name": user.real_name,
            "tz": user.tz,
            "tz_label": user.tz_label,
            "tz_offset": user.tz_offset,
        }
        for flag in ("is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted"):
            shape[flag] = getattr(user, flag)
    shape |= {"profile": profile, "is_bot": user.is_bot, "is_app_user": False, "updated": 1_700_000_000}
    if user.teams is not None:
        shape["enterprise_user"] = {"id": user.id, "teams": user.teams, "is_admin": False, "is_owner": False}
    if user.is_stranger:
        shape["is_stranger"] = True
    return shape | ({"locale": user.locale} if with_locale else {})


def channel_object(channel: Channel, *, viewer: str | None, with_member_count: bool = False) -> Payload:
    """The object of conversations.info and conversations.list, as `viewer` (a user id) sees it."""
    if channel.kind == "im":
        return _direct_object(channel, viewer)
    shape: Payload = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "unlinked": 0,
        "name_normalized": channel.name,
        "is_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "creator": channel.creator,
        "is_member": viewer in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
    }
    return shape | ({"num_members": len(channel.members)} if with_member_count else {})


def _direct_object(channel: Channel, viewer: str | None) -> Payload:
    other = next((user for user in channel.members if user != viewer), viewer)
    return {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": True,
        "is_org_shared": False,
        "user": other,
        "is_user_deleted": False,
        "priority": 0,
    }


def file_object(world: SlackWorkspace, file: File, *, in_full: bool = False) -> Payload:
    """The file object; only a stub where Slack Connect hides the details until files.info is asked."""
    stub: Payload = {"id": file.id, "created": file.created, "timestamp": file.created}
    if file.deleted:
        return {**stub, "mode": "tombstone"}
    if file.file_access == "check_file_info" and not in_full:
        return {**stub, "mode": "file_access", "file_access": "check_file_info"}
    path = f"{world.base_url}/files-pri/{world.team.id}-{file.id}"
    return {
        **stub,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": file.filetype,
        "pretty_type": file.filetype.upper(),
        "user": file.user,
        "user_team": world.team.id,
        "editable": False,
        "size": len(file.content),
        "mode": file.mode,
        "is_external": False,
        "external_type": "",
        "is_public": True,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{path}/{file.name}",
        "url_private_download": f"{path}/download/{file.name}",
        "media_display_type": "unknown",
        "permalink": f"https://{world.team.domain}.slack.com/files/{file.user}/{file.id}/{file.name}",
        "permalink_public": f"https://slack-files.com/{world.team.id}-{file.id}-0000000000",
        "has_rich_preview": False,
        "file_access": "visible",
    }


def bot_profile(world: SlackWorkspace) -> Payload:
    """The `bot_profile` of messages an app posted."""
    return {
        "id": world.app.bot_id,
        "deleted": False,
        "name": world.app.name,
        "updated": 1_700_000_000,
        "app_id": world.app.id,
        "user_id": world.app.bot_user_id,
        "icons": {f"image_{size}": f"{AVATAR_ROOT}/{world.app.bot_id}_{size}.png" for size in (36, 48, 72)},
        "team_id": world.team.id,
    }


def message_object(world: SlackWorkspace, message: Message) -> Payload:
    """A message as conversations.history and events show it, without `channel` and `channel_type`."""
    if message.tombstoned:
        return _tombstone(world, message)
    shape: Payload = {"type": "message", "ts": message.ts, "text": message.text}
    optional: Payload = {
        "subtype": message.subtype,
        "user": message.user,
        "bot_id": message.bot_id,
        "app_id": message.app_id,
        "username": message.username,
        "icons": message.icons,
        "client_msg_id": message.client_msg_id,
        "inviter": message.inviter,
        "edited": message.edited,
        "attachments": message.attachments or None,
        "blocks": message.blocks or None,
        "reactions": message.reactions or None,
    }
    shape |= {key: value for key, value in optional.items() if value is not None}
    if message.user is not None and message.subtype in (None, "file_share", "thread_broadcast"):
        shape["team"] = world.team.id
    if message.bot_id == world.app.bot_id and message.username is None:
        shape["bot_profile"] = bot_profile(world)
    if message.dlp_tombstone is not None:
        shape |= {"subtype": "dlp_tombstone", "text": message.dlp_tombstone}
        shape.pop("blocks", None)
    if message.files and message.dlp_tombstone is None:
        shape["files"] = [file_object(world, file) for file in message.files]
        shape |= {"upload": False, "display_as_bot": False}
    return shape | _thread_fields(world, message)


def _thread_fields(world: SlackWorkspace, message: Message) -> Payload:
    parent = world.message(message.channel, message.thread_ts) if message.thread_ts else None
    if message.in_thread:
        owner = parent.user if parent is not None and parent.user is not None else None
        fields: Payload = {"thread_ts": message.thread_ts}
        if message.subtype == "thread_broadcast" and parent is not None:
            return fields | {"root": message_object(world, parent)}
        return fields | ({"parent_user_id": owner} if owner else {})
    return _parent_fields(world, message)


def _parent_fields(world: SlackWorkspace, message: Message) -> Payload:
    replies = world.replies(message)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user or reply.bot_id or "" for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "reply_users": users,
        "is_locked": False,
    }


def _tombstone(world: SlackWorkspace, message: Message) -> Payload:
    shape: Payload = {
        "type": "message",
        "subtype": "tombstone",
        "text": "This message was deleted.",
        "user": "USLACKBOT",
        "hidden": True,
        "ts": message.ts,
    }
    return shape | _parent_fields(world, message)


def text_blocks(text: str, block_id: str) -> list[Payload]:
    """The blocks that stand beside plain text."""
    return [rich_text_block(text, block_id)] if text else []


def team_object(world: SlackWorkspace) -> Payload:
    """The object of team.info."""
    return {
        "id": world.team.id,
        "name": world.team.name,
        "url": f"https://{world.team.domain}.slack.com/",
        "domain": world.team.domain,
        "email_domain": "",
        "icon": {f"image_{size}": f"{AVATAR_ROOT}/team_{size}.png" for size in (34, 44, 68, 88, 102, 132)}
        | {"image_default": True},
        "avatar_base_url": f"{AVATAR_ROOT}/",
        "is_verified": False,
    }


def user_group_object(world: SlackWorkspace, group: UserGroup, *, with_users: bool, with_count: bool) -> Payload:
    """The object of usergroups.list."""
    shape: Payload = {
        "id": group.id,
        "team_id": world.team.id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": 1_700_000_000,
        "date_update": 1_700_000_000,
        "date_delete": 1_700_000_000 if group.disabled else 0,
        "auto_type": None,
        "created_by": "USLACKBOT",
        "updated_by": "USLACKBOT",
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
    }
    shape |= {"users": group.users} if with_users else {}
    return shape | ({"user_count": len(group.users)} if with_count else {})


def view_object(world: SlackWorkspace, view: View) -> Payload:
    """The object of views.open and of interactions in views."""
    given = view.payload
    shape: Payload = {
        "id": view.id,
        "team_id": world.team.id,
        "type": given["type"],
        "blocks": given["blocks"],
        "private_metadata": given.get("private_metadata", ""),
        "callback_id": given.get("callback_id", ""),
        "state": {"values": view.state},
        "hash": view.hash,
        "title": given.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": bool(given.get("clear_on_close", False)),
        "notify_on_close": bool(given.get("notify_on_close", False)),
        "close": given.get("close"),
        "submit": given.get("submit"),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": world.app.id,
        "external_id": given.get("external_id", ""),
        "app_installed_team_id": world.team.id,
        "bot_id": world.app.bot_id,
    }
    return shape
