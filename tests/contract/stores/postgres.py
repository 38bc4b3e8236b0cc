"""A PostgreSQL for tests: the one that CHAPERONE_TEST_POSTGRES names, or a private one that lives as long as the tests run."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import make_url

from bot.stores.migrate import upgrade

_INSTALLED = Path("/usr/lib/postgresql")
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses= -c max_connections=60"
_FIRST_WITH_ICU = 15


class Server:
    """A server that gives every test a database of its own, made from one that has the tables already."""

    def __init__(self) -> None:
        self._url = os.environ.get("CHAPERONE_TEST_POSTGRES", "")
        self._home: Path | None = None
        self._template = f"chaperone_{uuid4().hex[:12]}"
        self._made = False

    async def database(self, *, empty: bool = False) -> str:
        """The URL of a new database, with the tables unless it shall be empty."""
        if not self._url:
            self._url = await self._start()
        if not self._made:
            await self._execute(f"CREATE DATABASE {self._template}")
            await upgrade(self._named(self._template))
            self._made = True
        name = f"chaperone_{uuid4().hex[:12]}"
        await self._execute(f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {self._template}"))
        return self._named(name)

    async def drop(self, url: str) -> None:
        await self._execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def stop(self) -> None:
        """End the private server by its id; give a server of others its space back."""
        if self._home is None:
            if self._made:
                asyncio.run(self._execute(f"DROP DATABASE {self._template} WITH (FORCE)"))
            return
        pid_file = self._home / "data" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
        patience = time.monotonic() + 10
        while pid_file.exists() and time.monotonic() < patience:
            time.sleep(0.02)
        shutil.rmtree(self._home)

    def _named(self, database: str) -> str:
        return make_url(self._url).set(database=database).render_as_string(hide_password=False)

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self._url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def _start(self) -> str:
        binaries = _newest_binaries()
        home = self._home = Path(tempfile.mkdtemp(prefix="chaperone-pg-"))
        # A dictionary's order, unlike that of bytes: what must be compared byte by byte shows up where it is not.
        icu = ("--locale-provider=icu", "--icu-locale=en-US") if _major(binaries) >= _FIRST_WITH_ICU else ()
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(home, user.pw_uid, user.pw_gid)
        await self._run(
            binaries / "initdb",
            "-D",
            home / "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
            *icu,
        )
        options = f"-k {home} {_FAST}"
        await self._run(binaries / "pg_ctl", "-D", home / "data", "-w", "-l", home / "log", "-o", options, "start")
        return f"postgresql://postgres@/postgres?host={home}"

    async def _run(self, *command: str | Path) -> None:
        """Run a command of PostgreSQL's, as its own user where the tests run as root, which it refuses."""
        user, groups = ("postgres", ()) if os.geteuid() == 0 else (None, None)
        nowhere = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *command, cwd="/", stdout=nowhere, stderr=nowhere, user=user, group=user, extra_groups=groups
        )
        assert await process.wait() == 0, f"{command[0]} failed"


def _newest_binaries() -> Path:
    versions = sorted((path for path in _INSTALLED.glob("*/bin") if (path / "initdb").exists()), key=_major)
    if not versions:
        pytest.skip(
            "no PostgreSQL: name one in CHAPERONE_TEST_POSTGRES (an admin's URL), or install Debian's package postgresql"
        )
    return versions[-1]


def _major(binaries: Path) -> int:
    return int(binaries.parent.name.split(".", maxsplit=1)[0])
