"""What a PaaS runs: the three lines of the Procfile, as processes of their own on one PostgreSQL."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from bot.domain.case import CaseState, Verb
from tests.contract.stores.postgres import Server
from tests.e2e.messages import leak
from tests.e2e.on_slack import slack_scene
from tests.e2e.process import PATIENCE, ROOT, BotProcess

pytestmark = pytest.mark.postgres
_PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture
async def database(server: Server) -> AsyncIterator[str]:
    url = await server.database(empty=True)
    yield url
    await server.drop(url)


def words(process: str, *begin: str) -> list[str]:
    """What the Procfile has the command do, after the words it has to begin with."""
    command = shlex.split(_PROCFILE[process])
    assert command[: len(begin) + 1] == ["chaperone", *begin]
    return command[len(begin) + 1 :]


async def healthy(client: httpx.AsyncClient) -> None:
    """Wait until the web process answers."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                if (await client.get("/healthz")).is_success:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)


async def test_web_takes_what_comes_and_people_decide_there_while_the_worker_acts(
    database: str, tmp_path: Path
) -> None:
    async with slack_scene(tmp_path) as scene:
        worker = scene.bot
        del worker.extra["SLACK_APP_TOKEN"]
        worker.extra["SLACK_SIGNING_SECRET"] = scene.sim.world.app.signing_secret
        worker.extra["DATABASE_URL"] = database
        web = BotProcess(tmp_path / "web", worker.extra, key=worker.key)
        web.folder.mkdir()
        address = f"http://127.0.0.1:{web.port}"
        scene.sim.use_http(f"{address}/slack/events")
        try:
            assert (await web.command(*words("release")))[0] == 0
            await web.start(*words("web", "run"))
            async with httpx.AsyncClient(base_url=address, headers={"Sec-Fetch-Site": "same-origin"}) as client:
                await healthy(client)

                early = scene.say(scene.person(), leak())
                await scene.sim.settle(PATIENCE)
                assert scene.visible(early)
                await worker.start(*words("worker", "run"))
                await scene.assert_done_once(early)

                worker.kill()
                await worker.ended()
                late = scene.say(scene.person(), leak())
                await scene.sim.settle(PATIENCE)
                await worker.start(*words("worker", "run"))
                await scene.assert_done_once(late)

                assert (
                    await client.post("/login", data={"name": "rita", "password": "correct horse battery"})
                ).is_redirect
                case = await scene.case(late)
                assert (await client.post(f"/cases/{case.id}/{Verb.RESTORE}")).is_redirect
                await scene.until(lambda: any(leak() in text for text in scene.shown(late.room)))
                assert (await scene.case(late)).state is CaseState.RESTORED
            assert (await worker.stop(), await web.stop()) == (0, 0)
        finally:
            for process in (worker, web):
                process.kill()
                await process.ended()
            assert not [text for text in (web.log, worker.log) if "Whitfield" in text]
