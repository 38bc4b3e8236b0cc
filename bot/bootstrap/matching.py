"""The matcher that everything goes by: apart from the reader, so that a command may use it that loads no model."""

from __future__ import annotations

from bot.policy_file.match import PolicyMatcher
from bot.reading.normalise import normalise


def shipped_matcher() -> PolicyMatcher:
    """The matcher of phrases, patterns and links, on text without disguise."""
    return PolicyMatcher(lambda text: normalise(text).plain)
