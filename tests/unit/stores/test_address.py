from __future__ import annotations

import pytest

from bot.domain.errors import SettingsError
from bot.stores.address import async_url, libpq_url


@pytest.mark.parametrize(
    ("text", "driver", "database"),
    [
        ("sqlite:///chaperone.db", "sqlite+aiosqlite", "chaperone.db"),
        ("sqlite:////var/lib/chaperone.db", "sqlite+aiosqlite", "/var/lib/chaperone.db"),
        ("postgresql://user:pw@host/name", "postgresql+asyncpg", "name"),
        ("postgres://user:pw@host:5433/name", "postgresql+asyncpg", "name"),
    ],
)
def test_addresses_are_turned_into_those_of_the_drivers(text: str, driver: str, database: str) -> None:
    url = async_url(text)

    assert (url.drivername, url.database) == (driver, database)


def test_what_hosts_add_for_libpq_is_understood_or_left_out() -> None:
    url = async_url("postgres://user:p%40w@host:5433/name?sslmode=require&channel_binding=require")

    assert libpq_url(url) == "postgresql://user:p%40w@host:5433/name?sslmode=require"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "chaperone.db",
        "mysql://user:s3cret@host/name",
        "postgresql://user:s3cret@host:port/name",
        "postgresql://user:s3cret@host",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://host/file.db",
        "sqlite:///file.db?mode=ro",
    ],
)
def test_a_wrong_address_is_explained_without_its_password(text: str) -> None:
    with pytest.raises(
        SettingsError, match=r"DATABASE_URL is wrong: .* sqlite:///chaperone.db or postgresql://"
    ) as caught:
        async_url(text)
    assert "s3cret" not in str(caught.value)
