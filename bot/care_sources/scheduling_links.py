"""Free slots from SMART Scheduling Links publishers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from bot.care_sources.cached import CachedFile, FetchError
from bot.care_sources.fhir import (
    Calendar,
    Lines,
    Listed,
    Manifest,
    Place,
    parse_calendars,
    parse_manifest,
    parse_places,
    parse_slots,
)
from bot.care_sources.web import Web, is_local, is_safe
from bot.domain.care import Contact, FreeSlot
from bot.service.ports import Clock

_log = structlog.get_logger(__name__)

T = TypeVar("T")
#: Seconds that a question waits for news; after that it is answered with what is known.
PATIENCE = 6.0
_File = CachedFile[Lines[Place]] | CachedFile[Lines[Calendar]] | CachedFile[Lines[Listed]]
_JSON, _NDJSON = "application/json", "application/fhir+ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherState:
    """How a publisher does, for ``doctor``: what went wrong last, how many lines were no use, how many slots are free.

    ``answers`` says whether its manifest is known. ``outdated`` is when it says that its files were published, where that is longer ago
    than the desk's ``slots_fresh_for``.
    """

    answers: bool
    problem: str
    outdated: datetime | None
    bad_lines: int
    free: int


class SchedulingLinks:
    """The Slots port. One publisher's files are fetched when somebody asks, as seldom as the specification wishes."""

    def __init__(self, web: Web, clock: Clock) -> None:
        self._web = web
        self._clock = clock
        self._publishers: dict[str, _Publisher] = {}

    async def free(self, contact: Contact, limit: int) -> Sequence[FreeSlot]:
        """See the port."""
        if not is_safe(contact.slots):
            return ()
        publisher = self._publisher(contact.slots)
        await publisher.refresh(self._web, self._clock)
        return publisher.free(self._clock.now(), contact.slots_fresh_for)[:limit]

    def state(self, contact: Contact) -> PublisherState:
        """How the contact's publisher does."""
        return self._publisher(contact.slots).state(self._clock.now(), contact.slots_fresh_for)

    def _publisher(self, address: str) -> _Publisher:
        return self._publishers.setdefault(address, _Publisher(address))


class _Publisher:
    def __init__(self, address: str) -> None:
        safe = is_safe(address)
        self._local = safe and is_local(address)
        self._manifest = CachedFile(address, "manifest", _JSON, parse_manifest)
        self._places: dict[str, CachedFile[Lines[Place]]] = {}
        self._calendars: dict[str, CachedFile[Lines[Calendar]]] = {}
        self._slots: dict[str, CachedFile[Lines[Listed]]] = {}
        self._one_at_a_time = asyncio.Lock()
        self._problem = "" if safe else "its address is not https"

    async def refresh(self, web: Web, clock: Clock) -> None:
        """Get what is new. What goes wrong is kept for ``state``, and for the log."""
        problem = ""
        try:
            async with asyncio.timeout(PATIENCE), self._one_at_a_time:
                await self._manifest.refresh(web, clock)
                problem = await self._refresh_files(web, clock)
        except FetchError as error:
            problem = str(error)
        except TimeoutError:
            problem = "it takes too long to answer"
        if problem and problem != self._problem:
            _log.warning("publisher of free slots fails", action="slots_failed", problem=problem)
        self._problem = problem

    def free(self, now: datetime, fresh_for: timedelta) -> list[FreeSlot]:
        """The free slots that begin after now, soonest first; none where the news is stale."""
        if self._manifest.value(now, fresh_for) is None or self._outdated(now, fresh_for) is not None:
            return []
        places = {place.id: place for place in _all(self._places, now, fresh_for)}
        calendars = {calendar.id: calendar for calendar in _all(self._calendars, now, fresh_for)}
        ahead = sorted(
            (one for one in _all(self._slots, now, fresh_for) if one.start > now),
            key=lambda one: (one.start, one.schedule, one.link),
        )
        found = [_free_slot(one, calendars.get(one.schedule), places) for one in ahead]
        return [slot for slot in found if slot is not None]

    def state(self, now: datetime, fresh_for: timedelta) -> PublisherState:
        """How it does."""
        values = [file.value(now, fresh_for) for file in self._files()]
        bad = sum(value.bad for value in values if value is not None)
        return PublisherState(
            answers=self._manifest.value(now, fresh_for) is not None,
            problem=self._problem,
            outdated=self._outdated(now, fresh_for),
            bad_lines=bad,
            free=len(self.free(now, fresh_for)),
        )

    def _outdated(self, now: datetime, fresh_for: timedelta) -> datetime | None:
        """When the news was published, where that is too long ago: its web server may answer long after its maker has stopped."""
        manifest = self._manifest.value(now, fresh_for)
        published = manifest.published if manifest is not None else None
        return published if published is not None and published < now - fresh_for else None

    async def _refresh_files(self, web: Web, clock: Clock) -> str:
        """Get the files that the manifest names; what went wrong with one of them."""
        if self._manifest.latest is not None:
            self._follow(self._manifest.latest)
        results = await asyncio.gather(*(file.refresh(web, clock) for file in self._files()), return_exceptions=True)
        failures = [result for result in results if result is not None]
        nothing = "" if self._slots else "its manifest names no file of free times at an https address"
        return next((str(failure) or type(failure).__name__ for failure in failures), nothing)

    def _follow(self, manifest: Manifest) -> None:
        """Know exactly the files that the manifest names. Only a publisher on this machine may name files on this machine."""
        named = [(kind, url) for kind, url in manifest.files if self._local or not is_local(url)]
        self._places = _known(self._places, named, "Location", parse_places)
        self._calendars = _known(self._calendars, named, "Schedule", parse_calendars)
        self._slots = _known(self._slots, named, "Slot", parse_slots)

    def _files(self) -> list[_File]:
        return [*self._places.values(), *self._calendars.values(), *self._slots.values()]


def _known(
    files: Mapping[str, CachedFile[T]], named: Sequence[tuple[str, str]], kind: str, parse: Callable[[bytes], T]
) -> dict[str, CachedFile[T]]:
    """A file for each address of the kind: the one that is there, else a new one."""
    return {url: files.get(url) or CachedFile(url, f"{kind} file", _NDJSON, parse) for of, url in named if of == kind}


def _all(files: Mapping[str, CachedFile[Lines[T]]], now: datetime, fresh_for: timedelta) -> list[T]:
    values = (file.value(now, fresh_for) for file in files.values())
    return [one for value in values if value is not None for one in value.found]


def _free_slot(one: Listed, calendar: Calendar | None, places: Mapping[str, Place]) -> FreeSlot | None:
    """None where its schedule has nothing free, or where nobody can book it."""
    if calendar is not None and calendar.nothing_free:
        return None
    place = next((places[key] for key in calendar.places if key in places), None) if calendar is not None else None
    phone = one.phone or (place.phone if place is not None else "")
    if not (one.link or phone):
        return None
    return FreeSlot(start=one.start, link=one.link, phone=phone, place=place.name if place is not None else "")
