"""A SMART Scheduling Links publisher on this machine: the specification's shapes, and whatever a test breaks of them."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

OLD = "http://fhir-registry.smarthealthit.org/StructureDefinition"
NEW = "http://hl7.org/fhir/uv/smart-scheduling-links/StructureDefinition"
Json = Mapping[str, object]


def location(key: str = "123", name: str = "Pittsfield", phone: str = "413-000-0000") -> Json:
    return {
        "resourceType": "Location",
        "id": key,
        "name": name,
        "telecom": [{"system": "phone", "value": phone}],
        "address": {"line": ["173 Elm St"], "city": "Pittsfield", "state": "MA", "postalCode": "01201-7223"},
    }


def schedule(key: str = "456", place: str = "Location/123", availability: str | None = None) -> Json:
    extension = [{"url": f"{OLD}/has-availability", "valueCode": availability}] if availability else []
    return {
        "resourceType": "Schedule",
        "id": key,
        "serviceType": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/service-type", "code": "124"}]}],
        "actor": [{"reference": "PractitionerRole/doc"}, {"reference": place}],
        "extension": extension,
    }


def slot(
    start: str,
    *,
    key: str = "789",
    end: str | None = None,
    status: str = "free",
    of: str = "Schedule/456",
    link: str | None = "https://ehr.example.org/book?slot=1",
    phone: str | None = None,
    capacity: int | None = None,
    base: str = OLD,
) -> Json:
    extension: list[Json] = []
    if link is not None:
        extension.append({"url": f"{base}/booking-deep-link", "valueUrl": link})
    if phone is not None:
        extension.append({"url": f"{base}/booking-phone", "valueString": phone})
    if capacity is not None:
        extension.append({"url": f"{base}/slot-capacity", "valueInteger": capacity})
    return {
        "resourceType": "Slot",
        "id": key,
        "schedule": {"reference": of},
        "status": status,
        "start": start,
        "end": end or start,
        "extension": extension,
    }


def ndjson(resources: Sequence[Json]) -> str:
    return "\n".join(json.dumps(resource) for resource in resources) + "\n"


@dataclass
class Publisher:
    """``files`` are the bodies by path; ``headers`` go with every answer; ``status`` and ``delay`` let it misbehave.

    ``published`` is what a manifest says of its own age.
    """

    address: str = ""
    files: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    delay: float = 0.0
    published: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    asked: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0

    @property
    def manifest(self) -> str:
        return f"{self.address}/$bulk-publish"

    def publish(
        self, slots: Sequence[Json], *, schedules: Sequence[Json] | None = None, locations: Sequence[Json] | None = None
    ) -> None:
        self.files["/locations.ndjson"] = ndjson([location()] if locations is None else locations)
        self.files["/schedules.ndjson"] = ndjson([schedule()] if schedules is None else schedules)
        self.files["/slots.ndjson"] = ndjson(slots)
        self.name_files(("Location", "/locations.ndjson"), ("Schedule", "/schedules.ndjson"), ("Slot", "/slots.ndjson"))

    def name_files(self, *files: tuple[str, str]) -> None:
        output = [{"type": kind, "url": path if ":" in path else f"{self.address}{path}"} for kind, path in files]
        output.append({"type": "PractitionerRole", "url": f"{self.address}/roles.ndjson"})
        manifest = {"transactionTime": self.published, "request": self.manifest, "output": output, "error": []}
        self.files["/$bulk-publish"] = json.dumps(manifest)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        self.asked[path] += 1
        await asyncio.sleep(self.delay)
        if path in self.status:
            return web.Response(status=self.status[path], headers={"Location": f"{self.address}/elsewhere"})
        body = self.files.get(path)
        if body is None:
            return web.Response(status=404)
        etag = f'"{abs(hash(body))}"'
        if request.headers.get("If-None-Match") == etag:
            self.unchanged += 1
            return web.Response(status=304, headers=self.headers)
        return web.Response(body=body.encode(), headers={"ETag": etag, **self.headers})


@asynccontextmanager
async def publishing() -> AsyncIterator[Publisher]:
    """A publisher that serves until the block ends."""
    publisher = Publisher()
    app = web.Application()
    app.router.add_get("/{path:.*}", publisher.answer)
    async with serving(app) as address:
        publisher.address = address
        yield publisher


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """Serve ``app`` on the loopback address; where it is."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
