"""The store, its keys and the webhooks, as the settings name them: what a command needs that reads no text and loads no model."""

from __future__ import annotations

from bot.care_sources.pager import Webhook, parse_webhooks
from bot.domain.errors import SettingsError
from bot.settings import Settings
from bot.stores.keyring import Keyring
from bot.stores.revision import is_current
from bot.stores.sql import SqlStore


async def open_store(settings: Settings) -> SqlStore:
    """The store that the settings name. Raises SettingsError where there is no key, or the database is not migrated."""
    keyring = keyring_of(settings)
    if not await is_current(settings.database_url):
        raise SettingsError("DATABASE_URL names a database that is not migrated. Run 'chaperone db upgrade' first.")
    return SqlStore.open(settings.database_url, keyring)


def keyring_of(settings: Settings) -> Keyring:
    """The ring of CHAPERONE_KEYS. Raises SettingsError where there is no key."""
    return Keyring.from_texts([key.get_secret_value() for key in settings.chaperone_keys])


def webhooks_of(settings: Settings) -> dict[str, Webhook]:
    """The webhooks of CHAPERONE_WEBHOOKS by name. Raises SettingsError where one is malformed."""
    return parse_webhooks([entry.get_secret_value() for entry in settings.chaperone_webhooks])
