"""Bringing a hidden message back: Enterprise Grid takes the notice away, elsewhere it is posted again under its author's name."""

from __future__ import annotations

from bot.adapters.slack.api import Payload, SlackApi
from bot.adapters.slack.errors import SlackRefusedError
from bot.adapters.slack.events import message_ref
from bot.adapters.slack.grid import Grid
from bot.adapters.slack.people import People
from bot.adapters.slack.text import Names, encode, mentioned, split, without_calls
from bot.adapters.slack.view import attribution
from bot.adapters.slack.voice import Place, Saying, Voice
from bot.domain.message import Message
from bot.domain.outcome import How, Outcome
from bot.domain.words import Words

#: Stands where a message had no text, only files, which Slack does not give back.
NO_TEXT = "(a message without text)"
#: A longer name would be refused; Slack's own names have at most 80 characters.
_NAME = 80


class Restoring:
    """Brings messages back."""

    def __init__(self, api: SlackApi, voice: Voice, people: People) -> None:
        self._api = api
        self._voice = voice
        self._people = people
        self._grid = Grid(api.grid) if api.grid is not None else None
        self._may_borrow_names = True

    async def restore(self, message: Message, text: str, words: Words, *, again: bool) -> Outcome:
        """Bring back ``message``, or ``text``, its markup, in its stead. Nobody is called by it a second time."""
        if text == message.typed.source and await self._lifted(message):
            return Outcome(how=How.RESTORED, posted=message.ref)
        place = Place(channel=message.ref.room.room, thread=message.ref.thread)
        before = await self._voice.said(place, words.key) if again else {}
        parts = split(without_calls(text, await self._names(text)).strip() or NO_TEXT)
        for number, part in enumerate(parts):
            if number not in before:
                line = attribution(words) if number == len(parts) - 1 else []
                what = Saying(key=words.key, text=part, part=number, extras={"attachments": line} if line else {})
                before[number] = await self._say_as(message, place, what)
        me = await self._api.identity()
        return Outcome(how=How.RESTORED, posted=message_ref(me, place.channel, before[0], place.thread))

    async def _lifted(self, message: Message) -> bool:
        """Whether Enterprise Grid gave the message itself back."""
        if self._grid is None:
            return False
        try:
            await self._api.call(self._grid.restore, ref=message.ref)
        except SlackRefusedError:
            return False  # it was deleted, not tombstoned
        return True

    async def _names(self, text: str) -> Names:
        authors = await self._people.authors_patiently(sorted(mentioned(text)))
        return Names(users={user: author.name for user, author in authors.items()})

    async def _say_as(self, message: Message, place: Place, what: Saying) -> str:
        """Post under the author's name and picture; as the bot, naming the author, where the app may not borrow names."""
        author = message.author
        if self._may_borrow_names:
            try:
                borrowed: Payload = {"username": author.name[:_NAME], "icon_url": author.picture}
                return await self._voice.say(place, _with(what, what.text, borrowed))
            except SlackRefusedError as refused:
                if refused.code != "missing_scope":
                    raise
                self._may_borrow_names = False
        return await self._voice.say(place, _with(what, f"{encode(author.name)} wrote:\n{what.text}", {}))


def _with(what: Saying, text: str, extras: Payload) -> Saying:
    return Saying(key=what.key, text=text, part=what.part, urgent=what.urgent, extras={**what.extras, **extras})
