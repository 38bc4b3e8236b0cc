"""The numbers to call in danger that ship with the bot, by country, each with the authority that publishes it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, RootModel

from bot.domain.care import HelpLines
from bot.policy_file.resolve import SHIPPED
from bot.policy_file.tree import parse

NUMBERS = SHIPPED / "care" / "numbers.yaml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Part):
    """A page that was read and that names a number; members are never sent there, so that one without https will do."""

    authority: str = Field(min_length=2)
    title: str = Field(min_length=2)
    link: str = Field(pattern="^https?://")


class Line(_Part):
    """A line for people in a crisis. ``hours`` where it is not open day and night."""

    phone: str = Field(min_length=2)
    name: str = Field(min_length=2)
    hours: str = ""

    def __str__(self) -> str:
        open_when = f", {self.hours}" if self.hours else ""
        return f"{self.phone} ({self.name}{open_when})"


class Country(_Part):
    """The numbers of one country."""

    name: str
    emergency: str = Field(min_length=2)
    crisis: tuple[Line, ...] = Field(min_length=1)
    sources: tuple[Source, ...] = Field(min_length=1)

    def lines(self) -> HelpLines:
        """As the bot says them."""
        return HelpLines(emergency=self.emergency, crisis=" · ".join(str(line) for line in self.crisis))


class _Numbers(RootModel[dict[str, Country]]):
    """The whole file."""


@lru_cache(maxsize=1)
def countries() -> Mapping[str, Country]:
    """Every country by its two capital letters."""
    tree, problems = parse(NUMBERS.read_text(encoding="utf-8"), NUMBERS.name)
    if tree is None:
        raise ValueError(problems[0].what)
    return _Numbers.model_validate(tree.plain()).root
