"""Messages an app sends by a `response_url` or along with its acknowledgement.

Rules: docs.slack.dev, "Handling user interaction" (5 uses within 30 minutes; ephemeral unless `in_channel`;
`replace_original`, `delete_original`). That a used-up or expired URL answers 404 with `used_url` or `expired_url` is
commonly seen, but not documented.
"""

import json

from aiohttp import web

from tests.simulators.slack.blocks import MESSAGE_BLOCKS, check_blocks
from tests.simulators.slack.text import stored_text
from tests.simulators.slack.timeline import Change, Timeline
from tests.simulators.slack.workspace import SlackWorkspace
from tests.simulators.slack.world import Ephemeral, Message, Payload, ResponseUrl


class Replies:
    """Handles `/response/<id>`."""

    def __init__(self, world: SlackWorkspace, timeline: Timeline) -> None:
        self._world = world
        self._timeline = timeline

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one use of a `response_url`."""
        url = self._world.response_urls.get(request.match_info["id"])
        if url is None or self._world.clock() > url.expires_at:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if url.uses_left == 0:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        payload: Payload = json.loads(await request.text() or "{}")
        if check_blocks(payload.get("blocks") or [], MESSAGE_BLOCKS):
            return web.Response(status=400, text="invalid_blocks")
        if not payload.get("delete_original") and not _says_something(payload):
            return web.Response(status=400, text="no_text")
        url.uses_left -= 1
        self.apply(url, payload)
        return web.Response(text="ok")

    def apply(self, url: ResponseUrl, payload: Payload) -> None:
        """Do what the payload asks for."""
        note = next((n for n in self._world.ephemerals if n.ts == url.ephemeral_ts), None)
        message = self._world.message(url.channel_id, url.message_ts) if url.message_ts is not None else None
        if payload.get("delete_original"):
            self._delete(note, message)
        elif payload.get("replace_original") and (note is not None or message is not None):
            self._replace(note, message, payload)
        else:
            self._add(url, payload)

    def _delete(self, note: Ephemeral | None, message: Message | None) -> None:
        if note is not None:
            note.deleted = True
        elif message is not None and not message.gone:
            self._timeline.delete(message)

    def _replace(self, note: Ephemeral | None, message: Message | None, payload: Payload) -> None:
        text = stored_text(payload.get("text") or "", sent_by_app=True)
        blocks = payload.get("blocks") or []
        if note is not None:
            note.replaced.append(note.text)
            note.text, note.blocks = text, blocks
        elif message is not None:
            self._timeline.change(message, Change(text=text, blocks=blocks), editor=None)

    def _add(self, url: ResponseUrl, payload: Payload) -> None:
        text = stored_text(payload.get("text") or "", sent_by_app=True)
        blocks = self._timeline.with_block_ids(payload.get("blocks") or [])
        ts = self._world.new_ts()
        thread_ts = payload.get("thread_ts")
        if payload.get("response_type") == "in_channel":
            app = self._world.app
            message = Message(
                ts=ts,
                channel=url.channel_id,
                text=text,
                user=app.bot_user_id,
                bot_id=app.bot_id,
                app_id=app.id,
                blocks=blocks,
                thread_ts=thread_ts,
            )
            self._timeline.add(message)
            return
        note = Ephemeral(ts=ts, channel=url.channel_id, user=url.user_id, text=text, blocks=blocks, thread_ts=thread_ts)
        self._world.ephemerals.append(note)


def _says_something(payload: Payload) -> bool:
    return any(payload.get(part) for part in ("text", "blocks", "attachments"))
