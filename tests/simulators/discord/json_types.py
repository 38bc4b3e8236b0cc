"""The one name for a decoded JSON object: what travels on the wire has no narrower type."""

from typing import Any

Json = dict[str, Any]
