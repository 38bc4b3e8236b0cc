"""Permissions are computed as documented: base, overwrites in order, implicit denials, threads, time-outs."""

from datetime import timedelta

import pytest

from tests.simulators.discord import Channel, ChannelType, DiscordSimulator, Guild, NotAllowedError, Permission, User

pytest_plugins = ["tests.simulators.discord.fixtures"]

POST = Permission.SEND_MESSAGES
VIEW = Permission.VIEW_CHANNEL


async def test_overwrites_apply_in_the_documented_order(
    sim: DiscordSimulator, guild: Guild, ann: User, general: Channel
) -> None:
    everyone = guild.roles[guild.id]
    muted, helper = sim.add_role(guild, "muted"), sim.add_role(guild, "helper")
    sim.set_roles(ann, guild, muted, helper)
    steps = (
        (everyone, 0, POST, False),
        (helper, POST, 0, True),
        (muted, 0, POST, True),
        (ann, 0, POST, False),
        (ann, POST, 0, True),
    )
    for who, allow, deny, may in steps:
        sim.overwrite(general, who, allow=allow, deny=deny)
        assert bool(sim.world.allowed(ann, general) & POST) is may


async def test_administrator_and_owner_pass_overwrites(
    sim: DiscordSimulator, guild: Guild, ann: User, general: Channel
) -> None:
    sim.overwrite(general, guild.roles[guild.id], deny=VIEW)
    assert sim.world.allowed(ann, general) == 0
    sim.set_roles(ann, guild, sim.add_role(guild, "admins", Permission.ADMINISTRATOR))
    owner = sim.world.users[guild.owner_id]
    for user in (ann, owner):
        assert sim.world.allowed(user, general) & Permission.MANAGE_WEBHOOKS


async def test_no_view_denies_all_and_no_posting_denies_what_needs_it(
    sim: DiscordSimulator, ann: User, general: Channel
) -> None:
    sim.overwrite(general, ann, deny=POST)
    granted = sim.world.allowed(ann, general)
    assert not granted & (Permission.ATTACH_FILES | Permission.EMBED_LINKS)
    assert granted & Permission.ADD_REACTIONS
    sim.overwrite(general, ann, deny=VIEW)
    assert sim.world.allowed(ann, general) == 0


async def test_threads_inherit_all_but_posting(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    thread = sim.thread(ann, general, "talk")
    sim.overwrite(general, ann, deny=POST)
    assert sim.post(ann, thread, "allowed in threads").content
    sim.overwrite(general, ann, deny=Permission.SEND_MESSAGES_IN_THREADS)
    with pytest.raises(NotAllowedError):
        sim.post(ann, thread, "not any more")
    assert sim.post(ann, general, "but here").content


async def test_timed_out_member_only_reads(sim: DiscordSimulator, guild: Guild, ann: User, general: Channel) -> None:
    sim.overwrite(general, ann, allow=POST)
    sim.time_out(ann, guild, sim.clock.now() + timedelta(hours=1), by=ann)
    assert sim.world.allowed(ann, general) == VIEW | Permission.READ_MESSAGE_HISTORY
    sim.clock.advance(timedelta(hours=2))
    assert sim.world.allowed(ann, general) & POST


async def test_category_is_visible_through_a_visible_child(sim: DiscordSimulator, guild: Guild) -> None:
    category = sim.add_channel(guild, "staff", ChannelType.CATEGORY)
    sim.hide_from_bot(category)
    assert not sim.world.payloads.bot_sees(guild, category)
    sim.add_channel(guild, "desk", parent=category)
    assert sim.world.payloads.bot_sees(guild, category)


async def test_private_thread_is_seen_by_members_and_moderators(
    sim: DiscordSimulator, guild: Guild, ann: User, general: Channel
) -> None:
    thread = sim.thread(ann, general, "quiet", private=True)
    assert sim.world.payloads.bot_sees(guild, thread)
    sim.set_bot_permissions(guild, Permission.NONE)
    assert not sim.world.payloads.bot_sees(guild, thread)
    sim.channels.join_thread(thread, sim.bot)
    assert sim.world.payloads.bot_sees(guild, thread)
