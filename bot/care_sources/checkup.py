"""How the publishers of free times do, for ``chaperone doctor``. Each is asked once, as the bot asks it; nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from bot.care_sources.scheduling_links import PublisherState, SchedulingLinks
from bot.care_sources.web import Web
from bot.domain.care import Contact
from bot.service.ports import Check, Clock

_TELL = "Show this to the maker of the calendar: its files are not as SMART Scheduling Links has them."
_PUBLISH = "Ask the maker of the calendar to publish more often, or set slots_fresh_for: to how often it does."


async def check_publishers(desks: Sequence[Contact], clock: Clock) -> list[Check]:
    """A line for each of these desks that names a publisher."""
    web = Web()
    links = SchedulingLinks(web, clock)
    try:
        return await asyncio.gather(*(_check(links, desk) for desk in desks if desk.slots))
    finally:
        await web.close()


async def _check(links: SchedulingLinks, desk: Contact) -> Check:
    await links.free(desk, 1)
    state = links.state(desk)
    subject = f"Free times of {desk.name}"
    if not state.answers:
        remedy = (
            f"Look at slots: of {desk.id} in the policy. It must be an https address that ends with $bulk-publish and that anybody may "
            "read. If it is, tell the maker of the calendar; until then no free time is offered."
        )
        return Check(subject=subject, ok=False, finding=state.problem, remedy=remedy)
    if state.outdated is not None:
        finding = f"published {state.outdated:%Y-%m-%d %H:%M} UTC, which is longer ago than slots_fresh_for, so none is offered"
        return Check(subject=subject, ok=False, finding=finding, remedy=_PUBLISH)
    wrong = list(_wrong(state))
    times = "1 free time" if state.free == 1 else f"{state.free or 'no'} free times"
    if wrong:
        finding = "; ".join([times, *(what for what, _ in wrong)])
        return Check(
            subject=subject, ok=False, finding=finding, remedy="\n".join(dict.fromkeys(how for _, how in wrong))
        )
    finding = f"{times}, fresh" if state.free else "answers, but has no free time"
    return Check(subject=subject, ok=True, finding=finding)


def _wrong(state: PublisherState) -> Iterator[tuple[str, str]]:
    """What is wrong with a publisher that answers, and what to do about it."""
    if state.problem:
        yield state.problem, _TELL
    if state.bad_lines:
        yield (
            "1 line could not be read" if state.bad_lines == 1 else f"{state.bad_lines} lines could not be read",
            _TELL,
        )
