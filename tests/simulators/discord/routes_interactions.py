"""First answers to interactions and what follows them. Source: "Receiving and Responding"."""

from dataclasses import replace

from .component_validation import check_modal
from .drafts import draft_of
from .errors import FormErrors, api_error
from .interaction_state import CallbackType, Interaction, InteractionType
from .json_types import Json
from .message_changes import PARSE_USERS, Draft
from .model import Message, MessageFlag, MessageType
from .rest_types import NO_CONTENT, Auth, Reply, RestRequest, Route
from .routes_messages import apply_edit, reply_reference
from .validation import check_message, check_not_empty


def callback(req: RestRequest) -> Reply:
    """The first answer; once, within three seconds."""
    interaction = req.sim.interactions.to_answer(req.number("interaction_id"), req.params["interaction_token"])
    kind = _callback_type(req, interaction)
    data: Json = req.body.get("data") or {}
    message = _perform(req, interaction, kind, data)
    interaction.callback, interaction.answered_at = kind, req.sim.clock.now()
    req.sim.notify()
    if req.query.get("with_response", "").lower() not in {"1", "true"}:
        return NO_CONTENT
    return Reply(200, _callback_json(req, interaction, kind, message))


def _callback_type(req: RestRequest, interaction: Interaction) -> CallbackType:
    """The type asked for. Raises ApiError 50035 for one this interaction does not allow."""
    errors = FormErrors()
    try:
        kind = CallbackType(int(req.body.get("type", 0)))
    except ValueError:
        kind = CallbackType.MESSAGE
        errors.add("type", "BASE_TYPE_CHOICES", "Value must be one of {4, 5, 6, 7, 8, 9, 10, 12}.")
    if kind in {CallbackType.DEFERRED_UPDATE, CallbackType.UPDATE} and interaction.source is None:
        errors.add("type", "INTERACTION_CALLBACK_TYPE_INVALID", "Only components may update their message")
    if kind is CallbackType.MODAL and interaction.kind is InteractionType.MODAL:
        errors.add("type", "INTERACTION_CALLBACK_TYPE_INVALID", "A modal cannot open a modal")
    if (kind is CallbackType.AUTOCOMPLETE) != (interaction.kind is InteractionType.AUTOCOMPLETE):
        errors.add("type", "INTERACTION_CALLBACK_TYPE_INVALID", "Only autocomplete is answered with choices")
    errors.raise_if_any()
    return kind


def _perform(req: RestRequest, interaction: Interaction, kind: CallbackType, data: Json) -> Message | None:
    if kind is CallbackType.MESSAGE:
        check_message(data, files=len(req.uploads))
        check_not_empty(data, files=len(req.uploads))
        interaction.original = _post(req, interaction, data)
    elif kind is CallbackType.DEFERRED_MESSAGE:
        interaction.original = _post(req, interaction, {"flags": data.get("flags")}, loading=True)
    elif kind in {CallbackType.UPDATE, CallbackType.DEFERRED_UPDATE}:
        interaction.original = interaction.source
        if kind is CallbackType.UPDATE and interaction.source is not None:
            apply_edit(req, interaction.source, data)
    elif kind is CallbackType.MODAL:
        check_modal(data)
        interaction.modal = data
    else:
        interaction.choices = list(data.get("choices") or [])
    return interaction.original


def _callback_json(req: RestRequest, interaction: Interaction, kind: CallbackType, message: Message | None) -> Json:
    about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
    if message is not None:
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = bool(message.flags & MessageFlag.LOADING)
        about["response_message_ephemeral"] = message.ephemeral_for is not None
    resource: Json = {"type": int(kind)}
    if kind in {CallbackType.MESSAGE, CallbackType.UPDATE} and message is not None:
        resource["message"] = req.sim.world.message_json(message)
    return {"interaction": about, "resource": resource}


def _post(
    req: RestRequest, interaction: Interaction, data: Json, *, loading: bool = False, followup: bool = False
) -> Message:
    channel = interaction.channel
    draft = draft_of(req, data, channel.id, default_mentions=PARSE_USERS)
    ephemeral = bool((data.get("flags") or 0) & MessageFlag.EPHEMERAL)
    flags = draft.flags | MessageFlag.EPHEMERAL * ephemeral | MessageFlag.LOADING * loading
    made = replace(
        draft,
        flags=flags,
        application_id=req.sim.world.application.id,
        webhook_id=req.sim.world.application.id,
        interaction=req.sim.interactions.metadata(interaction, followup=followup),
        ephemeral_for=interaction.user.id if ephemeral else None,
    )
    return req.sim.messages.create(channel, req.sim.world.bot, _as_answer(interaction, made, followup=followup))


def _as_answer(interaction: Interaction, draft: Draft, *, followup: bool) -> Draft:
    answered = interaction.original if followup else interaction.source
    if answered is not None:
        return replace(draft, kind=MessageType.REPLY, reference=reply_reference(answered))
    is_menu = interaction.data.get("type") in {2, 3} and interaction.kind is InteractionType.COMMAND
    return replace(draft, kind=MessageType.CONTEXT_MENU_COMMAND if is_menu else MessageType.CHAT_INPUT_COMMAND)


def post_followup(req: RestRequest) -> Reply:
    """A further message; straight after a deferral it fills the waiting one instead."""
    interaction = req.sim.interactions.to_follow(req.params["webhook_token"])
    original = interaction.original
    if original is not None and original.flags & MessageFlag.LOADING:
        apply_edit(req, original)
        return Reply(200, req.sim.world.message_json(original))
    check_message(req.body, files=len(req.uploads))
    check_not_empty(req.body, files=len(req.uploads))
    message = _post(req, interaction, req.body, followup=True)
    interaction.followups.append(message)
    req.sim.notify()
    return Reply(200, req.sim.world.message_json(message))


def _made(req: RestRequest) -> tuple[Interaction, Message]:
    interaction = req.sim.interactions.to_follow(req.params["webhook_token"])
    wanted = req.params["message_id"]
    candidates = [interaction.original] if wanted == "@original" else [*interaction.replies, interaction.source]
    for message in candidates:
        if message is not None and (wanted == "@original" or message.id == req.number("message_id")):
            return interaction, message
    raise api_error(10008)


def get_followup(req: RestRequest) -> Reply:
    """The original answer or a follow-up."""
    return Reply(200, req.sim.world.message_json(_made(req)[1]))


def edit_followup(req: RestRequest) -> Reply:
    """Edit the original answer (also the waiting one) or a follow-up."""
    _, message = _made(req)
    apply_edit(req, message)
    return Reply(200, req.sim.world.message_json(message))


def delete_followup(req: RestRequest) -> Reply:
    """Delete the original answer or a follow-up."""
    interaction, message = _made(req)
    req.sim.messages.delete(message)
    if message is interaction.original:
        interaction.original = None
    else:
        interaction.followups.remove(message)
    return NO_CONTENT


ROUTES = [
    Route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", callback, Auth.NONE),
]
