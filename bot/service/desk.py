"""What happens when somebody presses a button, the same on every platform: may they, what is done, what they read."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.case import Case, Verb
from bot.domain.errors import ChaperoneError, ErasedError, IllegalTransitionError
from bot.domain.message import Author, Role, RoomRef
from bot.domain.policy import Policy
from bot.domain.wording import Variable, fill, template
from bot.domain.words import Button, ButtonKind, Remarks
from bot.service.ports import Policies
from bot.service.review import NotYoursError, Review
from bot.service.say import doing, language_for, remarks_for, review_buttons
from bot.service.store import Kept, Store

#: What only the author of the message may press; everything else is for staff and moderators.
_AUTHORS_OWN = frozenset({ButtonKind.APPEAL, ButtonKind.REPOST})
_REVIEWERS = frozenset({Role.STAFF, Role.MODERATOR})
#: The words for what could not be done; any other trouble is the operator's, and says itself what it is.
_NOT_DONE = {NotYoursError: "not_yours", ErasedError: "text_erased", IllegalTransitionError: "too_late"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the one who pressed reads, seen by nobody else. ``kept`` is the case's text where they opened it."""

    text: str
    case: Case | None = None
    kept: Kept | None = None
    buttons: tuple[Button, ...] = ()


class Desk:
    """Answers presses."""

    def __init__(self, store: Store, review: Review, policies: Policies) -> None:
        self._store = store
        self._review = review
        self._policies = policies

    def remarks(self, room: RoomRef, locale: str | None) -> Remarks:
        """What a platform says by itself to a person with this ``locale``; to everybody in the room where it is None."""
        return remarks_for(self._policies.policy_for(room), locale)

    async def press(self, kind: ButtonKind, case: str, by: Author) -> Answer:
        """Do what the button asks for, if ``by`` may; what went wrong is said kindly and never raised."""
        try:
            found = await self._store.cases.case(case)
            policy = self._policies.policy_for(found.message.room)
            language = language_for(policy, by.locale)
            if kind not in _AUTHORS_OWN and policy.people.role(by) not in _REVIEWERS:
                return Answer(text=_say(policy, "not_a_reviewer", language, found))
            return await self._try(kind, found, by, policy, language)
        except ChaperoneError as error:
            return Answer(text=str(error))

    async def _try(self, kind: ButtonKind, case: Case, by: Author, policy: Policy, language: str) -> Answer:
        try:
            return await self._do(kind, case, by, policy, language)
        except (NotYoursError, ErasedError, IllegalTransitionError) as error:
            key = _NOT_DONE[type(error)]
            if key == "too_late" and kind is ButtonKind.REPOST and case.allows(Verb.REPOST) and not case.hidden:
                key = "delete_first"
            return Answer(text=_say(policy, key, language, case))

    async def _do(self, kind: ButtonKind, case: Case, by: Author, policy: Policy, language: str) -> Answer:
        if kind is ButtonKind.OPEN:
            opened, kept = await self._review.open(case.id, by.id)
            return Answer(text=opened.why, case=opened, kept=kept, buttons=review_buttons(opened, policy, language))
        match kind:
            case ButtonKind.RESTORE:
                changed = await self._review.restore(case.id, by.id)
            case ButtonKind.UPHOLD:
                changed = await self._review.uphold(case.id, by.id)
            case ButtonKind.ACKNOWLEDGE:
                changed = await self._review.acknowledge(case.id, by.id)
            case ButtonKind.HAND_ON:
                changed = await self._review.hand_on(case.id, by.id, policy.team_room)
            case ButtonKind.APPEAL:
                changed = await self._review.appeal(case.id, by.id)
            case _:
                changed = await self._review.repost(case.id, by.id)
        return Answer(text=_say(policy, f"pressed_{doing(kind, case)}", language, changed), case=changed)


def _say(policy: Policy, key: str, language: str, case: Case) -> str:
    text = template(policy, key, language) or key.replace("_", " ").capitalize() + "."
    return fill(text, {Variable.GROUP: policy.name, Variable.CASE: case.id, Variable.ROOM: case.room_name})
