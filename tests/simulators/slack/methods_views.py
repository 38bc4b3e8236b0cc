"""views.*: modals and the App Home.

Errors and tiers: docs.slack.dev, the methods' pages. Complaints about a view come as `invalid_arguments`.
"""

import json
import secrets

from tests.simulators.slack.api import ApiError, Arguments, Caller, invalid_arguments, method
from tests.simulators.slack.blocks import VIEW_BYTES, check_view
from tests.simulators.slack.shapes import view_object
from tests.simulators.slack.workspace import SlackWorkspace
from tests.simulators.slack.world import Payload, Trigger, View

STACK = 3
"""Views on top of one another at most."""


def read_view(args: Arguments) -> Payload:
    """The call's view, checked."""
    view = args.json_object("view", "invalid_arguments")
    if view is None:
        raise invalid_arguments("missing required field: view")
    return checked_view(view)


def checked_view(view: Payload) -> Payload:
    """A view within Slack's limits; otherwise `view_too_large` or `invalid_arguments`."""
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise ApiError("view_too_large")
    complaints = check_view(view)
    if complaints:
        raise invalid_arguments(*complaints)
    return view


def _exchange_trigger(caller: Caller, args: Arguments) -> Trigger:
    trigger = caller.world.triggers.get(args.text("trigger_id") or "")
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.exchanged:
        raise ApiError("exchanged_trigger_id")
    if caller.world.clock() > trigger.expires_at:
        raise ApiError("expired_trigger_id")
    trigger.exchanged = True
    return trigger


def add_view(world: SlackWorkspace, user: str, payload: Payload, below: View | None) -> View:
    """Put a new view on the screen, on top of another or alone."""
    view_id = world.new_id("V")
    view = View(
        id=view_id,
        user_id=user,
        payload=_with_block_ids(world, payload),
        hash=_new_hash(world),
        root_view_id=below.root_view_id if below is not None else view_id,
        previous_view_id=below.id if below is not None else None,
    )
    view.versions.append(view.payload)
    world.views[view_id] = view
    return view


def replace_view(world: SlackWorkspace, view: View, payload: Payload) -> View:
    """Give a view new content."""
    view.payload = _with_block_ids(world, payload)
    view.hash = _new_hash(world)
    view.versions.append(view.payload)
    return view


def _with_block_ids(world: SlackWorkspace, payload: Payload) -> Payload:
    blocks = [{**block, "block_id": block.get("block_id") or world.new_id("b")} for block in payload["blocks"]]
    return {**payload, "blocks": blocks}


def _new_hash(world: SlackWorkspace) -> str:
    return f"{world.now()}.{secrets.token_hex(4)}"


def _check_external_id(caller: Caller, payload: Payload, except_view: str = "") -> None:
    external = payload.get("external_id")
    for view in caller.world.views.values():
        if external and view.is_open and view.id != except_view and view.payload.get("external_id") == external:
            raise ApiError("duplicate_external_id")


@method("views.open", tier=4)
def views_open(caller: Caller, args: Arguments) -> Payload:
    """Open a modal in exchange for a trigger."""
    payload = read_view(args)
    if payload["type"] != "modal":
        raise invalid_arguments("must be one of: modal [json-pointer:/view/type]")
    _check_external_id(caller, payload)
    trigger = _exchange_trigger(caller, args)
    return {"view": view_object(caller.world, add_view(caller.world, trigger.user_id, payload, None))}


@method("views.push", tier=4)
def views_push(caller: Caller, args: Arguments) -> Payload:
    """Put a modal on top of the one the trigger came from."""
    payload = read_view(args)
    trigger = _exchange_trigger(caller, args)
    below = caller.world.views.get(trigger.view_id or "")
    if below is None or not below.is_open:
        raise ApiError("not_found")
    stack = [v for v in caller.world.views.values() if v.root_view_id == below.root_view_id and v.is_open]
    if len(stack) >= STACK:
        raise ApiError("push_limit_reached")
    return {"view": view_object(caller.world, add_view(caller.world, trigger.user_id, payload, below))}


@method("views.update", tier=4)
def views_update(caller: Caller, args: Arguments) -> Payload:
    """Give an open modal new content."""
    payload = read_view(args)
    external = args.text("external_id")
    view = caller.world.views.get(args.text("view_id") or "")
    if view is None and external is not None:
        views = caller.world.views.values()
        view = next((each for each in views if each.payload.get("external_id") == external), None)
    if view is None or not view.is_open:
        raise ApiError("not_found")
    if args.text("hash") not in (None, view.hash):
        raise ApiError("hash_conflict")
    _check_external_id(caller, payload, except_view=view.id)
    return {"view": view_object(caller.world, replace_view(caller.world, view, payload))}


@method("views.publish", tier=4)
def views_publish(caller: Caller, args: Arguments) -> Payload:
    """Publish a user's App Home."""
    payload = read_view(args)
    world = caller.world
    if not world.settings.home_enabled:
        raise ApiError("not_enabled")
    user = caller.user(args.required("user_id"))
    home = world.homes.get(user.id)
    if home is not None and args.text("hash") not in (None, home.hash):
        raise ApiError("hash_conflict")
    if home is None:
        home = add_view(world, user.id, payload, None)
        world.homes[user.id] = home
    else:
        replace_view(world, home, payload)
    return {"view": view_object(world, home)}
