"""Taking what waits in a table: for a time nobody else gets it, and two processes never get the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain.message import PlatformName


def lease_oldest(
    table: Table, waits: ColumnElement[bool], oldest: ColumnElement[Any], *given: ColumnElement[Any]
) -> ReturningUpdate[Any]:
    """The statement that leases rows that wait and are free, by ``oldest`` and then ``seq``; it returns these two and ``given``.

    Executed with ``lease_of``. The rows come back in no order.
    """
    free = (
        select(table.c.seq)
        .where(
            table.c.free_at <= bindparam("now"),
            table.c.platform.in_(bindparam("platforms", expanding=True)),
            waits,
        )
        .order_by(oldest, table.c.seq)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte("free")
    )
    return (
        update(table)
        .where(table.c.seq.in_(select(free.c.seq)))
        .values(free_at=bindparam("until"))
        .returning(oldest, table.c.seq, *given)
    )


def lease_of(platforms: Iterable[PlatformName], most: int, at: datetime, lease: timedelta) -> dict[str, object]:
    """What ``lease_oldest`` is executed with: so many rows on these platforms, from ``at`` on for the time of ``lease``."""
    return {"now": at, "until": at + lease, "platforms": sorted(platforms), "most": most}
