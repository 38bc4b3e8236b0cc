"""What the bot shows: Words as content and buttons, a case to the reviewer who opened it, text cut to Discord's sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord

from bot.adapters.discord.marks import component_id, footnote
from bot.domain.words import Button, ButtonKind, Link, Words
from bot.service.desk import Answer

if TYPE_CHECKING:
    import re

#: Characters in a message's content. Source: Message resource, "Create Message".
CONTENT = 2000
LABEL = 80
_STYLES = {
    ButtonKind.ACKNOWLEDGE: discord.ButtonStyle.danger,
    ButtonKind.OPEN: discord.ButtonStyle.primary,
    ButtonKind.REPOST: discord.ButtonStyle.primary,
}
_KINDS = "|".join(ButtonKind)


class CaseButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"chaperone:(?P<kind>{_KINDS}):(?P<case>[\w-]{{1,60}})"
):
    """A button that does something to a case. All it knows stands in its custom_id, so it works after a restart too."""

    def __init__(self, button: Button, *, number: int | None = None) -> None:
        style = _STYLES.get(button.kind, discord.ButtonStyle.secondary)
        custom_id = f"chaperone:{button.kind}:{button.case}"
        super().__init__(
            discord.ui.Button(style=style, label=button.label[:LABEL] or None, custom_id=custom_id, id=number)
        )
        self._button = button

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> CaseButton:
        """The button that was pressed."""
        return cls(Button(kind=ButtonKind(match["kind"]), case=match["case"], label="-"))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press on."""
        await interaction.client.counter.pressed(interaction, self._button.kind, self._button.case)


class ShowButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"chaperone:show:(?P<nonce>[0-9a-f]{24}):(?P<member>[0-9]{1,20})",
):
    """The button in a room under which one member finds what the bot could not send them in private."""

    def __init__(self, nonce: str, member: str, label: str) -> None:
        super().__init__(discord.ui.Button(label=label[:LABEL] or "…", custom_id=f"chaperone:show:{nonce}:{member}"))
        self._nonce = nonce
        self._member = member

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> ShowButton:
        """The button that was pressed."""
        return cls(match["nonce"], match["member"], "-")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press on."""
        await interaction.client.counter.asked_to_see(interaction, self._nonce, self._member)


def view_of(buttons: Sequence[Button], links: Sequence[Link] = (), *, key: str | None = None) -> discord.ui.View | None:
    """Buttons under a message; the first one carries the mark of ``key``. None where there are none."""
    if not buttons and not links:
        return None
    view = discord.ui.View(timeout=None)
    number = None if key is None else component_id(key)
    for button in buttons:
        view.add_item(CaseButton(button, number=number))
        number = None
    for link in links:
        view.add_item(discord.ui.Button(label=link.label[:LABEL] or None, url=link.url, id=number))
        number = None
    return view


def contents(words: Words) -> list[str]:
    """The words' text in messages; with the mark as a last line where no button can carry it."""
    marked = words.buttons or words.links
    return parts(words.text if marked else f"{words.text}\n{footnote(words.key)}")


def case_contents(answer: Answer) -> list[str]:
    """What the one who pressed reads; the case's text where they opened it."""
    text = answer.text or "…"
    if answer.kept is None:
        return parts(text)
    message = answer.kept.message
    shown = "\n".join(f"> {line}" for line in message.text.splitlines()) or "> …"
    return parts(f"{text}\n\n**{discord.utils.escape_markdown(message.author.name)}** · {message.room_name}\n{shown}")


def parts(text: str, size: int = CONTENT) -> list[str]:
    """``text`` in pieces of at most ``size`` characters, cut at the end of a line or a word where there is one in the last half."""
    pieces: list[str] = []
    while len(text) > size:
        half = size // 2
        at = max(text.rfind("\n", half, size), 0) or max(text.rfind(" ", half, size), 0) or size
        pieces.append(text[:at])
        text = text[at:].lstrip("\n ") if at < size else text[at:]
    return [*pieces, text] if text or not pieces else pieces
