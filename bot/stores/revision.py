"""Whether the tables are this version's."""

from __future__ import annotations

from sqlalchemy import Connection, column, inspect, select, table

from bot.stores.engine import Database

#: The last step under ``bot/stores/migrations/versions``. Written here too, since Alembic takes half a second to load.
NEWEST = "0001"
#: Where Alembic notes which step was taken last.
_NOTED = table("alembic_version", column("version_num"))


async def is_current(url: str) -> bool:
    """Whether the tables are this version's. Raises SettingsError, and StoreError where the database can't be reached."""
    database = Database(url)
    try:
        async with database.reading() as connection:
            return await connection.run_sync(is_newest)
    finally:
        await database.close()


def is_newest(connection: Connection) -> bool:
    """Whether the tables behind this connection are this version's."""
    if not inspect(connection).has_table(_NOTED.name):
        return False
    return list(connection.scalars(select(_NOTED.c.version_num))) == [NEWEST]
