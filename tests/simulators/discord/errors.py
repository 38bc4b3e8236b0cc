"""Discord's error answers. Source: documentation, "Opcodes and Status Codes", and its error message format."""

from .json_types import Json

_BULK_COUNT = (
    "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete."
)
_MESSAGES: dict[int, tuple[int, str]] = {
    0: (401, "401: Unauthorized"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10026: (404, "Unknown Ban"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30007: (400, "Maximum number of webhooks reached (15)"),
    30058: (400, "Maximum number of webhooks per guild reached (1000)"),
    30032: (400, "Maximum number of application commands reached"),
    40003: (403, "You are opening direct messages too fast"),
    40058: (400, "Cannot send a message in a forum channel"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50016: (400, _BULK_COUNT),
    50021: (403, "Cannot execute action on a system message"),
    50024: (403, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50033: (400, "Invalid Recipient(s)"),
    50034: (400, "A message provided was too old to bulk delete"),
    50068: (400, "Invalid message type"),
    50081: (400, "Invalid sticker sent"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    160002: (403, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
    200000: (400, "Message was blocked by automatic moderation"),
    220001: (400, "Webhooks posted to forum channels must have a thread_name or thread_id"),
    220002: (400, "Webhooks posted to forum channels cannot have both a thread_name and thread_id"),
    220003: (400, "Webhooks can only create threads in forum channels"),
}


class ApiError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, body: Json, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} ({body.get('code')}): {body.get('message')}")
        self.status = status
        self.body = body
        self.headers = headers or {}


def api_error(code: int, *, status: int | None = None) -> ApiError:
    """The documented error with that JSON code. Raises KeyError for a code not simulated."""
    usual_status, message = _MESSAGES[code]
    return ApiError(status or usual_status, {"message": message, "code": code})


def plain_error(status: int, reason: str) -> ApiError:
    """An error with code 0, such as `404: Not Found` for a route that does not exist."""
    return ApiError(status, {"message": f"{status}: {reason}", "code": 0})


def message_for(code: int) -> str | None:
    """The usual text of an error code, if it is one simulated here."""
    found = _MESSAGES.get(code)
    return found[1] if found else None


class FormErrors:
    """Collects what is wrong with a form and nests it as Discord does (code 50035)."""

    def __init__(self) -> None:
        self._errors: Json = {}

    def add(self, path: str, code: str, message: str) -> None:
        """Note one fault at a dotted path such as `embeds.0.title`."""
        node = self._errors
        for step in path.split("."):
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, path: str, value: object, low: int, high: int) -> None:
        """Note a text or list whose length is outside low..high; anything without a length passes."""
        if not isinstance(value, str | list) or low <= len(value) <= high:
            return
        if low == 0:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        else:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")

    def required(self, path: str, value: object) -> None:
        """Note a field that must be there."""
        if value is None or value == "":
            self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def raise_if_any(self) -> None:
        """Raises ApiError 400/50035 when anything was noted."""
        if self._errors:
            raise ApiError(400, {"message": "Invalid Form Body", "code": 50035, "errors": self._errors})
