"""What ``chaperone doctor`` looks at: key, database, vault, policy, model, console, webhooks, publishers, every configured platform.

It changes nothing: no policy is put in force, no table is made, no file begun, and the reading model is not loaded.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Sequence
from pathlib import Path

import bot.reading
from bot.adapters.discord.checkup import check_discord
from bot.adapters.slack.doctor import Doctor as SlackDoctor
from bot.bootstrap.keeping import keyring_of, webhooks_of
from bot.bootstrap.looking import Seen, look
from bot.bootstrap.matching import shipped_matcher
from bot.care_sources.checkup import check_publishers
from bot.clock import SystemClock
from bot.console.who import parse_admins
from bot.domain.errors import ChaperoneError
from bot.domain.policy import Policy
from bot.policy_file.examples import with_examples
from bot.policy_file.load import Checked, check_policy, check_resolved
from bot.policy_file.problems import render
from bot.service.ports import Check, Clock
from bot.service.store import PolicyVersion
from bot.settings import Settings
from bot.stores.keyring import Keyring

#: Where the model lies. The module that loads it is not imported: its library writes files of its own as soon as it is.
MODEL = Path(bot.reading.__file__).parent / "model"


async def examine(settings: Settings, *, model: Path = MODEL) -> list[Check]:
    """Every check that can be made; one that fails does not keep the others from being made."""
    keyring, key = _key(settings)
    seen, database = await _database(settings, keyring)
    checked, _ = with_examples(check_policy(settings.chaperone_policy), shipped_matcher())
    policy = _in_force(checked, seen.policy)
    checks = [key, *database, _policy(settings.chaperone_policy, checked, seen)]
    checks += [await asyncio.to_thread(_model, model), _console(settings), _webhooks(settings, policy)]
    clock = SystemClock()
    checks += await check_publishers(policy.contacts, clock) if policy is not None else []
    return [*checks, *await _platforms(settings, clock, policy)]


def _key(settings: Settings) -> tuple[Keyring | None, Check]:
    try:
        keyring = keyring_of(settings)
    except ChaperoneError as error:
        return None, Check(subject="Key", ok=False, finding="the vault has no usable key", remedy=str(error))
    finding = f"{len(settings.chaperone_keys)} in CHAPERONE_KEYS, the first one encrypts"
    return keyring, Check(subject="Key", ok=True, finding=finding)


async def _database(settings: Settings, keyring: Keyring | None) -> tuple[Seen, list[Check]]:
    """What lies in the database, and what is to be said of it and of the keys that open it."""
    try:
        seen = await look(settings.database_url, keyring)
    except ChaperoneError as error:
        return Seen(current=False), [Check(subject="Database", ok=False, finding="does not answer", remedy=str(error))]
    if not seen.current:
        remedy = "Run 'chaperone db upgrade', which makes its tables or brings them to this version."
        return seen, [Check(subject="Database", ok=False, finding="not migrated", remedy=remedy)]
    fine = Check(subject="Database", ok=True, finding="reachable and migrated")
    return seen, [fine, *([_vault(seen)] if keyring is not None else [])]


def _vault(seen: Seen) -> Check:
    if seen.shut:
        finding = f"{seen.shut} of {seen.sealed} kept texts and names open with no key in CHAPERONE_KEYS"
        remedy = "Put the key that they were encrypted with back into CHAPERONE_KEYS, behind the first one."
        return Check(subject="Vault", ok=False, finding=finding, remedy=remedy)
    finding = "what is kept opens" if seen.sealed else "nothing is kept yet"
    return Check(subject="Vault", ok=True, finding=finding)


def _in_force(checked: Checked, kept: PolicyVersion | None) -> Policy | None:
    """The policy that a start would go by."""
    said = checked.policy
    if kept is not None and (said is None or kept.instead_of == said.hash):
        said = check_resolved(kept.source, f"version {kept.hash}").policy or said
    return said


def _policy(file: Path, checked: Checked, seen: Seen) -> Check:
    """Whether the file checks, and how it stands to the version that is in force."""
    kept = seen.policy
    if checked.policy is None:
        stays = f"; version {kept.hash} stays in force" if kept is not None else ""
        mistakes = "1 mistake" if len(checked.errors) == 1 else f"{len(checked.errors)} mistakes"
        return Check(subject="Policy", ok=False, finding=f"{file} has {mistakes}{stays}", remedy=render(checked.errors))
    return Check(subject="Policy", ok=True, finding=f"{file} checks{_compared(checked.policy.hash, seen)}")


def _compared(said: str, seen: Seen) -> str:
    kept = seen.policy
    if not seen.current:
        return ""
    if kept is None:
        return "; the first start puts it in force"
    if kept.hash == said:
        return f" and is in force: version {said}"
    if kept.instead_of == said:
        return f", but version {kept.hash} was put in its place: see 'chaperone policy versions'"
    return f"; it differs from version {kept.hash}, which was in force last: the running bot, or the next start, takes it up"


def _model(folder: Path) -> Check:
    """Whether the model's files are the ones that were measured. Reads them; loads nothing."""
    remedy = "Install Chaperone again: the file was changed or is missing."
    try:
        expected = json.loads((folder / "model.json").read_text(encoding="utf-8"))["sha256"]
        with (folder / "model.onnx").open("rb") as weights:
            intact = hashlib.file_digest(weights, "sha256").hexdigest() == expected
        intact = intact and (folder / "tokenizer.json").stat().st_size > 0
    except (OSError, ValueError, KeyError) as error:
        finding = f"can't be read ({type(error).__name__})"
        return Check(subject="Reading model", ok=False, finding=finding, remedy=remedy)
    finding = "intact" if intact else "is not the one that was shipped"
    return Check(subject="Reading model", ok=intact, finding=finding, remedy=remedy)


