"""The scenes, and the check that the model understands what is said in them."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.domain.message import PlatformName
from tests.e2e.base import Scene
from tests.e2e.messages import SURE, chat
from tests.e2e.process import run_command
from tests.e2e.scene import SCENES


@pytest.fixture(scope="session", autouse=True)
def understood() -> None:
    """Nothing here means anything if the shipped model does not understand these messages."""
    cases = [{"id": "", "text": sure.text, "room": "practice", "author": "member"} for sure in SURE]
    lines = "\n".join(json.dumps(case) for case in cases)
    status, out, err = asyncio.run(run_command("read", environment=os.environ, stdin=lines.encode()))
    assert status == 0, err
    for sure, line in zip(SURE, out.splitlines(), strict=True):
        read = json.loads(line)
        labels = set(read["labels"])
        assert sure.yes <= labels, f"'chaperone read' misses {sure.yes - labels}: {sure.text}"
        assert not sure.no & labels, f"'chaperone read' sees {sure.no & labels}: {sure.text}"
        assert not sure.redacted or read["redacted"] != sure.text, f"'chaperone read' can't redact: {sure.text}"


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=list(SCENES), ids=str)
async def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """One scene for the tests of a file."""
    platform: PlatformName = request.param
    async with SCENES[platform](tmp_path_factory.mktemp(platform)) as scene:
        scene.ancient = scene.say(scene.person("old"), chat())
        yield scene


@pytest_asyncio.fixture(loop_scope="module")
async def scene(stage: Scene) -> Scene:
    """The file's scene with the bot at work; a test that stopped it left it to the next one to start it again."""
    if not stage.bot.running:
        await stage.start()
    return stage
