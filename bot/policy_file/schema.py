"""The policy language as models: what may be written, what each key means. The reference page and the JSON Schema come from here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from bot.domain.decision import ActionKind
from bot.domain.message import PlatformName, Role, RoomKind
from bot.domain.reading import IdentifierKind
from bot.policy_file.care_sheet import AnswersSheet, DeskKeys, HelpLinesSheet, OnCallSheet
from bot.policy_file.fields import AskedFor, Duration, Levels, Listed, ModeAndShare, Name, Probability
from bot.policy_file.shapes import OrMode, OrText, ShortAction

#: Actions that last, and need to be told how long.
LASTING = (ActionKind.SLOW_DOWN, ActionKind.TIME_OUT)
#: Actions that say something, and take a wording.
SPEAKING = (
    ActionKind.PAGE,
    ActionKind.REPLY,
    ActionKind.NOTE,
    ActionKind.NUDGE,
    ActionKind.SCHEDULE,
    ActionKind.NOTIFY,
)
#: A language as two letters (ISO 639-1).
Language = Annotated[str, Field(pattern="^[a-z]{2}$")]


class Sheet(BaseModel):
    """What all parts of a policy have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RepetitionSheet(Sheet):
    """The same author says the same thing again and again."""

    times: int = Field(ge=2, le=100, description="How many times, this one counted.")
    within: Duration = Field(description="Within how long, at most 7d.")


class ConditionSheet(Sheet):
    """Every key that is given must hold; a key with several values holds where one of them does."""

    labels: Levels | None = Field(
        default=None,
        description="What the message does, in the words of the labelling guide; with a probability, from there on.",
        examples=[["third_party_phi"], {"pseudoscience": 0.8}],
    )
    phrases: Listed[str] | None = Field(
        default=None,
        description="Words that stand in the message, whole words, whatever the case, disguised or not, with hyphens or without; "
        "a star at the start or the end stands for any letters.",
        examples=[["miracle cure", "colloidal silver"]],
    )
    patterns: Listed[str] | None = Field(
        default=None,
        description="Regular expressions (RE2, so without look-around and back-references), whatever the case.",
        examples=[[r"\bcure[sd]? (my|your) cancer\b"]],
    )
    links: Listed[str] | None = Field(
        default=None,
        description='Domains that the message links to, with all below them; "*" stands for any part, "*" alone for any link.',
        examples=[["bit.ly", "*.example.com"]],
    )
    identifiers: Listed[IdentifierKind] | None = Field(
        default=None,
        description="Kinds of identifier that stand in the message, whoever's they are.",
        examples=[["ssn", "card"], ["phone", "email"]],
    )
    attachments: bool | None = Field(default=None, description="Whether files came with the message.")
    roles: Listed[Role] | None = Field(default=None, description="Who wrote it.")
    room_kinds: Listed[RoomKind] | None = Field(default=None, description="The kind of room it stands in.")
    rooms: Listed[str] | None = Field(default=None, description="Rooms, by id or name, * and ? allowed.")
    languages: Listed[Language] | None = Field(default=None, description="The author's language on the platform.")
    member_for_less_than: Duration | None = Field(
        default=None, description="The author joined less than this ago. Does not hold where that is unknown."
    )
    first_post: bool | None = Field(
        default=None, description="Whether the author wrote nothing else in the last 7 days."
    )
    repetition: RepetitionSheet | None = Field(default=None, description="The author repeats themselves.")
    strikes_at_least: float | None = Field(
        default=None, gt=0, le=1000, allow_inf_nan=False, description="What earlier rules have counted, after decay."
    )


class ActionSheet(Sheet):
    """One thing to do. Written as a word (``hide``), with a wording (``note: note_pseudoscience``), or with keys."""

    action: AskedFor = Field(description="What to do.")
    wording: Name | None = Field(default=None, description="The key of the words to use instead of the usual ones.")
    contact: Name | None = Field(default=None, description="For schedule: which contact answers.")
    duration: Duration | None = Field(default=None, description="For slow_down and time_out: how long.")
    urgency: Literal["routine", "soon", "now"] | None = Field(default=None, description="How soon a human should look.")

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, value: object) -> object:
        if isinstance(value, str):
            return {"action": value}
        if not isinstance(value, dict) or "action" in value or len(value) != 1:
            return value
        [(action, rest)] = value.items()
        if isinstance(rest, dict):
            return {"action": action, **rest}
        if rest is None:
            return {"action": action}
        return {"action": action, ("duration" if action in LASTING else "wording"): rest}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Only the keys that stand below the action's name."""
        made = handler.resolve_ref_schema(handler(core))
        keys = {name: shape for name, shape in made["properties"].items() if name != "action"}
        made.pop("required", None)
        return {**made, "properties": keys}


AnAction = Annotated[ActionSheet, ShortAction()]


class EarlierSheet(Sheet):
    """A message before the one of an example."""

    author: Literal["same", "other"] = Field(default="other", description="Whether the same person wrote it.")
    text: str = Field(description="What it says.")


