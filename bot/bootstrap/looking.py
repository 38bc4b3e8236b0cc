"""The database looked at without changing anything: no table is made, no version kept, no file begun."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import VaultError
from bot.service.store import PolicyVersion
from bot.stores.address import async_url
from bot.stores.engine import Database, StoreError
from bot.stores.keyring import Keyring
from bot.stores.remembered import NEWEST_FIRST, version_of
from bot.stores.revision import is_newest
from bot.stores.rewrite import NAMES, TEXTS, WAITING, SealedColumn

#: So many sealed values are held in memory at a time.
_STEP = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What lies in a database: whether its tables are this version's and, where they are, what follows.

    ``policy`` is the version that was in force last. Of ``sealed`` texts and names, ``shut`` open with no key.
    """

    current: bool
    policy: PolicyVersion | None = None
    sealed: int = 0
    shut: int = 0


async def look(url: str, keyring: Keyring | None) -> Seen:
    """What lies at a DATABASE_URL. Without a ring nothing sealed is tried. Raises SettingsError, and StoreError where it can't be read."""
    address = async_url(url)
    if address.get_backend_name() == "sqlite":
        return await asyncio.to_thread(_look_into_file, str(address.database), keyring)
    database = Database(url)
    try:
        async with database.reading() as connection:
            return await connection.run_sync(_look, keyring)
    finally:
        await database.close()


def _look_into_file(path: str, keyring: Keyring | None) -> Seen:
    """The same for SQLite, which would make the file, or write its header, where it is opened in the usual way."""
    file = Path(path).absolute()
    if not file.exists() or not file.stat().st_size:
        return Seen(current=False)
    # Nobody has an idle file open; without that word SQLite would leave two more files beside it, to share it with others.
    how = "mode=ro" if file.with_name(f"{file.name}-wal").exists() else "immutable=1"
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(f"{file.as_uri()}?{how}", uri=True), poolclass=NullPool
    )
    try:
        with engine.connect() as connection:
            return _look(connection, keyring)
    except SQLAlchemyError as error:
        raise StoreError(
            f"The database can't be read ({type(error).__name__}). Look at DATABASE_URL: it must name a database's own file."
        ) from None


def _look(connection: Connection, keyring: Keyring | None) -> Seen:
    if not is_newest(connection):
        return Seen(current=False)
    row = connection.execute(NEWEST_FIRST.limit(1)).first()
    newest = version_of(row) if row else None
    if keyring is None:
        return Seen(current=True, policy=newest)
    opened = [opens for column in (WAITING, TEXTS, NAMES) for opens in _opens(connection, column, keyring)]
    return Seen(current=True, policy=newest, sealed=len(opened), shut=opened.count(False))


def _opens(connection: Connection, column: SealedColumn, keyring: Keyring) -> Iterator[bool]:
    """For each sealed value of a column whether a key opens it; some rows at a time."""
    rows_left = select(column.row.label("row"), column.sealed.label("sealed")).where(column.sealed.is_not(None))
    last = ""
    while rows := connection.execute(rows_left.where(column.row > last).order_by(column.row).limit(_STEP)).all():
        yield from (_opens_one(keyring, f"{column.kind} {row.row}", row.sealed) for row in rows)
        last = rows[-1].row


def _opens_one(keyring: Keyring, bound_to: str, sealed: bytes) -> bool:
    try:
        keyring.open(sealed, bound_to)
    except VaultError:
        return False
    return True
