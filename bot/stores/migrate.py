"""Making the tables, and bringing them up to this version's: the only place that loads Alembic."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, func, select

from bot.stores.engine import Database, StoreError

#: Two processes that upgrade at once take turns by this number. It means nothing but must never change.
_TURN = 8_245_011_937


async def upgrade(url: str) -> None:
    """Make the tables at a DATABASE_URL, or bring them up to this version's; all or nothing. Harmless where nothing is to do.

    Raises SettingsError, and StoreError where the database can't be reached or was written by a later version.
    """
    database = Database(url)
    try:
        async with database.transaction() as connection:
            if not database.on_sqlite:  # on SQLite the transaction itself is the turn
                await connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
            await connection.run_sync(_upgrade)
    finally:
        await database.close()


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise StoreError(
            "The database was written by a later version of Chaperone. Install that one or a later one."
        ) from None


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "bot.stores:migrations")
    return config
