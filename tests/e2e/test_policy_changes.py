"""The running bot follows its policy: a new rule at once, a broken file not at all, a rollback from another process."""

from __future__ import annotations

from pathlib import Path

from bot.domain.message import PlatformName
from tests.e2e.base import TEAM, Posted, Scene
from tests.e2e.process import POLICY
from tests.e2e.scene import SCENES

RULE = """
rules:
  pie:
    when: {phrases: [humble pie], roles: [member]}
    do: [hide, note, notify]
"""
SAID = "Who brought the humble pie? It was lovely."


async def test_running_bot_follows_its_policy(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY.read_text(encoding="utf-8"), encoding="utf-8")
    async with SCENES[PlatformName.SLACK](tmp_path) as scene:
        scene.bot.extra["CHAPERONE_POLICY"] = str(policy)
        await scene.start()
        harmless = _say(scene)
        await scene.settled(harmless)
        assert scene.visible(harmless)

        policy.write_text(policy.read_text(encoding="utf-8") + RULE, encoding="utf-8")
        await _changed(scene, 2)
        await scene.assert_done_once(_say(scene))

        policy.write_text("langauge: en\n", encoding="utf-8")
        await scene.until(lambda: any("langauge" in text for text in scene.shown(TEAM)))
        await scene.assert_done_once(_say(scene))

        async with scene.bot.store() as store:
            first = (await store.memory.policies())[-1].hash
        assert (await scene.bot.command("policy", "rollback", first))[0] == 0
        await _changed(scene, 3)
        await scene.until(lambda: any("rolled back" in text and first in text for text in scene.shown(TEAM)))
        again = _say(scene)
        await scene.settled(again)
        assert scene.visible(again)


def _say(scene: Scene) -> Posted:
    return scene.say(scene.person(), SAID)


async def _changed(scene: Scene, times: int) -> None:
    """Wait until the bot has put a policy in force so many times."""
    await scene.until(lambda: scene.bot.log.count("policy in force") >= times)
