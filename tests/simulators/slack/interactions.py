"""What members press, submit and type to the app: buttons, modals, shortcuts, commands, the App Home.

Shapes: docs.slack.dev, "Interaction payloads", "Slash commands"; bolt-python's scenario tests.
"""

import secrets
from datetime import timedelta

from tests.simulators.slack import events
from tests.simulators.slack.delivery import Delivery
from tests.simulators.slack.members import MemberActions
from tests.simulators.slack.methods_views import add_view, checked_view, replace_view
from tests.simulators.slack.replies import Replies
from tests.simulators.slack.shapes import message_object, view_object
from tests.simulators.slack.world import Channel, Ephemeral, Message, Payload, ResponseUrl, Trigger, User, View

INPUT_VALUE = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "number_input": "value",
    "url_text_input": "value",
}
INPUT_LIST = {"checkboxes": "selected_options", "multi_static_select": "selected_options"}
INPUT_LIST |= {"multi_users_select": "selected_users", "multi_conversations_select": "selected_conversations"}
INPUT_ONE = {"users_select": "selected_user", "conversations_select": "selected_conversation"}
INPUT_ONE |= {"channels_select": "selected_channel", "datepicker": "selected_date", "timepicker": "selected_time"}


def find_element(blocks: list[Payload], action_id: str) -> tuple[Payload, str]:
    """The interactive element of that action id, and its block's id. Raises LookupError when there is none."""
    for block in blocks:
        elements = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
        for element in elements:
            if isinstance(element, dict) and element.get("action_id") == action_id:
                return element, str(block.get("block_id", ""))
    raise LookupError(f"no element with action_id {action_id!r}")


def input_state(element: Payload, value: object) -> Payload:
    """What a view's state says of an input whose value is `value` (options by their `value`)."""
    kind = str(element["type"])
    if kind in INPUT_VALUE:
        return {"type": kind, "value": value}
    if kind in INPUT_ONE:
        return {"type": kind, INPUT_ONE[kind]: value}
    options = {option["value"]: option for option in element.get("options", [])}
    if kind in INPUT_LIST:
        given = value if isinstance(value, list) else [value]
        return {"type": kind, INPUT_LIST[kind]: [options.get(each, each) for each in given]}
    return {"type": kind, "selected_option": options[value]}


