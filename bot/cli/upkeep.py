"""``chaperone keys`` and ``chaperone db``."""

from __future__ import annotations

import asyncio

import typer
from rich.console import Console

from bot.bootstrap.keeping import open_store
from bot.settings import load_settings
from bot.stores.keyring import Keyring
from bot.stores.migrate import upgrade

keys = typer.Typer(help="Keys of the vault.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)
_err = Console(stderr=True)


@keys.command()
def new() -> None:
    """Print a fresh key for CHAPERONE_KEYS. Keep it as safe as the data it guards."""
    print(Keyring.new_key())
    _err.print(
        "Put it first in CHAPERONE_KEYS; older keys stay behind it, divided by commas, until 'chaperone keys rotate' is done."
    )


@keys.command()
def rotate() -> None:
    """Encrypt everything kept anew with the first key; after that the older keys can go."""

    async def run() -> int:
        store = await open_store(load_settings())
        try:
            return await store.vault.reseal()
        finally:
            await store.close()

    _err.print(
        f"{asyncio.run(run())} texts are encrypted with the first key now. The older keys can be removed from CHAPERONE_KEYS."
    )


@db.command("upgrade")
def upgrade_() -> None:
    """Make the tables, or bring them to this version. Safe to repeat, and to run by two processes at once."""
    asyncio.run(upgrade(load_settings().database_url))
    _err.print("The database is up to date.")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(keys, name="keys")
    app.add_typer(db, name="db")
