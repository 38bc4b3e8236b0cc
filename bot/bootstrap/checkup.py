"""What ``chaperone doctor`` looks at: settings, key, database, policy, and every configured platform."""

from __future__ import annotations

from bot.bootstrap.connecting import discord, slack
from bot.bootstrap.house import House
from bot.bootstrap.opening import keyring_of, open_parts, open_store
from bot.domain.errors import ChaperoneError, PolicyError
from bot.policy_file.load import check_policy
from bot.policy_file.problems import render
from bot.service.ports import Check
from bot.service.store import PolicyVersion
from bot.settings import Settings
from bot.stores.migrate import is_current


async def examine(settings: Settings) -> list[Check]:
    """Every check that can be made; one that fails does not keep the others from being made."""
    checks = [_key(settings), await _database(settings)]
    opens = all(check.ok for check in checks)
    checks.append(_policy(settings, await _kept(settings) if opens else None))
    return [*checks, *await _platforms(settings)] if opens else checks


def _key(settings: Settings) -> Check:
    try:
        keyring_of(settings)
    except ChaperoneError as error:
        return Check(subject="Key", ok=False, finding="the vault has no usable key", remedy=str(error))
    return Check(
        subject="Key", ok=True, finding=f"{len(settings.chaperone_keys)} in CHAPERONE_KEYS, the first one encrypts"
    )


async def _database(settings: Settings) -> Check:
    try:
        current = await is_current(settings.database_url)
    except ChaperoneError as error:
        return Check(subject="Database", ok=False, finding="does not answer", remedy=f"{error} Look at DATABASE_URL.")
    remedy = "Run 'chaperone db upgrade'."
    return Check(
        subject="Database", ok=current, finding="reachable and migrated" if current else "not migrated", remedy=remedy
    )


async def _kept(settings: Settings) -> PolicyVersion | None:
    """The version that was in force last."""
    store = await open_store(settings)
    try:
        return await store.memory.newest_policy()
    finally:
        await store.close()


def _policy(settings: Settings, kept: PolicyVersion | None) -> Check:
    file, checked = settings.chaperone_policy, check_policy(settings.chaperone_policy)
    if checked.errors:
        stays = f"; version {kept.hash} stays in force" if kept is not None else ""
        mistakes = "1 mistake" if len(checked.errors) == 1 else f"{len(checked.errors)} mistakes"
        finding = f"{file} has {mistakes}{stays}"
        return Check(subject="Policy", ok=False, finding=finding, remedy=render(checked.errors))
    said = checked.policy.hash if checked.policy is not None else ""
    if kept is not None and kept.instead_of == said:
        finding = f"{file} checks, but version {kept.hash} was put in its place: see 'chaperone policy versions'"
        return Check(subject="Policy", ok=True, finding=finding)
    return Check(subject="Policy", ok=True, finding=f"{file} checks")


async def _platforms(settings: Settings) -> list[Check]:
    try:
        house = House(await open_parts(settings))
    except PolicyError:
        return []  # there is no policy at all, of which the policy's own check tells
    checks: list[Check] = []
    try:
        if settings.slack_bot_token:
            checks += await slack(settings, house).platform.check()
        if settings.discord_token:
            adapter = discord(settings, house)
            try:
                checks += await adapter.platform.check()
            finally:
                await adapter.close()
    finally:
        await house.close()
    if not checks:
        remedy = "Set DISCORD_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN."
        checks.append(Check(subject="Platforms", ok=False, finding="none is configured", remedy=remedy))
    return checks
