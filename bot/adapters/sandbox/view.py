"""The sandbox's state as the page shows it: plain dictionaries, made anew after every change."""

from __future__ import annotations

from typing import Any

from bot.adapters.sandbox.people import PEOPLE
from bot.adapters.sandbox.world import ROOMS, Post, World
from bot.domain.case import Case
from bot.domain.decision import Urgency
from bot.domain.words import Words
from bot.service.review import Review
from bot.service.store import Store

JsonObject = dict[str, Any]


async def snapshot(world: World, review: Review, store: Store) -> JsonObject:
    """Everything on the page: each room's posts, each person's private notes, the queue."""
    cases = {case.message.message: case for case in await review.queue()}
    return {
        "rooms": [
            {"id": room, "name": name, "posts": [_post(post, cases) for post in _in(world, room)]}
            for room, name in ROOMS.items()
        ],
        "notes": [
            {
                "to": note.to,
                "name": PEOPLE[note.to].name if note.to in PEOPLE else note.to,
                "at": note.at.isoformat(),
                **_words(note.words),
            }
            for note in world.notes
        ],
        "queue": [_case(case) for case in cases.values()],
        "waiting": await store.inbox.waiting(),
    }


def _in(world: World, room: str) -> list[Post]:
    return [post for post in world.posts.values() if post.ref.room.room == room]


def _post(post: Post, cases: dict[str, Case]) -> JsonObject:
    case = cases.get(post.ref.message)
    return {
        "id": post.ref.message,
        "author": post.author.name,
        "bot": post.words is not None,
        "at": post.at.isoformat(),
        "text": post.text,
        "hidden": post.hidden,
        "why": case.why if case else "",
        **(_words(post.words) if post.words else {"note": "", "buttons": [], "links": [], "urgent": False}),
    }


def _words(words: Words) -> JsonObject:
    return {
        "note": words.text,
        "buttons": [{"kind": button.kind, "case": button.case, "label": button.label} for button in words.buttons],
        "links": [{"url": link.url, "label": link.label} for link in words.links],
        "urgent": words.urgent,
    }


def _case(case: Case) -> JsonObject:
    return {
        "id": case.id,
        "room": case.room_name,
        "reason": case.reason,
        "labels": [label.replace("_", " ") for label in case.labels],
        "urgent": case.urgency is Urgency.NOW,
        "hidden": case.hidden,
        "appealed": case.appealed_at is not None,
        "why": case.why,
        "opened_at": case.opened_at.isoformat(),
    }
