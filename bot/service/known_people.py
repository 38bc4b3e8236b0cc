"""Who is who: the names of those who wrote since the start, and of those whom the policy's directory names. Lives in memory only."""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterator

from bot.domain.message import Message, Role
from bot.domain.policy import Policy

#: So many people are remembered; who wrote longest ago is forgotten first.
MOST_PEOPLE = 20_000
_WORD = re.compile(r"[^\W\d_]{2,}")


class KnownPeople:
    """Members and staff of each community, by their names."""

    def __init__(self, most: int = MOST_PEOPLE) -> None:
        self._most = most
        self._met: OrderedDict[tuple[str, str], tuple[str, bool]] = OrderedDict()
        self._by_word: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def meet(self, message: Message, policy: Policy) -> None:
        """Remember who wrote ``message``, by the name they have now."""
        place, author = _community(message), message.author
        self._forget((place, author.id))
        self._met[place, author.id] = (author.name, policy.people.role(author) is Role.STAFF)
        for word in _words(author.name):
            self._by_word[place, word].add(author.id)
        if len(self._met) > self._most:
            self._forget(next(iter(self._met)))

    def named_in(self, message: Message, policy: Policy) -> tuple[frozenset[str], frozenset[str]]:
        """Names of members and names of staff that share a word with the message's text, but for its author's own."""
        place, words = _community(message), set(_words(message.text))
        ids = {known for word in words for known in self._by_word.get((place, word), ())} - {message.author.id}
        met = [self._met[place, known] for known in ids]
        listed = (name for contact in policy.contacts for name in contact.providers if words & set(_words(name)))
        return (
            frozenset(name for name, is_staff in met if not is_staff),
            frozenset(name for name, is_staff in met if is_staff) | frozenset(listed),
        )

    def _forget(self, person: tuple[str, str]) -> None:
        name, _ = self._met.pop(person, ("", False))
        place, known = person
        for word in _words(name):
            self._by_word[place, word].discard(known)
            if not self._by_word[place, word]:
                del self._by_word[place, word]


def _community(message: Message) -> str:
    return f"{message.ref.room.platform}:{message.ref.room.workspace}"


def _words(text: str) -> Iterator[str]:
    return (found[0].casefold() for found in _WORD.finditer(text))
