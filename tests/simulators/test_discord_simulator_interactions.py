"""Buttons, modals, commands and menus, answered by unmodified discord.py."""

import re
from datetime import timedelta
from typing import Self

import discord
import pytest
from discord import app_commands

from tests.simulators.discord import (
    CallbackType,
    Channel,
    DiscordSimulator,
    Guild,
    MessageFlag,
    MessageType,
    NotAllowedError,
    Permission,
    User,
)
from tests.simulators.discord.client import running

pytest_plugins = ["tests.simulators.discord.fixtures"]


class ReviewButton(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"review:(?P<case>[0-9]+)"):
    """A persistent button whose case number stands in its id."""

    def __init__(self, case: int) -> None:
        button: discord.ui.Button[discord.ui.View] = discord.ui.Button(label="Review", custom_id=f"review:{case}")
        super().__init__(button)
        self.case = case

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[discord.ui.View], match: re.Match[str]
    ) -> Self:
        return cls(int(match["case"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(f"Case {self.case} goes to a person.")
        await interaction.followup.send("You will hear from us.", ephemeral=True)


class Why(discord.ui.Modal, title="Why?"):
    """Asks for a reason."""

    reason: discord.ui.TextInput[Self] = discord.ui.TextInput(label="Reason", custom_id="reason", max_length=200)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Noted: {self.reason.value}", ephemeral=True)


class Bot(discord.Client):
    """A button, a report menu that opens a modal, and a command with a subcommand."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, messages=True)
        super().__init__(intents=intents, guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        self.reported: list[str] = []

    async def setup_hook(self) -> None:
        self.add_dynamic_items(ReviewButton)
        self.tree.add_command(app_commands.ContextMenu(name="Report", callback=self.report))
        policy = app_commands.Group(
            name="policy", description="The policy", default_permissions=discord.Permissions(manage_guild=True)
        )
        policy.add_command(app_commands.Command(name="try", description="Try a text", callback=self.attempt))
        self.tree.add_command(policy)
        await self.tree.sync()

    async def report(self, interaction: discord.Interaction, message: discord.Message) -> None:
        self.reported.append(message.content)
        await interaction.response.send_modal(Why())

    async def attempt(self, interaction: discord.Interaction, text: str) -> None:
        await interaction.response.send_message(f"Would hide: {text}")


async def post_button(client: discord.Client, channel: Channel, case: int) -> discord.Message:
    view = discord.ui.View(timeout=None)
    view.add_item(ReviewButton(case))
    found = client.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    return await found.send("hidden", view=view)


async def post_plain_button(client: discord.Client, channel: Channel) -> discord.Message:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Press", custom_id="press"))
    found = client.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    return await found.send("press it", view=view)


async def test_persistent_button_defers_then_follows_up(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    async with running(sim, Bot()) as client:
        sent = await post_button(client, general, 42)
    async with running(sim, Bot()):
        message = general.messages[sent.id]
        interaction = sim.click(ann, message, "review:42")
        await sim.answer(interaction)
        await sim.until(lambda: interaction.followups)
    assert interaction.callback is CallbackType.DEFERRED_MESSAGE
    assert interaction.original is not None
    assert interaction.original.content == "Case 42 goes to a person."
    assert interaction.original.ephemeral_for == ann.id
    assert not interaction.original.flags & MessageFlag.LOADING
    assert [reply.content for reply in interaction.followups] == ["You will hear from us."]
    assert [stored.content for stored in sim.history(general)] == ["hidden"]


async def test_button_in_a_direct_message(sim: DiscordSimulator, ann: User) -> None:
    async with running(sim, Bot()) as client:
        view = discord.ui.View(timeout=None)
        view.add_item(ReviewButton(7))
        await (await client.fetch_user(ann.id)).send("a note", view=view)
        interaction = sim.click(ann, sim.direct_messages(ann)[0], "review:7")
        reply = await sim.replied(interaction)
    assert reply.content == "Case 7 goes to a person."


async def test_report_menu_has_content_without_the_intent_and_opens_a_modal(
    sim: DiscordSimulator, ann: User, general: Channel
) -> None:
    sim.application.message_content = False
    client = Bot()
    async with running(sim, client):
        message = sim.post(ann, general, "somebody's results")
        opened = await sim.answer(sim.context_menu(ann, message, "Report"))
        assert opened.modal is not None
        assert opened.modal["title"] == "Why?"
        with pytest.raises(NotAllowedError):
            sim.submit_modal(opened, {})
        submitted = sim.submit_modal(opened, {"reason": "not hers to tell"})
        reply = await sim.replied(submitted)
    assert client.reported == ["somebody's results"]
    assert (reply.content, reply.ephemeral_for) == ("Noted: not hers to tell", ann.id)


async def test_slash_subcommand_obeys_its_permissions(
    sim: DiscordSimulator, guild: Guild, ann: User, general: Channel
) -> None:
    admin = sim.add_user("admin")
    sim.join(admin, guild, sim.add_role(guild, "admins", Permission.MANAGE_GUILD))
    async with running(sim, Bot()):
        with pytest.raises(NotAllowedError):
            sim.slash(ann, general, "policy try", {"text": "x"})
        with pytest.raises(LookupError):
            sim.slash(admin, general, "nothing")
        reply = await sim.replied(sim.slash(admin, general, "policy try", {"text": "a leak"}))
    assert reply.content == "Would hide: a leak"
    assert reply.kind == MessageType.CHAT_INPUT_COMMAND
    assert reply in sim.history(general)


async def test_late_and_second_answers_are_refused(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    outcomes: list[int] = []

    class Slow(discord.Client):
        async def on_interaction(self, interaction: discord.Interaction) -> None:
            if not outcomes:
                sim.clock.advance(timedelta(seconds=4))
            try:
                await interaction.response.defer()
                interaction.response._response_type = None
                await interaction.response.defer()
            except discord.HTTPException as error:
                outcomes.append(error.code)

    async with running(sim, Slow(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)) as client:
        sent = await post_plain_button(client, general)
        message = general.messages[sent.id]
        sim.click(ann, message, "press")
        await sim.until(lambda: outcomes)
        sim.click(ann, message, "press")
        await sim.until(lambda: len(outcomes) == 2)
    assert outcomes == [10062, 40060]


async def test_token_dies_after_fifteen_minutes(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    codes: list[int] = []

    class Late(discord.Client):
        async def on_interaction(self, interaction: discord.Interaction) -> None:
            await interaction.response.defer()
            sim.clock.advance(timedelta(minutes=16))
            try:
                await interaction.followup.send("too late")
            except discord.HTTPException as error:
                codes.append(error.code)

    async with running(sim, Late(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)) as client:
        sent = await post_plain_button(client, general)
        sim.click(ann, general.messages[sent.id], "press")
        await sim.until(lambda: codes)
    assert codes == [50027]


async def test_update_answer_edits_the_buttons_message(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    class Editing(discord.Client):
        async def on_interaction(self, interaction: discord.Interaction) -> None:
            await interaction.response.edit_message(content="decided", view=None)

    async with running(sim, Editing(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)) as client:
        sent = await post_plain_button(client, general)
        message = general.messages[sent.id]
        await sim.answer(sim.click(ann, message, "press"))
    assert (message.content, message.components) == ("decided", [])
    with pytest.raises(LookupError):
        sim.click(ann, message, "press")


async def test_nobody_else_presses_an_ephemeral_button(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    class Private(discord.Client):
        async def on_interaction(self, interaction: discord.Interaction) -> None:
            view = discord.ui.View(timeout=None)
            view.add_item(discord.ui.Button(label="Mine", custom_id="mine"))
            await interaction.response.send_message("only you", view=view, ephemeral=True)

    other = sim.add_user("other")
    sim.join(other, sim.world.home(general))
    async with running(sim, Private(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)) as client:
        sent = await post_plain_button(client, general)
        interaction = await sim.answer(sim.click(ann, general.messages[sent.id], "press"))
    assert interaction.original is not None
    with pytest.raises(NotAllowedError):
        sim.click(other, interaction.original, "mine")


async def test_user_menu_names_its_target(sim: DiscordSimulator, guild: Guild, ann: User, general: Channel) -> None:
    targets: list[str] = []

    class Menus(discord.Client):
        async def setup_hook(self) -> None:
            tree = app_commands.CommandTree(self)
            tree.add_command(app_commands.ContextMenu(name="Who", callback=self.who))
            await tree.sync()

        async def who(self, interaction: discord.Interaction, user: discord.User) -> None:
            targets.append(user.name)
            await interaction.response.send_message("seen", ephemeral=True)

    async with running(sim, Menus(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)):
        await sim.replied(sim.user_menu(ann, general, ann, "Who"))
    assert targets == ["ann"]
