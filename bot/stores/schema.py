"""The tables. Times are whole microseconds since 1970 UTC; whatever holds text or a name is a sealed column, nothing else does.

Text is compared byte by byte (collation "C" on PostgreSQL, as SQLite and Python do by themselves), because watermarks are compared as
strings and a dictionary's order would put them wrongly.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    TypeDecorator,
)
from sqlalchemy import Text as AnyText

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as whole microseconds since 1970 UTC: exact, and the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To microseconds. Raises TypeError where the time is naive."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """From microseconds."""
        return None if value is None else _EPOCH + value * _MICROSECOND


Text = AnyText().with_variant(AnyText(collation="C"), "postgresql")
_Number = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

#: ``sealed`` is empty once the message is finished: the row then only remembers that this revision is known, ``put_at`` since when.
inbox = Table(
    "inbox",
    metadata,
    Column("seq", _Number, Identity(), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("platform", Text),
    Column("workspace", Text),
    Column("author", Text),
    Column("put_at", Moment, nullable=False),
    Column("free_at", Moment, nullable=False),
    Column("sealed", LargeBinary),
)
_waits = inbox.c.sealed.is_not(None)
Index("inbox_waiting", inbox.c.put_at, inbox.c.seq, sqlite_where=_waits, postgresql_where=_waits)
_finished = inbox.c.sealed.is_(None)
Index("inbox_finished", inbox.c.put_at, sqlite_where=_finished, postgresql_where=_finished)

decisions = Table(
    "decisions",
    metadata,
    Column("seq", _Number, Identity(), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("message_key", Text, nullable=False, index=True),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("decided_at", Moment, nullable=False, index=True),
    Column("free_at", Moment, nullable=False),
    Column("strike", Float, nullable=False),
    Column("case_id", Text),
    Column("body", LargeBinary, nullable=False),
)
# The author first: were it the platform, SQLite would walk through all its decisions to find the few that are due.
Index("decisions_of_author", decisions.c.author, decisions.c.workspace, decisions.c.platform)

actions = Table(
    "actions",
    metadata,
    Column("key", Text, primary_key=True),
    Column("decision", Text, ForeignKey("decisions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("outcome", LargeBinary),
    Column("problem", Text),
)
Index("actions_due", actions.c.state, actions.c.due_at)

#: ``body`` is the case without its author's name, which lies in ``sealed_name`` until it is erased.
cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("decision", Text, nullable=False, index=True),
    Column("message_key", Text, nullable=False, index=True),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("appealed_at", Moment),
    Column("closed_at", Moment),
    Column("sealed_name", LargeBinary),
    Column("body", LargeBinary, nullable=False),
)
Index("cases_queue", cases.c.state, cases.c.urgency, cases.c.opened_at)
Index("cases_of_author", cases.c.platform, cases.c.workspace, cases.c.author)

trail = Table(
    "trail",
    metadata,
    Column("seq", _Number, Identity(), primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("verb", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("detail", Text, nullable=False),
)

vault = Table(
    "vault",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("kept_at", Moment, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)

watermarks = Table(
    "watermarks",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("room", Text, primary_key=True),
    Column("position", Text, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("room", Text, primary_key=True),
    Column("message", Text, primary_key=True),
    Column("author", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
Index("posts_of_author", posts.c.platform, posts.c.workspace, posts.c.author, posts.c.at)

#: ``place`` grows each time a version is kept: the greatest is the newest.
policies = Table(
    "policies",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("place", Integer, nullable=False),
    Column("instead_of", Text),
)
