"""Words for tests, and the buttons under what the bot posted."""

from __future__ import annotations

from bot.domain.words import Button, ButtonKind, Link, Words
from tests.simulators.discord import Message as Posted

CASE = "c0ffee"


def words(
    text: str = "We have hidden your message.",
    key: str = "decision:note:",
    *,
    kinds: tuple[ButtonKind, ...] = (),
    link: str = "",
    urgent: bool = False,
    call: tuple[str, ...] = (),
) -> Words:
    return Words(
        key=key,
        text=text,
        buttons=tuple(Button(kind=kind, case=CASE, label=kind.title()) for kind in kinds),
        links=(Link(url=link, label="Book"),) if link else (),
        urgent=urgent,
        call=call,
        knock="Something private is here for you.",
        show="Show it",
    )


def custom_ids(posted: Posted) -> list[str]:
    """The custom ids of the buttons under a message."""
    return [button.get("custom_id", "") for row in posted.components for button in row["components"]]
