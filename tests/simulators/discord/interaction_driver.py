"""Driver: buttons, menus, modals and commands, as people use them."""

from .component_validation import walk
from .core import SimulatorCore
from .interaction_state import Interaction, InteractionType
from .json_types import Json
from .message_driver import NotAllowedError
from .model import Channel, Message, User
from .payloads import user_json
from .permissions import Permission

USER_MENU, MESSAGE_MENU = 2, 3
Value = str | int | float | bool


class InteractionDriver(SimulatorCore):
    """Starts interactions. They are returned at once; `await sim.answer(interaction)` waits for the bot."""

    async def answer(self, interaction: Interaction, *, within: float = 5.0) -> Interaction:
        """Wait until the bot has acknowledged the interaction. Raises TimeoutError."""
        await self.until(lambda: interaction.acknowledged, within=within)
        return interaction

    async def replied(self, interaction: Interaction, *, within: float = 5.0) -> Message:
        """Wait for the first message that is no "thinking" placeholder and return it. Raises TimeoutError."""
        return await self.until(lambda: self._finished(interaction), within=within)

    @staticmethod
    def _finished(interaction: Interaction) -> Message | None:
        ready = [m for m in interaction.replies if m.content or m.embeds or m.components or m.attachments]
        return ready[0] if ready else None

    def click(self, user: User, message: Message, custom_id: str, *, values: list[str] | None = None) -> Interaction:
        """Press a button or choose from a menu. Raises LookupError (none there) or NotAllowedError."""
        component = self._component(message, custom_id)
        if message.ephemeral_for not in {None, user.id}:
            raise NotAllowedError("only the one it was shown to can press it")
        data: Json = {"custom_id": custom_id, "component_type": component["type"], "id": component.get("id", 1)}
        if values is not None:
            data["values"] = values
        channel = self.messages.channel_of(message)
        return self.interactions.start(InteractionType.COMPONENT, user, channel, data, source=message)

    @staticmethod
    def _component(message: Message, custom_id: str) -> Json:
        for _, component in walk(message.components, "components"):
            if component.get("custom_id") == custom_id:
                if component.get("disabled"):
                    raise NotAllowedError("the button is greyed out")
                return component
        raise LookupError("the message has no such button")

    def submit_modal(self, interaction: Interaction, values: dict[str, str]) -> Interaction:
        """Fill in the modal the bot opened and send it. Raises LookupError (no modal) or NotAllowedError."""
        if interaction.modal is None:
            raise LookupError("the bot opened no modal")
        data: Json = {
            "custom_id": interaction.modal["custom_id"],
            "components": [_filled(component, values) for component in interaction.modal["components"]],
        }
        return self.interactions.start(
            InteractionType.MODAL,
            interaction.user,
            interaction.channel,
            data,
            source=interaction.source,
            opened_by=interaction,
        )

    def slash(self, user: User, channel: Channel, name: str, options: dict[str, Value] | None = None) -> Interaction:
        """Call a command; "policy try" is the subcommand `try` of `policy`. Raises LookupError or NotAllowedError."""
        first, *rest = name.split()
        command = self._command(user, channel, first, 1)
        data = self._command_data(command)
        data["options"] = _options(command, rest, options or {})
        resolved = self._resolved_users(channel, data["options"])
        if resolved:
            data["resolved"] = resolved
        return self.interactions.start(InteractionType.COMMAND, user, channel, data)

    def context_menu(self, user: User, message: Message, name: str) -> Interaction:
        """Use a message command; its target comes with full content even without the content intent."""
        channel = self.messages.channel_of(message)
        data = self._command_data(self._command(user, channel, name, MESSAGE_MENU))
        target = self.world.message_payloads.message(message, replied_to=self.world.replied_to(message))
        data |= {"target_id": str(message.id), "resolved": {"messages": {str(message.id): target}}}
        return self.interactions.start(InteractionType.COMMAND, user, channel, data)

    def user_menu(self, user: User, channel: Channel, target: User, name: str) -> Interaction:
        """Use a user command."""
        data = self._command_data(self._command(user, channel, name, USER_MENU))
        data |= {"target_id": str(target.id), "resolved": {"users": {str(target.id): user_json(target)}}}
        return self.interactions.start(InteractionType.COMMAND, user, channel, data)

    def _command(self, user: User, channel: Channel, name: str, kind: int) -> Json:
        found = [
            command
            for scope in (channel.guild_id, None)
            for command in self.commands.get(scope, [])
            if command["name"] == name and command["type"] == kind
        ]
        if not found:
            raise LookupError(f"no command {name!r} is registered")
        self._check_may_call(user, channel, found[0])
        return found[0]

    def _check_may_call(self, user: User, channel: Channel, command: Json) -> None:
        guild = self.world.guild_of(channel)
        if guild is None:
            return
        granted = self.world.allowed(user, channel)
        needed = int(command.get("default_member_permissions") or 0)
        if not granted & Permission.USE_APPLICATION_COMMANDS or granted & needed != needed:
            raise NotAllowedError("the user does not see this command")

    @staticmethod
    def _command_data(command: Json) -> Json:
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
        return data | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})

    def _resolved_users(self, channel: Channel, options: list[Json]) -> Json:
        users: Json = {}
        for option in options:
            if option["type"] == 6:
                users[str(option["value"])] = user_json(self.world.users[int(option["value"])])
            users |= self._resolved_users(channel, option.get("options") or []).get("users", {})
        return {"users": users} if users else {}


def _options(command: Json, path: list[str], values: dict[str, Value]) -> list[Json]:
    declared: list[Json] = command.get("options") or []
    if path:
        inner = next(option for option in declared if option["name"] == path[0])
        nested = _options(inner, path[1:], values)
        return [{"name": path[0], "type": inner["type"], "options": nested}]
    kinds = {option["name"]: option["type"] for option in declared}
    missing = [option["name"] for option in declared if option.get("required") and option["name"] not in values]
    if missing:
        raise NotAllowedError(f"required options are missing: {', '.join(missing)}")
    return [{"name": name, "type": kinds[name], "value": value} for name, value in values.items()]


def _filled(component: Json, values: dict[str, str]) -> Json:
    """One top-level component of a modal as it comes back: rows with inputs, labels with one component, or text."""
    kind = component["type"]
    base: Json = {"type": kind, "id": component.get("id", 1)}
    if kind == 1:
        return base | {"components": [_answer(inner, values) for inner in component["components"]]}
    if kind == 18:
        return base | {"component": _answer(component["component"], values)}
    return base


def _answer(component: Json, values: dict[str, str]) -> Json:
    custom_id = component["custom_id"]
    value = values.get(custom_id, component.get("value") or "")
    if component.get("required", True) and not value:
        raise NotAllowedError(f"{custom_id} is required")
    low, high = component.get("min_length") or 0, component.get("max_length") or 4000
    if value and not low <= len(value) <= high:
        raise NotAllowedError(f"{custom_id} must have {low} to {high} characters")
    answer: Json = {"type": component["type"], "id": component.get("id", 1), "custom_id": custom_id}
    return answer | ({"value": value} if component["type"] == 4 else {"values": [value]})
