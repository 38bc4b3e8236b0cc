"""Walking over everything that is sealed, to seal it anew or to take something out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, bindparam, select, true, update

from bot.domain.errors import VaultError
from bot.stores.engine import Database
from bot.stores.schema import cases, inbox, vault
from bot.stores.seals import INBOX, NAME, VAULT

#: So many rows are rewritten in one transaction, so that others who write need not wait long.
_STEP = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedColumn:
    """A column of sealed values, the column that identifies their rows, and the kind that they are sealed as."""

    kind: str
    row: Column[str]
    sealed: Column[bytes]


WAITING = SealedColumn(kind=INBOX, row=inbox.c.key, sealed=inbox.c.sealed)
TEXTS = SealedColumn(kind=VAULT, row=vault.c.case_id, sealed=vault.c.sealed)
NAMES = SealedColumn(kind=NAME, row=cases.c.id, sealed=cases.c.sealed_name)

_ALL = true()


async def rewrite(
    database: Database,
    column: SealedColumn,
    change: Callable[[str, bytes], bytes],
    only: ColumnElement[bool] = _ALL,
) -> tuple[int, int]:
    """Put ``change(row, sealed)`` in the place of each sealed value, some rows at a time; how many were, and how many no key opens."""
    done, shut, last = 0, 0, ""
    rows_left = select(column.row.label("row"), column.sealed.label("sealed")).where(column.sealed.is_not(None), only)
    replace = update(column.row.table).where(column.row == bindparam("at_row"))
    while True:
        step = rows_left.where(column.row > last).order_by(column.row).limit(_STEP).with_for_update()
        async with database.transaction() as connection:
            rows = (await connection.execute(step)).all()
            fresh = [
                {"at_row": row.row, "fresh": changed}
                for row in rows
                if (changed := _changed(change, row.row, row.sealed))
            ]
            if fresh:
                await connection.execute(replace.values({column.sealed.name: bindparam("fresh")}), fresh)
        done, shut = done + len(fresh), shut + len(rows) - len(fresh)
        if not rows:
            return done, shut
        last = rows[-1].row


def _changed(change: Callable[[str, bytes], bytes], row: str, sealed: bytes) -> bytes | None:
    try:
        return change(row, sealed)
    except VaultError:
        return None
