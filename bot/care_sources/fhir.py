"""The shapes of a SMART Scheduling Links publisher: a manifest, and NDJSON lines of Location, Schedule and Slot.

Source: github.com/smart-on-fhir/smart-scheduling-links, specification.md, and its successor, the HL7 guide "SMART Scheduling Links". Both
name the same extensions under different addresses, so an extension is known by the last part of its address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from bot.care_sources.web import is_safe
from bot.domain.care import LONGEST_LINK

T = TypeVar("T")
JsonObject = Mapping[str, object]
#: A line that is longer is no slot.
LONGEST_LINE = 65_536
MOST_LINES = 50_000
MOST_FILES = 40
_PHONE = re.compile(r"\+?[\d(][\d ().x/-]{1,38}")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The addresses of a publisher's files by the type of what they hold, and when they were published, where it says so."""

    files: tuple[tuple[str, str], ...]
    published: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A Location."""

    id: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A Schedule: at which locations, and whether its publisher says that nothing is free."""

    id: str
    places: tuple[str, ...]
    nothing_free: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A free Slot."""

    schedule: str
    start: datetime
    link: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Generic[T]):
    """What a file held, and how many of its lines were no use."""

    found: tuple[T, ...]
    bad: int


def parse_manifest(body: bytes) -> Manifest:
    """The manifest. Raises ValueError, TypeError or KeyError where it is none; files of other types and unsafe addresses are left out."""
    manifest = _object(json.loads(body))
    output = manifest["output"]
    files = [(str(one.get("type")), str(one.get("url"))) for one in _list(output) if isinstance(one, dict)]
    known = [(kind, url) for kind, url in files if kind in ("Location", "Schedule", "Slot") and is_safe(url)]
    return Manifest(files=tuple(dict.fromkeys(known))[:MOST_FILES], published=_published(manifest))


def _published(manifest: JsonObject) -> datetime | None:
    """The files are of use also where nobody knows how old they are."""
    try:
        return _moment(manifest, "transactionTime")
    except (ValueError, OverflowError):
        return None


def parse_places(body: bytes) -> Lines[Place]:
    """The Locations of a file."""
    return _lines(body, "Location", _place)


def parse_calendars(body: bytes) -> Lines[Calendar]:
    """The Schedules of a file."""
    return _lines(body, "Schedule", _calendar)


def parse_slots(body: bytes) -> Lines[Listed]:
    """The free Slots of a file. Busy ones are good lines and left out."""
    return _lines(body, "Slot", _slot)


def _lines(body: bytes, kind: str, read: Callable[[JsonObject], T | None]) -> Lines[T]:
    """Each line by itself: a bad one spoils no other."""
    found: list[T] = []
    bad = 0
    for line in body.split(b"\n")[:MOST_LINES]:
        if not line.strip():
            continue
        try:
            one = read(_resource(line, kind))
        except (ValueError, TypeError, OverflowError, RecursionError):
            bad += 1
            continue
        if one is not None:
            found.append(one)
    return Lines(found=tuple(found), bad=bad)


def _resource(line: bytes, kind: str) -> JsonObject:
    resource = _object(json.loads(line) if len(line) <= LONGEST_LINE else None)
    if resource.get("resourceType") != kind:
        raise ValueError("another kind of line")
    return resource


def _place(resource: JsonObject) -> Place:
    phones = [_object(one) for one in _list(resource.get("telecom"))]
    phone = next((str(one.get("value", "")) for one in phones if one.get("system") == "phone"), "")
    name = " ".join(_text(resource, "name").split())[:_LONGEST_NAME]
    return Place(id=_text(resource, "id"), name=name, phone=_phone(phone))


def _calendar(resource: JsonObject) -> Calendar:
    actors = [_reference(_object(one)) for one in _list(resource.get("actor"))]
    places = tuple(actor.removeprefix("Location/") for actor in actors if actor.startswith("Location/"))
    nothing = _extension(resource, "has-availability") == "none"
    return Calendar(id=_text(resource, "id"), places=places, nothing_free=nothing)


def _slot(resource: JsonObject) -> Listed | None:
    """None where it is not free. Raises ValueError where it is no Slot."""
    start, end = _moment(resource, "start"), _moment(resource, "end")
    if end < start:
        raise ValueError("it ends before it starts")
    schedule = _reference(_object(resource.get("schedule")))
    status = _text(resource, "status")
    capacity = _extension(resource, "slot-capacity")
    if status != "free" or (isinstance(capacity, (int, float)) and capacity < 1):
        return None
    link, phone = _extension(resource, "booking-deep-link"), _extension(resource, "booking-phone")
    return Listed(
        schedule=schedule.removeprefix("Schedule/"),
        start=start,
        link=link if isinstance(link, str) and len(link) <= LONGEST_LINK and is_safe(link) else "",
        phone=_phone(phone),
    )


def _phone(value: object) -> str:
    """A phone number, and nothing that is none: it is shown to people."""
    return value if isinstance(value, str) and _PHONE.fullmatch(value) else ""


def _extension(resource: JsonObject, name: str) -> object:
    """The value of the extension, whatever its type; None where there is none."""
    for one in (_object(one) for one in _list(resource.get("extension"))):
        if str(one.get("url", "")).rpartition("/")[2] == name:
            return next((value for key, value in one.items() if key.startswith("value")), None)
    return None


def _reference(holder: JsonObject) -> str:
    """``Schedule/456``, also where the whole address is written out."""
    return "/".join(_text(holder, "reference").split("/")[-2:])


def _moment(resource: JsonObject, key: str) -> datetime:
    at = datetime.fromisoformat(_text(resource, key))
    if at.tzinfo is None:
        raise ValueError("a time without its offset")
    return at.astimezone(UTC)


def _text(resource: JsonObject, key: str) -> str:
    value = resource.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} is missing")
    return value


def _object(value: object) -> JsonObject:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
