"""Attachments: signed links that expire, and the object that describes a file.

Source: Discord reference, "Signed Attachment CDN URLs" (`ex`, `is`, `hm`); the links last about a day.
"""

import hashlib
import hmac
from datetime import timedelta
from urllib.parse import quote

from .clock import SimClock
from .json_types import Json
from .model import Attachment

LINK_LIFE = timedelta(hours=24)
SPOILER_FLAG = 1 << 5


class AttachmentLinks:
    """Makes and checks links to files."""

    def __init__(self, clock: SimClock, secret: bytes) -> None:
        self._clock = clock
        self._secret = secret
        self.base_url = ""

    def url(self, attachment: Attachment) -> str:
        """A fresh signed link."""
        now = self._clock.now()
        path = f"/attachments/{attachment.channel_id}/{attachment.id}/{quote(attachment.filename)}"
        issued, expires = f"{int(now.timestamp()):x}", f"{int((now + LINK_LIFE).timestamp()):x}"
        return f"{self.base_url}{path}?ex={expires}&is={issued}&hm={self._sign(path, expires, issued)}&"

    def holds(self, path: str, query: dict[str, str]) -> bool:
        """Whether a link is genuine and still good."""
        expires, issued = query.get("ex", ""), query.get("is", "")
        if not hmac.compare_digest(self._sign(path, expires, issued), query.get("hm", "")):
            return False
        return int(expires, 16) >= self._clock.now().timestamp()

    def _sign(self, path: str, expires: str, issued: str) -> str:
        return hmac.new(self._secret, f"{path}?{expires}&{issued}".encode(), hashlib.sha256).hexdigest()

    def describe(self, attachment: Attachment) -> Json:
        """The attachment object; optional fields only where they hold something."""
        url = self.url(attachment)
        data: Json = {
            "id": str(attachment.id),
            "filename": attachment.filename,
            "size": len(attachment.content),
            "url": url,
            "proxy_url": url,
            "content_type": attachment.content_type,
        }
        optional = {
            "title": attachment.title,
            "description": attachment.description,
            "width": attachment.width,
            "height": attachment.height,
            "duration_secs": attachment.duration_secs,
            "waveform": attachment.waveform,
        }
        data |= {key: value for key, value in optional.items() if value is not None}
        if attachment.ephemeral:
            data["ephemeral"] = True
        if attachment.filename.startswith("SPOILER_"):
            data["flags"] = SPOILER_FLAG
        return data