class ExampleSheet(Sheet):
    """A message, and what must happen to it. ``policy check`` tries every example."""

    text: str = Field(description="The message.")
    room: RoomKind = Field(default=RoomKind.COMMUNITY, description="The kind of room it stands in.")
    room_name: str = Field(default="", description="The room's name, where the rule asks for it.")
    author: Role = Field(default=Role.MEMBER, description="Who writes it.")
    language: Language | None = Field(default=None, description="The author's language.")
    context: tuple[EarlierSheet, ...] = Field(default=(), description="What was said before, oldest first.")
    labels: Levels | None = Field(
        default=None, description="What it does. Taken for the reading where the example is tried without a reader."
    )
    identifiers: Listed[IdentifierKind] | None = Field(
        default=None,
        description="What identifiers stand in it. Taken for the reading where the example is tried without a reader.",
    )
    attachments: bool = Field(default=False, description="Whether a file comes with it.")
    member_for: Duration | None = Field(default=None, description="How long ago the author joined.")
    first_post: bool = Field(default=False, description="Whether it is the author's first post.")
    repeats: int = Field(default=0, ge=0, le=100, description="How often the author has just said the same.")
    strikes: float = Field(default=0, ge=0, le=1000, description="What counts against the author already.")
    then: Listed[AskedFor] | None = Field(
        default=None, description="What must be among the actions. An empty list: nothing may happen at all."
    )
    never: Listed[AskedFor] | None = Field(default=None, description="What must not be among the actions.")
    desk: Name | None = Field(default=None, description="The desk that must answer, by its short name in contacts.")


class RuleSheet(Sheet):
    """One rule: when it applies, and what to do then. An extending policy may change single keys of it."""

    title: str | None = Field(default=None, max_length=100, description="What the rule is for, in a few words.")
    when: ConditionSheet | None = Field(default=None, description="When the rule applies.")
    unless: ConditionSheet | None = Field(
        default=None, description="When it does not apply all the same. All keys given must hold."
    )
    do: Listed[AnAction] | None = Field(default=None, description="What to do.")
    mode: ModeAndShare | None = Field(
        default=None,
        description="act; shadow (only record what would have been done); off; or act 20% (acts on that share, shadow for the rest).",
    )
    ask_at: Probability | None = Field(
        default=None, description="From this probability on a human is asked; the message stays."
    )
    hide_at: Probability | None = Field(
        default=None,
        description="From this probability on the rule does all it says. Without it the reader's own default holds.",
    )
    strikes: float | None = Field(
        default=None, ge=0, le=100, allow_inf_nan=False, description="What a certain match counts against its author."
    )
    priority: int | None = Field(
        default=None,
        ge=-100,
        le=100,
        description="Where several rules say something, the wording of the highest one is used.",
    )
    examples: tuple[ExampleSheet, ...] | None = Field(
        default=None, description="Messages, and what must happen to them."
    )

    @model_validator(mode="before")
    @classmethod
    def _as_mode(cls, value: object) -> object:
        return {"mode": value} if isinstance(value, str) else value


class RoomSheet(Sheet):
    """Rooms that the bot watches."""

    match: str = Field(min_length=1, description="A room's id, or its name; * and ? stand for any letters.")
    kind: RoomKind = Field(
        description="community: members talk to members; practice: patients read it; staff: only staff read it."
    )
    platform: PlatformName | None = Field(default=None, description="Only on this platform.")


class PeopleSheet(Sheet):
    """Who is who, by platform role, user group, or a person's id."""

    staff: Listed[str] | None = Field(default=None, description="Who works for the practice.")
    moderators: Listed[str] | None = Field(default=None, description="Who moderates, and may decide on cases.")


class ContactSheet(DeskKeys, Sheet):
    """A desk, department or provider that questions are sent to. A name with a phone number or a link is enough."""


class PolicySheet(Sheet):
    """One policy file, or one pack."""

    name: str | None = Field(
        default=None, min_length=1, max_length=80, description="The community's name, as members read it."
    )
    extends: Listed[Name] | None = Field(
        default=None,
        description="Packs to start from; a later one overrides an earlier one, this file overrides them all.",
    )
    language: Language | None = Field(default=None, description="The community's language.")
    country: str | None = Field(
        default=None,
        pattern="^[A-Z]{2}$",
        description="Two capital letters (ISO 3166): whose emergency numbers are given.",
    )
    team_room: str | None = Field(
        default=None, min_length=1, description="The room, by id or name, that hears notices and pages."
    )
    people: PeopleSheet | None = Field(default=None, description="Who is staff and who moderates.")
    rooms: tuple[RoomSheet, ...] | None = Field(
        default=None, description="The rooms that are watched; the first entry that fits a room counts."
    )
    contacts: dict[Name, ContactSheet] | None = Field(default=None, description="Desks by a short name.")
    answers: AnswersSheet | None = Field(default=None, description="How questions are answered.")
    on_call: tuple[OnCallSheet, ...] | None = Field(
        default=None,
        description="Whom a page goes to until somebody answers it, step by step and then from the start; the first step at once.",
    )
    help_lines: HelpLinesSheet | None = Field(
        default=None, description="Numbers to call in danger, in place of the country's."
    )
    wordings: dict[Name, Annotated[dict[Language, str], OrText()]] | None = Field(
        default=None, description="What the bot says, by key and language."
    )
    rules: dict[Name, Annotated[RuleSheet, OrMode()]] | None = Field(
        default=None, description="The rules by a short name."
    )
    strike_half_life: Duration | None = Field(default=None, description="After how long a strike counts half.")
    keep_text_for: Duration | None = Field(
        default=None, description="After how long the text of a closed case is forgotten."
    )
    keep_readings: bool | None = Field(
        default=None,
        description="Whether readings without text are kept of messages on which nothing was done, for backtests.",
    )
    trial_cases: bool | None = Field(
        default=None,
        description="Whether the queue asks people about what rules in shadow would have done (yes, unless you say false): at most 20 "
        "messages a day for each rule. Their texts are kept as those of other cases are.",
    )
