"""The part of the policy language that leads to people: desks and their hours, answers, calling whoever is on call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from bot.policy_file.fields import Duration, Listed, Name
from bot.policy_file.hours import DAYS, EXPECTED, Span, parse_entry, parse_holiday

T = TypeVar("T")
V = TypeVar("V")


def _told(parse: Callable[[V], T]) -> Callable[[V], T]:
    """``parse`` whose complaint is shown to the writer word by word."""

    def parsed(value: V) -> T:
        try:
            return parse(value)
        except (TypeError, ValueError) as error:
            raise PydanticCustomError("plain", "{said}", {"said": str(error)}) from None

    return parsed


def _by_day(value: object) -> object:
    """Each entry with its key, since both are read together."""
    if not isinstance(value, Mapping):
        raise TypeError(EXPECTED)
    return {days: (days, times) for days, times in value.items()}


def _entry(value: tuple[str, object]) -> tuple[Span, ...]:
    return parse_entry(*value)


Hours = Annotated[
    dict[str, Annotated[tuple[Span, ...], BeforeValidator(_told(_entry))]],
    BeforeValidator(_told(_by_day)),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": {"type": ["string", "array"], "items": {"type": "string"}},
            "examples": [{f"{DAYS[0]}-{DAYS[4]}": "8:00-12:00, 13:00-17:00", DAYS[5]: "9:00-12:00"}],
        }
    ),
]
Holiday = Annotated[str, BeforeValidator(_told(parse_holiday)), WithJsonSchema({"type": "string"})]


class CarePart(BaseModel):
    """What these parts of a policy have in common with all others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DeskKeys(CarePart):
    """What the directory knows of a desk."""

    name: str | None = Field(default=None, min_length=1, description="Its name, as members read it.")
    phone: str | None = Field(default=None, description="Its phone number, in quotes.")
    link: str | None = Field(default=None, description="Its scheduling page; https only.")
    topics: Listed[str] | None = Field(
        default=None,
        description="Words that lead a question here; a star at the end stands for any ending. The kinds of request do too: "
        "appointment, cancel, refill, referral, results, records, billing, form, new patient, hours, directions, question.",
        examples=[["refill", "billing", "cardio*", "blood pressure"]],
    )
    rooms: Listed[str] | None = Field(
        default=None, description="Rooms whose questions come here, by id or name, * and ? allowed."
    )
    languages: Listed[Annotated[str, Field(pattern="^[a-z]{2}$")]] | None = Field(
        default=None, description="Languages that are spoken there; all of them where none is named."
    )
    locations: Listed[str] | None = Field(default=None, description="Where it is, as members read it.")
    providers: Listed[str] | None = Field(default=None, description="Who works there, as members read it.")
    hours: Hours | None = Field(default=None, description="When somebody is there, on the desk's own clock.")
    time_zone: str | None = Field(default=None, description="Its clock, as an IANA name such as America/New_York.")
    holidays: Listed[Holiday] | None = Field(
        default=None, description="Days on which nobody is there: 2026-12-25, or 12-25 for every year."
    )
    slots: str | None = Field(
        default=None,
        description="The address of a SMART Scheduling Links publisher (it ends with $bulk-publish), whose free slots are offered.",
    )
    slots_fresh_for: Duration | None = Field(
        default=None,
        description="After how long without news from the publisher its slots are no longer offered; 30m by default.",
    )


class AnswersSheet(CarePart):
    """How questions are answered."""

    where: Literal["private", "room"] | None = Field(
        default=None, description="In private (the default), or in the room, in the question's thread."
    )
    again_after: Duration | None = Field(
        default=None, description="The same person hears the same answer again after this long; 12h by default."
    )


class OnCallSheet(CarePart):
    """A step of the chain that a page goes along until somebody answers it. Without keys the whole team's room is called."""

    mention: Listed[str] | None = Field(
        default=None, description="Roles, user groups or people, by id or name, mentioned in the team's room."
    )
    webhook: Name | None = Field(
        default=None,
        description="A webhook by the name that the operator gave it; it hears the case's id and kind only.",
    )
    wait: Duration | None = Field(default=None, description="How long until the next step; 5m by default.")


class HelpLinesSheet(CarePart):
    """Whom to call in danger, where the country's own numbers are not the right ones."""

    emergency: str | None = Field(default=None, min_length=2, description="The emergency number, in quotes.")
    crisis: str | None = Field(
        default=None, min_length=2, description="Lines for people in a crisis, with their names, in quotes."
    )
