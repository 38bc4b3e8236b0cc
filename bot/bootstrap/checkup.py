"""What ``chaperone doctor`` looks at: settings, key, database, policy, and every configured platform."""

from __future__ import annotations

from bot.bootstrap.connecting import discord, slack
from bot.bootstrap.house import House
from bot.bootstrap.opening import keyring_of, open_parts
from bot.domain.errors import ChaperoneError
from bot.policy_file.load import check_policy
from bot.service.ports import Check
from bot.settings import Settings
from bot.stores.migrate import is_current


async def examine(settings: Settings) -> list[Check]:
    """Every check that can be made; one that fails does not keep the others from being made."""
    checks = [_key(settings), await _database(settings), _policy(settings)]
    if all(check.ok for check in checks):
        checks += await _platforms(settings)
    return checks


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


def _policy(settings: Settings) -> Check:
    checked = check_policy(settings.chaperone_policy)
    if checked.errors:
        return Check(subject="Policy", ok=False, finding=f"{len(checked.errors)} mistakes", remedy=checked.rendered())
    return Check(subject="Policy", ok=True, finding=f"{settings.chaperone_policy} checks")


async def _platforms(settings: Settings) -> list[Check]:
    house = House(await open_parts(settings))
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
