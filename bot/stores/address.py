"""DATABASE_URL, as people and hosts write it, turned into the address that the drivers understand."""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.domain.errors import SettingsError

_BACKENDS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",  # as Heroku and others write it
}
#: What hosts add for libpq; asyncpg would hand them on to the server, which does not know them.
_LIBPQ_ONLY = ("channel_binding", "gssencmode", "connect_timeout", "keepalives", "target_session_attrs")


def async_url(text: str) -> URL:
    """The address for SQLAlchemy's asynchronous drivers. Raises SettingsError, which does not repeat the address: it has a password."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise _wrong("it can't be understood") from None
    driver = _BACKENDS.get(url.drivername)
    if driver is None:
        raise _wrong("only SQLite and PostgreSQL are known")
    return _checked(url.set(drivername=driver))


def libpq_url(url: URL) -> str:
    """The address of a PostgreSQL server as asyncpg reads it, which knows ``sslmode`` and most of libpq's options by itself."""
    plain = url.set(drivername="postgresql").difference_update_query(_LIBPQ_ONLY)
    return plain.render_as_string(hide_password=False)


def _checked(url: URL) -> URL:
    if url.get_backend_name() == "sqlite":
        if url.query or url.host:
            raise _wrong(
                "after sqlite: come three slashes and a path, or four and a path from the root, and nothing else"
            )
        if url.database in (None, "", ":memory:"):
            raise _wrong("it names no file, and a database in memory forgets every hidden message")
    elif not url.database:
        raise _wrong("it names no database")
    return url


def _wrong(why: str) -> SettingsError:
    return SettingsError(
        f"DATABASE_URL is wrong: {why}. It looks like sqlite:///chaperone.db or postgresql://user:password@host/name."
    )
