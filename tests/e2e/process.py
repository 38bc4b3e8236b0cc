"""The real bot as a process of its own, with its environment, its folder and everything it writes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.case import Case, CaseState
from bot.domain.message import MessageRef
from bot.stores.keyring import Keyring
from bot.stores.sql import SqlStore
from tests.e2e.forks import Fork, Streams, fork

ROOT = Path(__file__).parents[2]
POLICY = Path(__file__).parent / "policy.yaml"
#: Seconds that a start, an end or a wait may take before a test gives up.
PATIENCE = 60.0
#: What a process reads that nobody writes to.
NOTHING = Path(os.devnull)
#: What the bot logs once it has read what it missed.
CAUGHT_UP = '"action": "caught_up"'


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class BotProcess:
    """``chaperone`` commands in one folder, with one database and one key. ``extra`` adds to their environment."""

    folder: Path
    extra: dict[str, str]
    key: str = field(default_factory=Keyring.new_key)
    port: int = field(default_factory=free_port)
    _process: asyncio.subprocess.Process | Fork | None = None
    _log_before: int = 0

    @property
    def database(self) -> str:
        """Where it remembers: in its folder, unless ``extra`` says otherwise."""
        return self.extra.get("DATABASE_URL", f"sqlite:///{self.folder / 'bot.db'}")

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every command: nothing of the test's own but what Python needs."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "DATABASE_URL": self.database,
            "CHAPERONE_KEYS": self.key,
            "CHAPERONE_POLICY": str(POLICY),
            "CHAPERONE_ADMINS": "rita:correct horse battery",
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "CHAPERONE_READ_BUDGET": "30",  # a test must not fail for a machine that has much to do
            **self.extra,
        }

    async def command(self, *words: str, stdin: bytes = b"") -> tuple[int, str, str]:
        """Run one command to its end: exit status, standard output, standard error."""
        return await run_command(*words, environment=self.environment, stdin=stdin)

    async def start(self, *words: str) -> None:
        """Start ``chaperone run``, the first time as a Python of its own; its logs go on in ``bot.log``."""
        self._log_before = len(self.log)
        path = self.folder / "bot.log"
        if self._process is not None:
            self._process = fork(["run", *words], self.environment, Streams(NOTHING, path, path))
            return
        with path.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", *words), cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """The process id; 0 where it was never started."""
        return 0 if self._process is None else self._process.pid

    def kill(self) -> None:
        """SIGKILL, at once, as when a machine loses power."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM, and wait for a graceful end; the exit status."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        """Wait until it ends by itself or after ``kill``; the exit status."""
        return 0 if self._process is None else await asyncio.wait_for(self._process.wait(), PATIENCE)

    async def cases(self) -> Sequence[Case]:
        """Every case there is, open or closed."""
        async with self.store() as store:
            return await store.cases.listed(frozenset(CaseState), 1000)

    async def case_of(self, message: MessageRef) -> Case | None:
        """The newest case about the message."""
        async with self.store() as store:
            return await store.cases.of_message(message)

    @asynccontextmanager
    async def store(self) -> AsyncIterator[SqlStore]:
        """Its database, looked at from outside."""
        store = SqlStore.open(self.database, Keyring.from_texts([self.key]))
        try:
            yield store
        finally:
            await store.close()

    @property
    def written(self) -> bytes:
        """Every byte of every file in its folder: logs, database, write-ahead log."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())

    @property
    def log(self) -> str:
        """What it has logged in all its lives."""
        path = self.folder / "bot.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def reader_pid(self) -> int:
        """The process that reads for it now; 0 while none is loaded yet."""
        loaded = [json.loads(line) for line in self.log[self._log_before :].splitlines() if '"reader_loaded"' in line]
        return int(loaded[-1]["pid"]) if loaded else 0

    @property
    def times_caught_up(self) -> int:
        """How often it has caught up since the last start."""
        return self.log.count(CAUGHT_UP, self._log_before)


async def run_command(*words: str, environment: Mapping[str, str], stdin: bytes = b"") -> tuple[int, str, str]:
    """Run one ``chaperone`` command to its end: exit status, standard output, standard error."""
    with TemporaryDirectory() as folder:
        streams = Streams(*(Path(folder, name) for name in ("in", "out", "err")))
        streams.stdin.write_bytes(stdin)
        process = fork(words, environment, streams)
        try:
            status = await asyncio.wait_for(process.wait(), PATIENCE)
        except TimeoutError:
            process.send_signal(signal.SIGKILL)
            await process.wait()
            raise
        return status, streams.stdout.read_text(encoding="utf-8"), streams.stderr.read_text(encoding="utf-8")


@asynccontextmanager
async def bot_process(folder: Path, extra: dict[str, str]) -> AsyncIterator[BotProcess]:
    """A bot with a migrated database, not started; killed at the end if it still runs."""
    bot = BotProcess(folder, extra)
    status, _, err = await bot.command("db", "upgrade")
    assert status == 0, err
    try:
        yield bot
    finally:
        bot.kill()
        await bot.ended()
