"""The bot on the platforms that it is connected to."""

from __future__ import annotations

import gc
from contextlib import closing

from bot.bootstrap.always import acting, console
from bot.bootstrap.apart import reader_apart
from bot.bootstrap.connecting import Share, connections, must_be_set
from bot.bootstrap.house import House
from bot.bootstrap.opening import open_parts
from bot.bootstrap.serving import serve, until_stopped, web_server
from bot.console.who import Door, parse_admins
from bot.reading.apart import ReaderApart
from bot.settings import Settings


async def run_bot(settings: Settings, share: Share, *, log_level: str) -> None:
    """Run the bot, or the share of it that a Procfile's process is for."""
    must_be_set(settings, share)
    with closing(reader_apart(settings.chaperone_read_budget, log_level=log_level)) as reader:
        if share is not Share.WEB:  # which reads nothing
            reader.start()
        await _run(settings, share, reader)


async def _run(settings: Settings, share: Share, reader: ReaderApart) -> None:
    door = Door(parse_admins(tuple(entry.get_secret_value() for entry in settings.chaperone_admins)))
    parts = await open_parts(settings, reader)
    house = House(parts)
    connected = connections(settings, house, share)
    parts.alarm.connect(connected.acting, parts.policies)
    running = [
        *(adapter.run for adapter in connected.listening),
        house.intake.marks.run,
        *acting(house, connected.acting, reader),
        until_stopped(parts.policies.watch),
    ]
    if share in (Share.ALL, Share.WEB):
        app = console(house, door, secure=settings.chaperone_url.lower().startswith("https://"))
        for path, mounted in connected.mounted.items():
            app.mount(path, mounted)
        running.append(web_server(app, settings.host, settings.port))
    # What is loaded by now stays. To look through its 200,000 objects for garbage stops everything for a tenth of a second.
    gc.freeze()
    await serve(house, running)
