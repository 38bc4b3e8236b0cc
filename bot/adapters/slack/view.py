"""Words as Slack's blocks and buttons, and a case as a modal (limits: docs.slack.dev, "Block Kit", "Views")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.adapters.slack.api import Payload
from bot.adapters.slack.text import encode, split
from bot.domain.case import Case
from bot.domain.words import Button, ButtonKind, Remark, Remarks, Words
from bot.service.desk import Answer

#: Characters of a section, of a button's label and of what a modal's head holds; blocks of a message and of a modal.
SECTION, LABEL, HEAD, MESSAGE_BLOCKS, MODAL_BLOCKS = 3000, 75, 24, 50, 100
#: ``chaperone:<kind>:<case>`` on buttons; ``chaperone:link:<n>`` on buttons that only open an address.
PRESSED = re.compile(r"^chaperone:([a-z_]+):([^:]+)$")
LINK = re.compile(r"^chaperone:link:\d+$")
REPORT = "chaperone:report"
#: A modal holds 250,000 bytes (docs.slack.dev, views.open); a text that could pass that is shown in part.
_MOST_SHOWN = 40_000


def words_text(words: Words, call: str = "") -> str:
    """The words as Slack's markup; ``call`` mentions the people to be called, where there are any."""
    return f"{call} {encode(words.text)}".strip()


def words_blocks(words: Words, call: str = "") -> list[Payload]:
    """The words with their buttons."""
    sections = [_section("mrkdwn", part) for part in split(words_text(words, call), SECTION) if part.strip()]
    buttons = [*_buttons(words.buttons), *_links(words)]
    return [*sections[: MESSAGE_BLOCKS - 1], *_actions(buttons)]


def attribution(words: Words) -> list[Payload]:
    """The small line under a restored message that says who brought it back."""
    if not words.text:
        return []
    text = encode(words.text)[:SECTION]
    context = {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}
    return [{"fallback": text, "blocks": [context, *_actions([*_buttons(words.buttons), *_links(words)])]}]


def pressed(action_id: str) -> tuple[ButtonKind, str] | None:
    """Which button of ours this is, and of which case; None for one that an older version may have left."""
    found = PRESSED.match(action_id)
    if found is None or found[1] not in set(ButtonKind):
        return None
    return ButtonKind(found[1]), found[2]


def waiting_view(remarks: Remarks) -> Payload:
    """The modal that opens at once: what it is opened with lives three seconds only."""
    return _modal([_section("plain_text", remarks[Remark.ONE_MOMENT])], remarks)


def answer_view(answer: Answer, remarks: Remarks) -> Payload:
    """The modal with the case: what the bot understood, the text as it was posted, what can be done."""
    blocks = [_section("plain_text", part) for part in split(answer.text, SECTION) if part.strip()]
    if answer.case is not None and answer.kept is not None:
        blocks = [
            *_facts(answer.case, remarks),
            *blocks,
            {"type": "divider"},
            *_kept_text(answer.kept.message.text, remarks),
        ]
        blocks += _problem(answer)
    actions = _actions(_buttons(answer.buttons))
    return _modal([*blocks[: MODAL_BLOCKS - len(actions)], *actions], remarks)


def _facts(case: Case, remarks: Remarks) -> Iterator[Payload]:
    labels = ", ".join(label.replace("_", " ") for label in case.labels)
    where = encode(f"#{case.room_name}") if case.room_name else ""
    facts = (f"*{encode(case.author_name)}*", where, labels, str(case.state))
    yield _section("mrkdwn", " · ".join(fact for fact in facts if fact))
    if case.permalink:
        yield _section("mrkdwn", f"<{case.permalink}|{encode(remarks[Remark.WHERE_POSTED])}>")


def _kept_text(text: str, remarks: Remarks) -> Iterator[Payload]:
    for part in split(text[:_MOST_SHOWN], SECTION):
        if part.strip():
            yield _section("plain_text", part)
    if len(text) > _MOST_SHOWN:
        yield _section("plain_text", remarks[Remark.SHOWN_IN_PART])


def _problem(answer: Answer) -> list[Payload]:
    problem = answer.case.problem if answer.case is not None else None
    return [_section("plain_text", part) for part in split(problem, SECTION)] if problem else []


def _modal(blocks: list[Payload], remarks: Remarks) -> Payload:
    return {
        "type": "modal",
        "callback_id": "chaperone:case",
        "title": _plain(remarks[Remark.CASE_TITLE][:HEAD]),
        "close": _plain(remarks[Remark.CLOSE][:HEAD]),
        "blocks": blocks or [_section("plain_text", remarks[Remark.NOTHING_TO_SHOW])],
    }


def _section(kind: str, text: str) -> Payload:
    return {"type": "section", "text": {"type": kind, "text": text}}


def _plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


def _actions(buttons: list[Payload]) -> list[Payload]:
    return [{"type": "actions", "elements": buttons}] if buttons else []


def _buttons(buttons: tuple[Button, ...]) -> list[Payload]:
    return [
        {"type": "button", "action_id": f"chaperone:{button.kind}:{button.case}", "text": _plain(button.label[:LABEL])}
        for button in buttons
    ]


def _links(words: Words) -> list[Payload]:
    return [
        {"type": "button", "action_id": f"chaperone:link:{n}", "text": _plain(link.label[:LABEL]), "url": link.url}
        for n, link in enumerate(words.links)
    ]
