"""Block Kit's documented limits, checked the way Slack reports them.

Source: docs.slack.dev, "Block Kit reference" (blocks, block elements, composition objects, views). Each complaint is
worded as the Web API words it: `must be less than 3001 characters [json-pointer:/blocks/0/text/text]`.
"""

from collections.abc import Callable, Iterator

from tests.simulators.slack.world import Payload

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
_SELECTS = ("static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow")
_OPTIONS = {"static_select": 100, "multi_static_select": 100, "radio_buttons": 10, "checkboxes": 10, "overflow": 5}
_PASSED_UNCHECKED = ("rich_text", "divider", "file", "video", "call", "context_actions", "table")

Complaints = Iterator[str]


def check_blocks(blocks: object, limit: int, pointer: str = "/blocks") -> list[str]:
    """All complaints about a list of blocks; empty when Slack would take it."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return [f"must be an array of objects [json-pointer:{pointer}]"]
    complaints = list(_at_most(blocks, limit, pointer))
    for index, block in enumerate(blocks):
        complaints.extend(_block(block, f"{pointer}/{index}"))
    complaints.extend(_unique_ids(blocks, pointer))
    return complaints


def check_view(view: Payload) -> list[str]:
    """All complaints about a modal or home view."""
    if view.get("type") not in ("modal", "home"):
        return ["must be a valid enum value [json-pointer:/view/type]"]
    complaints = list(_modal_parts(view)) if view["type"] == "modal" else []
    for name, limit in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        complaints.extend(_length(view.get(name, ""), limit, f"/view/{name}", may_be_empty=True))
    if "blocks" not in view:
        return [*complaints, "missing required field: blocks [json-pointer:/view]"]
    return [*complaints, *check_blocks(view["blocks"], VIEW_BLOCKS, "/view/blocks")]


def _modal_parts(view: Payload) -> Complaints:
    if "title" not in view:
        yield "missing required field: title [json-pointer:/view]"
    for part in ("title", "submit", "close"):
        if part in view:
            yield from _text(view[part], 24, f"/view/{part}", plain=True)
    if "submit" not in view and any(block.get("type") == "input" for block in view.get("blocks", [])):
        yield "missing required field: submit [json-pointer:/view]"


def _unique_ids(blocks: list[Payload], pointer: str) -> Complaints:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            yield f"`block_id` must be unique [json-pointer:{pointer}/{index}/block_id]"
        if block_id:
            seen.add(block_id)


def _at_most(items: list[Payload], limit: int, pointer: str) -> Complaints:
    if len(items) > limit:
        yield f"no more than {limit} items allowed [json-pointer:{pointer}]"


def _length(value: object, limit: int, pointer: str, *, may_be_empty: bool = False) -> Complaints:
    if not isinstance(value, str):
        yield f"must be a string [json-pointer:{pointer}]"
    elif len(value) > limit:
        yield f"must be less than {limit + 1} characters [json-pointer:{pointer}]"
    elif not value and not may_be_empty:
        yield f"must be more than 0 characters [json-pointer:{pointer}]"


def _text(value: object, limit: int, pointer: str, *, plain: bool = False) -> Complaints:
    if not isinstance(value, dict):
        yield f"must provide an object [json-pointer:{pointer}]"
        return
    allowed = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if value.get("type") not in allowed:
        yield f"must be one of: {', '.join(allowed)} [json-pointer:{pointer}/type]"
    yield from _length(value.get("text"), limit, f"{pointer}/text")


def _block(block: Payload, pointer: str) -> Complaints:
    kind = block.get("type")
    if "block_id" in block:
        yield from _length(block["block_id"], 255, f"{pointer}/block_id", may_be_empty=True)
    checker = _BLOCK_CHECKERS.get(str(kind))
    if checker is not None:
        yield from checker(block, pointer)
    elif kind not in _PASSED_UNCHECKED:
        yield f"unsupported type: {kind} [json-pointer:{pointer}/type]"


def _section(block: Payload, pointer: str) -> Complaints:
    if "text" not in block and "fields" not in block:
        yield f"must define either `text` or `fields` [json-pointer:{pointer}]"
    if "text" in block:
        yield from _text(block["text"], 3000, f"{pointer}/text")
    fields = block.get("fields", [])
    yield from _at_most(fields, 10, f"{pointer}/fields")
    for index, field in enumerate(fields):
        yield from _text(field, 2000, f"{pointer}/fields/{index}")
    if "accessory" in block:
        yield from _element(block["accessory"], f"{pointer}/accessory")


def _header(block: Payload, pointer: str) -> Complaints:
    yield from _text(block.get("text"), 150, f"{pointer}/text", plain=True)


def _actions(block: Payload, pointer: str) -> Complaints:
    elements = block.get("elements", [])
    if not elements:
        yield f"no fewer than 1 items allowed [json-pointer:{pointer}/elements]"
    yield from _at_most(elements, 25, f"{pointer}/elements")
    ids = [element.get("action_id") for element in elements if element.get("action_id")]
    if len(ids) != len(set(ids)):
        yield f"`action_id` must be unique [json-pointer:{pointer}/elements]"
    for index, element in enumerate(elements):
        yield from _element(element, f"{pointer}/elements/{index}")


def _context(block: Payload, pointer: str) -> Complaints:
    elements = block.get("elements", [])
    yield from _at_most(elements, 10, f"{pointer}/elements")
    for index, element in enumerate(elements):
        if element.get("type") != "image":
            yield from _text(element, 3000, f"{pointer}/elements/{index}")


def _input(block: Payload, pointer: str) -> Complaints:
    yield from _text(block.get("label"), 2000, f"{pointer}/label", plain=True)
    if "hint" in block:
        yield from _text(block["hint"], 2000, f"{pointer}/hint", plain=True)
    if not isinstance(block.get("element"), dict):
        yield f"missing required field: element [json-pointer:{pointer}]"
        return
    yield from _element(block["element"], f"{pointer}/element")


def _image(block: Payload, pointer: str) -> Complaints:
    yield from _length(block.get("alt_text"), 2000, f"{pointer}/alt_text")
    if "slack_file" not in block:
        yield from _length(block.get("image_url"), 3000, f"{pointer}/image_url")


def _markdown(block: Payload, pointer: str) -> Complaints:
    yield from _length(block.get("text"), 12_000, f"{pointer}/text")


def _element(element: Payload, pointer: str) -> Complaints:
    kind = str(element.get("type"))
    if "action_id" in element:
        yield from _length(element["action_id"], 255, f"{pointer}/action_id")
    if kind == "button":
        yield from _text(element.get("text"), 75, f"{pointer}/text", plain=True)
        yield from _length(element.get("value", ""), 2000, f"{pointer}/value", may_be_empty=True)
        yield from _length(element.get("url", ""), 3000, f"{pointer}/url", may_be_empty=True)
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, f"{pointer}/placeholder", plain=True)
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{pointer}/confirm")
    if kind in _SELECTS:
        yield from _options(element.get("options", []), _OPTIONS[kind], f"{pointer}/options")


def _confirm(confirm: Payload, pointer: str) -> Complaints:
    yield from _text(confirm.get("title"), 100, f"{pointer}/title", plain=True)
    yield from _text(confirm.get("text"), 300, f"{pointer}/text")
    for part in ("confirm", "deny"):
        if part in confirm:
            yield from _text(confirm[part], 30, f"{pointer}/{part}", plain=True)


def _options(options: list[Payload], limit: int, pointer: str) -> Complaints:
    yield from _at_most(options, limit, pointer)
    for index, option in enumerate(options):
        yield from _text(option.get("text"), 75, f"{pointer}/{index}/text")
        yield from _length(option.get("value", ""), 150, f"{pointer}/{index}/value", may_be_empty=True)


_BLOCK_CHECKERS: dict[str, Callable[[Payload, str], Complaints]] = {
    "section": _section,
    "header": _header,
    "actions": _actions,
    "context": _context,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
}
