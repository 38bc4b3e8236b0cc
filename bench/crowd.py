"""Who talks in the bench of the pipeline: mostly the corpus's harmless chatter, now and then a leak, on time."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.base import Person, Posted, Scene
from tests.e2e.messages import leak

CORPUS = Path(__file__).parents[1] / "training" / "corpus"
ROOMS = 12
MEMBERS = 200
#: Longer texts would be cut by Discord.
LONGEST = 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """So many messages a second for so many seconds, and which part of them leaks."""

    rate: float = 50.0
    seconds: float = 60.0
    leaks: float = 0.06

    @property
    def count(self) -> int:
        """How many messages."""
        return round(self.rate * self.seconds)


@dataclass(slots=True, kw_only=True)
class Said:
    """What was said, when, and by how many seconds the crowd itself was late."""

    at: dict[str, datetime] = field(default_factory=dict)
    leaks: list[Posted] = field(default_factory=list)
    late: list[float] = field(default_factory=list)


def chatter() -> list[str]:
    """The texts of the corpus that no label holds of, in the same disorder each time."""
    texts: list[str] = []
    for path in sorted(CORPUS.glob("*.jsonl")):
        cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        texts += [case["text"] for case in cases if not case["labels"] and len(case["text"]) <= LONGEST]
    return sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())


class Crowd:
    """Members in several rooms. Each leak is by somebody new, so that their notes can be counted."""

    def __init__(self, scene: Scene, plan: Plan) -> None:
        self._scene = scene
        self._plan = plan
        self._rooms = [scene.room(f"patients-{number}") for number in range(ROOMS)]
        self._members = [scene.person() for _ in range(MEMBERS)]
        self._leakers: Iterator[Person] = iter([scene.person("leaker") for _ in range(round(plan.count * plan.leaks))])

    async def talk(self) -> Said:
        """Say everything, each message at its time."""
        said, loop, texts = Said(), asyncio.get_running_loop(), chatter()
        every = round(1 / self._plan.leaks) if self._plan.leaks else self._plan.count + 1
        began = loop.time()
        for number in range(self._plan.count):
            due = began + number / self._plan.rate
            await asyncio.sleep(max(0.0, due - loop.time()))
            said.late.append(loop.time() - due)
            leaker = next(self._leakers, None) if number % every == every - 1 else None
            at = datetime.now(UTC)
            room = self._rooms[number % ROOMS]
            member = self._members[number % MEMBERS]
            posted = self._scene.say(leaker or member, leak() if leaker else texts[number % len(texts)], room=room)
            said.at[posted.id] = at
            said.leaks += [posted] if leaker else []
        return said
