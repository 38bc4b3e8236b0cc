"""From settings to the parts of a house, or one clear line about what is missing."""

from __future__ import annotations

import hashlib
import os
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
from bot.policy_file.source import PolicyFile
from bot.reading.claims import Claims
from bot.reading.encoder import Encoder
from bot.reading.identifiers import Identifiers
from bot.reading.reader import ChaperoneReader
from bot.service.care_ports import CareSources
from bot.settings import Settings
from bot.stores.keyring import Keyring
from bot.stores.migrate import upgrade
from bot.stores.sql import SqlStore

_POLICIES = Path(__file__).parents[2] / "policies"
SANDBOX_POLICY = _POLICIES / "sandbox.yaml"
CLAIMS = _POLICIES / "claims"
#: Where the sandbox keeps its database and its key.
SANDBOX_FOLDER = Path(".chaperone")


async def open_parts(settings: Settings) -> Parts:
    """Everything that the settings name, opened. Raises SettingsError or PolicyError."""
    store = await open_store(settings)
    web, clock = Web(), SystemClock()
    pager = HttpPager(web, clock, webhooks_of(settings), settings.chaperone_url)
    parts = await _parts(store, keyring_of(settings), settings.chaperone_policy, web)
    return replace(
        parts,
        read_budget=settings.chaperone_read_budget,
        care=CareSources(slots=SchedulingLinks(web, clock), pager=pager),
    )


async def open_sandbox(folder: Path, policy: Path) -> Parts:
    """A sandbox's parts in ``folder``: a database and, on the first start, a key of its own that only its owner can read."""
    keyring = Keyring.from_texts([_own_key(folder)])
    url = _database_in(folder)
    await upgrade(url)
    return await _parts(SqlStore.open(url, keyring), keyring, policy, Web())


def session_secret(parts: Parts) -> bytes:
    """What signs the console's cookies; follows from the vault's key, so that a restart logs nobody out."""
    return hashlib.sha256(b"console|" + parts.secret).digest()


def shipped_reader() -> ChaperoneReader:
    """The reader with the shipped model and the catalogue of claims."""
    return ChaperoneReader(Encoder(), Identifiers(), claims=Claims.load(CLAIMS))


async def _parts(store: SqlStore, keyring: Keyring, policy: Path, web: Web) -> Parts:
    alarm = PolicyAlarm()
    # a matcher of its own: the file's examples are tried in another thread
    policies = PolicyFile(policy, memory=store.memory, clock=SystemClock(), matcher=shipped_matcher(), team=alarm)
    await policies.start()
    return Parts(
        store=store,
        policies=policies,
        alarm=alarm,
        matcher=shipped_matcher(),
        reader=shipped_reader(),
        secret=keyring.digest_secret,
        web=web,
    )


def _own_key(folder: Path) -> str:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(Keyring.new_key())
    return path.read_text(encoding="ascii").strip()


def _database_in(folder: Path) -> str:
    return f"sqlite:///{folder.absolute()}/sandbox.db"