class Interactions(MemberActions):
    """Each call waits for the app's acknowledgement and gives the Delivery: `state`, `response`."""

    def new_trigger(self, user: User, view: View | None = None) -> str:
        """A fresh `trigger_id`, as every interaction carries one; with `view`, one that came from that modal."""
        trigger_id = f"{self.world.now()}.{self.world.new_id('1')}.{secrets.token_hex(16)}"
        expires_at = self.world.clock() + timedelta(seconds=self.timing.trigger_life_s)
        view_id = view.id if view is not None else None
        self.world.triggers[trigger_id] = Trigger(
            id=trigger_id, user_id=user.id, expires_at=expires_at, view_id=view_id
        )
        return trigger_id

    def _response_url(
        self, user: User, channel: Channel, message: Message | None = None, note: Ephemeral | None = None
    ) -> str:
        url = ResponseUrl(
            id=secrets.token_hex(12),
            user_id=user.id,
            channel_id=channel.id,
            expires_at=self.world.clock() + timedelta(seconds=self.timing.response_url_life_s),
            uses_left=self.timing.response_url_uses,
            message_ts=message.ts if message is not None else None,
            ephemeral_ts=note.ts if note is not None else None,
        )
        self.world.response_urls[url.id] = url
        return f"{self.world.base_url}/response/{url.id}"

    def _common(self, kind: str, user: User) -> Payload:
        return {
            "type": kind,
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
            "api_app_id": self.world.app.id,
            "token": self.world.app.verification_token,
            "team": {"id": self.world.team.id, "domain": self.world.team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _channel_name(self, channel: Channel) -> Payload:
        name = {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)
        return {"id": channel.id, "name": name}

    async def click(
        self, user: User, where: Message | Ephemeral | View, action_id: str, *, value: object = None
    ) -> Delivery:
        """A member presses a button, or picks `value` in a select. Raises LookupError if it is not there."""
        blocks = where.payload["blocks"] if isinstance(where, View) else where.blocks
        element, block_id = find_element(blocks, action_id)
        action: Payload = {"action_id": action_id, "block_id": block_id, "type": element["type"]}
        if element["type"] == "button":
            action |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        else:
            action |= input_state(element, value)
        action["action_ts"] = self.world.new_ts()
        payload = self._common("block_actions", user)
        payload |= self._place(user, where)
        return await self.courier.ask("interactive", payload | {"actions": [action]})

    def _place(self, user: User, where: Message | Ephemeral | View) -> Payload:
        if isinstance(where, View):
            return {
                "container": {"type": "view", "view_id": where.id},
                "trigger_id": self.new_trigger(user, where),
                "view": view_object(self.world, where),
            }
        channel = self.world.channels[where.channel]
        is_note = isinstance(where, Ephemeral)
        container = {"type": "message", "message_ts": where.ts, "channel_id": channel.id, "is_ephemeral": is_note}
        place: Payload = {
            "container": container | ({"thread_ts": where.thread_ts} if where.thread_ts is not None else {}),
            "trigger_id": self.new_trigger(user),
            "channel": self._channel_name(channel),
            "state": {"values": {}},
        }
        if isinstance(where, Ephemeral):
            return place | {"response_url": self._response_url(user, channel, note=where)}
        shown = message_object(self.world, where)
        return place | {"message": shown, "response_url": self._response_url(user, channel, message=where)}

    async def submit_view(self, user: User, view: View, values: dict[str, object] | None = None) -> Delivery:
        """A member submits a modal; `values` are inputs by action id. What the app answers is carried out."""
        state: Payload = {}
        for action_id, value in (values or {}).items():
            element, block_id = find_element(view.payload["blocks"], action_id)
            state.setdefault(block_id, {})[action_id] = input_state(element, value)
        view.state = state
        payload = self._common("view_submission", user)
        payload |= {
            "trigger_id": self.new_trigger(user, view),
            "view": view_object(self.world, view),
            "response_urls": [],
        }
        delivery = await self.courier.ask("interactive", payload)
        if delivery.state == "acked":
            self._after_submission(user, view, delivery.response or {})
        return delivery

    def _after_submission(self, user: User, view: View, answer: Payload) -> None:
        action = answer.get("response_action")
        if action == "errors":
            return
        if action == "update":
            replace_view(self.world, view, checked_view(answer["view"]))
        elif action == "push":
            add_view(self.world, user.id, checked_view(answer["view"]), view)
        elif action == "clear":
            for each in self.world.views.values():
                each.is_open = each.is_open and each.root_view_id != view.root_view_id
        else:
            view.is_open = False

    async def close_view(self, user: User, view: View) -> Delivery | None:
        """A member closes a modal; the app hears of it only with `notify_on_close`."""
        view.is_open = False
        if not view.payload.get("notify_on_close"):
            return None
        payload = self._common("view_closed", user)
        payload |= {"view": view_object(self.world, view), "is_cleared": False}
        return await self.courier.ask("interactive", payload)

    async def message_shortcut(self, user: User, message: Message, callback_id: str) -> Delivery:
        """A member picks a shortcut in a message's menu (`message_action`)."""
        channel = self.world.channels[message.channel]
        payload = self._common("message_action", user)
        payload |= {
            "action_ts": self.world.new_ts(),
            "channel": self._channel_name(channel),
            "callback_id": callback_id,
            "trigger_id": self.new_trigger(user),
            "response_url": self._response_url(user, channel),
            "message_ts": message.ts,
            "message": message_object(self.world, message),
        }
        return await self.courier.ask("interactive", payload)

    async def global_shortcut(self, user: User, callback_id: str) -> Delivery:
        """A member picks a global shortcut."""
        payload = self._common("shortcut", user)
        payload |= {"action_ts": self.world.new_ts(), "callback_id": callback_id, "trigger_id": self.new_trigger(user)}
        return await self.courier.ask("interactive", payload)

    async def slash_command(self, user: User, channel: Channel, command: str, text: str = "") -> Delivery:
        """A member types a slash command. A message in the app's acknowledgement is shown."""
        url = self._response_url(user, channel)
        payload: Payload = {
            "token": self.world.app.verification_token,
            "team_id": self.world.team.id,
            "team_domain": self.world.team.domain,
            "channel_id": channel.id,
            "channel_name": self._channel_name(channel)["name"],
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": self.world.app.id,
            "is_enterprise_install": "false",
            "response_url": url,
            "trigger_id": self.new_trigger(user),
        }
        delivery = await self.courier.ask("slash_commands", payload)
        if delivery.response:
            replies = Replies(self.world, self.timeline)
            replies.apply(self.world.response_urls[url.rpartition("/")[2]], delivery.response)
        return delivery

    def open_home(self, user: User, tab: str = "home") -> None:
        """A member opens the app's Home (or `messages`) tab: app_home_opened."""
        channel = self.world.open_direct_channel(self.world.app.bot_user_id, user.id)
        self.timeline.emit(events.home_opened_event(self.world, user.id, channel, tab))
