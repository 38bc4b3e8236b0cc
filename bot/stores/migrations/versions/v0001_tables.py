"""The first tables."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKeyConstraint,
    Identity,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "0001"
down_revision = None

_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _inbox()
    _decisions()
    _actions()
    _cases()
    _trail_and_vault()
    _small_things()


def _inbox() -> None:
    op.create_table(
        "inbox",
        Column("seq", _NUMBER, Identity(), nullable=False),
        _text("key"),
        Column("platform", _TEXT),
        Column("workspace", _TEXT),
        Column("author", _TEXT),
        _moment("put_at"),
        _moment("free_at"),
        Column("sealed", LargeBinary()),
        PrimaryKeyConstraint("seq"),
        UniqueConstraint("key"),
    )
    waits, done = text("sealed IS NOT NULL"), text("sealed IS NULL")
    op.create_index("inbox_waiting", "inbox", ["put_at", "seq"], sqlite_where=waits, postgresql_where=waits)
    op.create_index("inbox_finished", "inbox", ["put_at"], sqlite_where=done, postgresql_where=done)


def _decisions() -> None:
    op.create_table(
        "decisions",
        Column("seq", _NUMBER, Identity(), nullable=False),
        *[_text(name) for name in ("id", "message_key", "platform", "workspace", "author")],
        _moment("decided_at"),
        _moment("free_at"),
        Column("strike", Float(), nullable=False),
        Column("case_id", _TEXT),
        Column("body", LargeBinary(), nullable=False),
        PrimaryKeyConstraint("seq"),
        UniqueConstraint("id"),
    )
    op.create_index("decisions_of_author", "decisions", ["author", "workspace", "platform"])
    op.create_index("ix_decisions_decided_at", "decisions", ["decided_at"])
    op.create_index("ix_decisions_message_key", "decisions", ["message_key"])


def _actions() -> None:
    op.create_table(
        "actions",
        *[_text(name) for name in ("key", "decision", "state")],
        Column("attempts", Integer(), nullable=False),
        _moment("due_at"),
        Column("outcome", LargeBinary()),
        Column("problem", _TEXT),
        PrimaryKeyConstraint("key"),
        ForeignKeyConstraint(["decision"], ["decisions.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_actions_decision", "actions", ["decision"])
    op.create_index("actions_due", "actions", ["state", "due_at"])


def _cases() -> None:
    op.create_table(
        "cases",
        *[_text(name) for name in ("id", "decision", "message_key", "platform", "workspace", "author", "state")],
        Column("urgency", Integer(), nullable=False),
        _moment("opened_at"),
        Column("appealed_at", BigInteger()),
        Column("closed_at", BigInteger()),
        Column("sealed_name", LargeBinary()),
        Column("body", LargeBinary(), nullable=False),
        PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_cases_decision", "cases", ["decision"])
    op.create_index("ix_cases_message_key", "cases", ["message_key"])
    op.create_index("cases_queue", "cases", ["state", "urgency", "opened_at"])
    op.create_index("cases_of_author", "cases", ["platform", "workspace", "author"])


def _trail_and_vault() -> None:
    op.create_table(
        "trail",
        Column("seq", _NUMBER, Identity(), nullable=False),
        *[_text(name) for name in ("case_id", "verb", "by")],
        _moment("at"),
        _text("detail"),
        PrimaryKeyConstraint("seq"),
        ForeignKeyConstraint(["case_id"], ["cases.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_trail_case_id", "trail", ["case_id"])
    op.create_table(
        "vault",
        _text("case_id"),
        _moment("kept_at"),
        Column("sealed", LargeBinary(), nullable=False),
        PrimaryKeyConstraint("case_id"),
        ForeignKeyConstraint(["case_id"], ["cases.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_vault_kept_at", "vault", ["kept_at"])


def _small_things() -> None:
    op.create_table(
        "watermarks",
        *[_text(name) for name in ("platform", "workspace", "room", "position")],
        PrimaryKeyConstraint("platform", "workspace", "room"),
    )
    op.create_table(
        "posts",
        *[_text(name) for name in ("platform", "workspace", "room", "message", "author", "digest")],
        _moment("at"),
        PrimaryKeyConstraint("platform", "workspace", "room", "message"),
    )
    op.create_index("ix_posts_at", "posts", ["at"])
    op.create_index("posts_of_author", "posts", ["platform", "workspace", "author", "at"])
    op.create_table(
        "policies",
        *[_text(name) for name in ("hash", "source")],
        _moment("since"),
        Column("place", Integer(), nullable=False),
        Column("instead_of", _TEXT),
        PrimaryKeyConstraint("hash"),
    )


def _text(name: str) -> Column[str]:
    return Column(name, _TEXT, nullable=False)


def _moment(name: str) -> Column[int]:
    """Microseconds since 1970 UTC."""
    return Column(name, BigInteger(), nullable=False)
