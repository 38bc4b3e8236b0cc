"""What a message is read after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.message import Author, Message
from bot.service.recent import RecentTalk
from tests.factories import MEMBER, NOON, make_message, make_ref

BEN = Author(id="ben", name="Ben")


def said(text: str, author: Author = MEMBER, *, minute: float = 0, answers: Message | None = None) -> Message:
    message = make_message(text, ref=make_ref(text), author=author, at=NOON + timedelta(minutes=minute))
    return replace(message, reply_to=answers.ref if answers else None)


@pytest.fixture
def talk() -> RecentTalk:
    return RecentTalk()


def heard(talk: RecentTalk, message: Message) -> list[str]:
    """What the message is read after; an author's own words have a star."""
    context = talk.in_context(message, lambda author: False).context
    return [f"{earlier.text}{'*' * earlier.same_author}" for earlier in context]


def test_the_first_message_is_read_by_itself(talk: RecentTalk) -> None:
    assert heard(talk, said("one")) == []


def test_two_messages_are_enough(talk: RecentTalk) -> None:
    for number, text in enumerate(["one", "two", "three"]):
        heard(talk, said(text, BEN, minute=number))

    assert heard(talk, said("four", minute=3)) == ["two", "three"]


def test_the_authors_own_last_words_come_before_those_of_others(talk: RecentTalk) -> None:
    heard(talk, said("mine"))
    for number, text in enumerate(["two", "three", "four"]):
        heard(talk, said(text, BEN, minute=number + 1))

    assert heard(talk, said("five", minute=5)) == ["mine*", "four"]


@pytest.mark.parametrize("told", [None, "1.5"])
def test_nothing_is_read_after_what_was_deleted(talk: RecentTalk, told: str | None) -> None:
    leak = said("Joe from the hall has cancer")
    leak = replace(leak, ref=replace(leak.ref, thread="1.5"))
    elsewhere = said("Joe from the hall has cancer")
    heard(talk, leak)
    heard(talk, elsewhere)

    talk.forget(replace(leak.ref, thread=told))

    later = said("thank you all", minute=1)
    assert heard(talk, replace(later, ref=replace(later.ref, thread="1.5"))) == []


def test_an_answer_is_read_after_what_it_answers_and_nothing_else(talk: RecentTalk) -> None:
    asked = said("anyone heard from Anna?", BEN)
    heard(talk, asked)
    heard(talk, said("what a game last night", BEN, minute=1))

    assert heard(talk, said("back in rehab", minute=2, answers=asked)) == ["anyone heard from Anna?"]


def test_an_answer_to_what_nobody_remembers_is_read_after_the_latest(talk: RecentTalk) -> None:
    heard(talk, said("one", BEN))

    assert heard(talk, said("two", minute=1, answers=said("gone", BEN))) == ["one"]


def test_old_talk_and_later_talk_are_another_conversation(talk: RecentTalk) -> None:
    heard(talk, said("old", BEN))
    heard(talk, said("later", BEN, minute=60))

    assert heard(talk, said("now", minute=31)) == []


def test_an_edited_message_is_not_its_own_context(talk: RecentTalk) -> None:
    first = said("one")
    heard(talk, first)

    assert heard(talk, replace(first, revision="2")) == []
