"""``chaperone`` itself, without a command."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

_COMMAND = Path(sys.executable).with_name("chaperone")


async def run(*words: str) -> tuple[int | None, str, str]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(_COMMAND, *words, stdout=pipe, stderr=pipe)
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_it_says_which_version_it_is() -> None:
    assert await run("--version") == (0, f"chaperone {version('chaperone')}\n", "")


@pytest.mark.parametrize("words", [(), ("--help",)])
async def test_it_lists_its_commands(words: tuple[str, ...]) -> None:
    _, out, err = await run(*words)

    for command in ("run", "try", "doctor", "manifest", "read", "decide", "cases", "person", "policy", "keys", "db"):
        assert f" {command} " in out + err


async def test_a_word_that_is_no_command_is_named() -> None:
    status, _, err = await run("modrate")

    assert status == 2
    assert "modrate" in err


async def test_bytes_that_are_no_text_do_not_keep_the_other_lines_unread() -> None:
    pipe = asyncio.subprocess.PIPE
    latin = {
        "PATH": os.environ["PATH"],
        "PYTHONIOENCODING": "ascii:strict",
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
    }
    process = await asyncio.create_subprocess_exec(_COMMAND, "read", stdin=pipe, stdout=pipe, stderr=pipe, env=latin)
    good = '{"id": "c\u00e9", "text": "hello", "room": "community", "author": "member"}'
    bad = b'{"id": "c1", "text": "\xff", "room": "community", "author": "member"}'

    out, err = await process.communicate(bad + b"\n" + good.encode())

    first, second = (json.loads(line) for line in out.decode().splitlines())
    assert first == {"error": "not text: half a surrogate pair is no character", "line": 1}
    assert (second["id"], err) == ("c\u00e9", b"")
