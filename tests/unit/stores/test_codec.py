from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import VaultError
from bot.domain.message import Message
from bot.stores.codec import from_json, to_json
from tests.factories import make_message


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_that_a_platform_sends_is_written_and_keeps_its_length(text: str) -> None:
    back = from_json(Message, to_json(make_message(text))).text

    assert len(back) == len(text)
    assert back == text or any("\ud800" <= character <= "\udfff" for character in text)


def test_what_is_not_a_message_is_refused_without_being_quoted() -> None:
    with pytest.raises(VaultError, match="Message") as caught:
        from_json(Message, b'{"text": "Joe has cancer"}')
    assert "Joe" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_field_that_a_later_version_adds_is_no_obstacle() -> None:
    raw = to_json(make_message("hello"))

    assert from_json(Message, raw[:-1] + b', "added_later": 1}') == make_message("hello")