def _console(settings: Settings) -> Check:
    try:
        admins = parse_admins(tuple(entry.get_secret_value() for entry in settings.chaperone_admins))
    except ChaperoneError as error:
        return Check(
            subject="Web console", ok=False, finding="nobody's name and password can be used", remedy=str(error)
        )
    finding = f"open to {', '.join(sorted(admins))}" if admins else "nobody can log in: CHAPERONE_ADMINS is not set"
    return Check(subject="Web console", ok=True, finding=finding)


def _webhooks(settings: Settings, policy: Policy | None) -> Check:
    """Whether every webhook of the policy's on-call chain is configured. None is called."""
    try:
        known = webhooks_of(settings)
    except ChaperoneError as error:
        return Check(subject="Webhooks", ok=False, finding="CHAPERONE_WEBHOOKS is wrong", remedy=str(error))
    named = {step.webhook for step in policy.on_call if step.webhook} if policy is not None else set()
    if missing := sorted(named - known.keys()):
        finding = f"the policy's on_call names {', '.join(missing)}, which CHAPERONE_WEBHOOKS does not have"
        remedy = "Add name=https://… or name=pagerduty:ROUTING_KEY to CHAPERONE_WEBHOOKS."
        return Check(subject="Webhooks", ok=False, finding=finding, remedy=remedy)
    finding = f"configured: {', '.join(sorted(known))}" if known else "none is configured, and the policy names none"
    return Check(subject="Webhooks", ok=True, finding=finding)


async def _platforms(settings: Settings, clock: Clock, policy: Policy | None) -> list[Check]:
    checks: list[Check] = []
    if settings.slack_bot_token or settings.slack_app_token or settings.slack_signing_secret:
        checks += await _answered("Slack", _slack(settings, clock, policy))
    if settings.discord_token:
        checks += await _answered("Discord", check_discord(settings, clock, policy))
    if not checks:
        remedy = "Set DISCORD_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN."
        checks.append(Check(subject="Platforms", ok=False, finding="none is configured", remedy=remedy))
    return checks


async def _slack(settings: Settings, clock: Clock, policy: Policy | None) -> Sequence[Check]:
    return await SlackDoctor.of(settings, clock).check(policy)


async def _answered(platform: str, asked: Awaitable[Sequence[Check]]) -> Sequence[Check]:
    """What a platform's own checks say. One that can't be looked at does not keep the other from being looked at."""
    try:
        return await asked
    except ChaperoneError as error:
        return [Check(subject=platform, ok=False, finding="can't be looked at", remedy=str(error))]
