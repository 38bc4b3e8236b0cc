"""What Slack's payloads tell, from the recorded ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters.slack.api import Identity, Payload
from bot.adapters.slack.events import Spoken, Surroundings, Vanished, message_from, moment, sift
from bot.domain.message import Author, Message

PAYLOADS = Path(__file__).parents[3] / "payloads" / "slack"
ME = Identity(
    workspace="T0RIVER001",
    url="https://riverside-circle.slack.com/",
    user="U0CHAPER01",
    bot="B0CHAPER01",
    scopes=frozenset(),
)
MARTA = Author(id="U0MARTA001", name="Marta")


def event(name: str) -> Payload:
    payload: Payload = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    inner: Payload = payload["event"]
    return inner


def said(inner: Payload) -> Message:
    spoken = sift(inner, ME)
    assert isinstance(spoken, Spoken)
    return message_from(spoken, ME, Surroundings(room_name="garden", authors={MARTA.id: MARTA}))


def test_a_message_is_taken_over_whole() -> None:
    message = said(event("message"))

    assert message.text == "Has anybody tried the new clinic?"
    assert (message.author, message.room_name, message.revision) == (MARTA, "garden", "0")
    assert message.ref.key == "slack:T0RIVER001:C0GARDEN01:1736207085.539649"
    assert message.sent_at == datetime(2025, 1, 6, 23, 44, 45, 539649, UTC)
    assert message.permalink == "https://riverside-circle.slack.com/archives/C0GARDEN01/p1736207085539649"


def test_an_edit_is_a_later_revision_of_the_same_message() -> None:
    before, after = said(event("message")), said(event("message_changed"))

    assert after.ref == before.ref
    assert after.revision == "1736207110.000000" > before.revision
    assert after.edited_at == moment("1736207110.000000")
    assert after.text == "Has anybody tried the clinic?"


def test_a_second_edit_in_the_same_second_is_a_revision_of_its_own() -> None:
    inner = event("message_changed")
    inner["previous_message"] = {**inner["message"], "text": "Something else"}

    assert said(inner).revision == "1736207110.000000+1736207110.000400"


@pytest.mark.parametrize(
    "name",
    [
        *("message_changed_unfurl", "message_replied", "message_bot_message", "message_channel_join"),
        *("message_from_own_app", "message_from_own_app_custom_name"),
    ],
)
def test_what_no_person_said_is_nothing(name: str) -> None:
    assert sift(event(name), ME) is None


@pytest.mark.parametrize("name", ["message_deleted", "message_changed_tombstone"])
def test_a_message_that_was_deleted_vanishes(name: str) -> None:
    assert sift(event(name), ME) == Vanished(channel="C0GARDEN01", ts="1736207085.539649")


def test_a_message_that_was_brought_back_is_not_news() -> None:
    inner = event("message_changed")
    inner["previous_message"] = {**inner["message"], "subtype": "dlp_tombstone", "text": "Hidden."}

    assert sift(inner, ME) is None


@pytest.mark.parametrize("name", ["message_in_thread", "message_thread_broadcast"])
def test_a_reply_knows_its_thread_and_what_it_answers(name: str) -> None:
    message = said(event(name))

    assert message.ref.thread == "1736207085.539649"
    assert message.reply_to is not None
    assert message.reply_to.message == "1736207085.539649"
    assert message.permalink is not None
    assert message.permalink.endswith("?thread_ts=1736207085.539649&cid=C0GARDEN01")


def test_the_message_that_began_a_thread_is_no_reply() -> None:
    message = said({**event("message"), "thread_ts": "1736207085.539649"})

    assert (message.ref.thread, message.reply_to) == (None, None)


def test_a_file_brings_its_names_its_words_and_its_address() -> None:
    inner = event("message_file_share")
    inner["files"][0] |= {"title": "My diary", "alt_txt": "a page", "preview": "Dear diary"}
    inner["files"].append({"id": "F2", "mode": "tombstone"})

    message = said(inner)

    [file] = message.attachments
    assert file.words == "My diary\ndiary.txt\na page\nDear diary"
    assert file.url == inner["files"][0]["url_private"]
    assert "Dear diary" in message.text


def test_words_beside_the_text_are_carried_once() -> None:
    inner = event("message")
    inner["blocks"] += [
        {"type": "image", "alt_text": "Joe's scan", "title": {"type": "plain_text", "text": "Scan"}},
        {"type": "image", "alt_text": "Joe's scan"},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_list", "elements": [{"type": "text", "text": "a list"}]}],
        },
    ]

    assert said(inner).carried == ("Joe's scan", "Scan", "a list")


def test_a_forwarded_message_is_carried() -> None:
    forwarded = {"blocks": [{"type": "rich_text", "elements": [{"type": "text", "text": "Joe &amp; his results"}]}]}
    inner = {**event("message"), "text": ""}
    inner["attachments"] = [
        {"is_share": True, "from_url": "https://x.slack.com/archives/C1/p1", "message_blocks": [{"message": forwarded}]}
    ]

    assert said(inner).carried == ("Has anybody tried the new clinic?", "Joe & his results")


def test_what_a_linked_page_says_is_not_the_members_word() -> None:
    inner = {**event("message"), "attachments": event("message_changed_unfurl")["message"]["attachments"]}

    assert said(inner).carried == ()


def test_an_unknown_author_is_named_by_id() -> None:
    spoken = sift(event("message"), ME)
    assert isinstance(spoken, Spoken)

    assert message_from(spoken, ME, Surroundings()).author == Author(id="U0MARTA001", name="U0MARTA001")


def test_mentions_are_read_as_names() -> None:
    message = said({**event("message"), "text": "ask <@U0MARTA001> &amp; <@U0IBRAHIM1>"})

    assert message.typed.plain == "ask @Marta & @U0IBRAHIM1"
    assert message.typed.source == "ask <@U0MARTA001> &amp; <@U0IBRAHIM1>"
