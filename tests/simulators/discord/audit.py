"""The audit log: who did what to whom, and the reason they gave."""

from .json_types import Json
from .model import AuditEntry, Guild
from .world import Event, World


def write_audit(
    world: World,
    guild: Guild,
    action: int,
    *,
    by: int,
    target: int | None,
    reason: str | None = None,
    options: Json | None = None,
    changes: list[Json] | None = None,
) -> None:
    """Append an entry and announce it to sessions that may view the audit log."""
    entry = AuditEntry(
        id=world.ids.next(),
        guild_id=guild.id,
        action=action,
        user_id=by,
        target_id=target,
        reason=reason,
        options=options or {},
        changes=changes or [],
    )
    guild.audit_log.append(entry)
    data = audit_json(entry) | {"guild_id": str(guild.id)}
    world.emit(Event(name="GUILD_AUDIT_LOG_ENTRY_CREATE", data=data, guild=guild))


def audit_json(entry: AuditEntry) -> Json:
    """The audit log entry object."""
    data: Json = {
        "id": str(entry.id),
        "user_id": str(entry.user_id),
        "target_id": None if entry.target_id is None else str(entry.target_id),
        "action_type": entry.action,
    }
    if entry.changes:
        data["changes"] = entry.changes
    if entry.options:
        data["options"] = entry.options
    if entry.reason is not None:
        data["reason"] = entry.reason
    return data
