"""The reference store's work on all dictionaries at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.case import Verb
from bot.domain.message import PlatformName, RoomRef
from bot.service.store import TrailEntry
from bot.stores.alike import without_others
from bot.stores.memory_work import Tables


def erase_text(tables: Tables, case: str, by: str, at: datetime) -> bool:
    """Forget the text of a case and mark it in its trail; False where there was none. See the port."""
    if tables.vault.pop(case, None) is None:
        return False
    tables.trail.append(TrailEntry(case=case, verb=Verb.ERASE, by=by, at=at))
    return True


def erase_person(tables: Tables, where: tuple[PlatformName, str], author: str, by: str, at: datetime) -> int:
    """Forget what a person wrote in a workspace (platform and id); how many texts. See the port."""

    def inside(room: RoomRef) -> bool:
        return (room.platform, room.workspace) == where

    texts = 0
    for waiting in tables.waiting.values():
        if waiting.message is not None and inside(waiting.message.ref.room):
            theirs = waiting.message.author.id == author
            waiting.message = None if theirs else without_others(waiting.message)
            texts += theirs
    for case in [case for case in tables.cases.values() if inside(case.message.room)]:
        if case.author == author:
            tables.cases[case.id] = replace(case, author_name="")
            texts += erase_text(tables, case.id, by, at)
        elif case.id in tables.vault:
            kept, at = tables.vault[case.id]
            tables.vault[case.id] = (replace(kept, message=without_others(kept.message)), at)
    for post in [post for post, (who, _, _) in tables.posts.items() if inside(post[0]) and who == author]:
        del tables.posts[post]
    return texts


def prune(tables: Tables, before: datetime, strikes_before: datetime) -> int:
    """Forget what is old and done; how many. See the port."""
    of_cases = {case.decision for case in tables.cases.values()}
    keys = [key for key, entry in tables.waiting.items() if entry.message is None and entry.put_at < before]
    posts = [post for post, (_, _, at) in tables.posts.items() if at < before]
    decisions = [
        entry.decision.id
        for entry in tables.recorded.values()
        if entry.decision.decided_at < (min(before, strikes_before) if entry.decision.strike else before)
        and entry.decision.case is None
        and entry.decision.id not in of_cases
        and not entry.to_do()
    ]
    for key in keys:
        del tables.waiting[key]
    for post in posts:
        del tables.posts[post]
    for decision in decisions:
        del tables.recorded[decision]
    return len(keys) + len(posts) + len(decisions)
