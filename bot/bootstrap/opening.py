"""From settings to the parts of a house, or one clear line about what is missing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from bot.bootstrap.alarm import PolicyAlarm
from bot.bootstrap.house import Parts
from bot.bootstrap.keeping import keyring_of, open_store, webhooks_of
from bot.bootstrap.matching import shipped_matcher
from bot.care_sources.pager import HttpPager
from bot.care_sources.scheduling_links import SchedulingLinks
from bot.care_sources.web import Web
from bot.clock import SystemClock
from bot.domain.errors import PolicyError
from bot.policy_file.source import PolicyFile
from bot.service.care_ports import CareSources
from bot.service.ports import Reader
from bot.settings import HOW, Settings
from bot.stores.keyring import Keyring
from bot.stores.sql import SqlStore


async def open_parts(settings: Settings, reader: Reader) -> Parts:
    """Everything that the settings name, opened, around this reader. Raises SettingsError or PolicyError."""
    store = await open_store(settings)
    web, clock = Web(), SystemClock()
    pager = HttpPager(web, clock, webhooks_of(settings), settings.chaperone_url)
    try:
        parts = await parts_around(store, keyring_of(settings), settings.chaperone_policy, web, reader)
    except PolicyError as error:
        raise PolicyError(f"{error}\nCHAPERONE_POLICY must be {HOW['chaperone_policy']}") from None
    return replace(
        parts,
        read_budget=settings.chaperone_read_budget,
        care=CareSources(slots=SchedulingLinks(web, clock), pager=pager),
    )


async def parts_around(store: SqlStore, keyring: Keyring, policy: Path, web: Web, reader: Reader) -> Parts:
    """The parts of a house that keeps in this store and follows this policy file. Raises PolicyError."""
    alarm = PolicyAlarm()
    # a matcher of its own: the file's examples are tried in another thread
    policies = PolicyFile(policy, memory=store.memory, clock=SystemClock(), matcher=shipped_matcher(), team=alarm)
    await policies.start()
    return Parts(
        store=store,
        policies=policies,
        alarm=alarm,
        matcher=shipped_matcher(),
        reader=reader,
        secret=keyring.digest_secret,
        web=web,
    )


def session_secret(parts: Parts) -> bytes:
    """What signs the console's cookies; follows from the vault's key, so that a restart logs nobody out."""
    return hashlib.sha256(b"console|" + parts.secret).digest()
