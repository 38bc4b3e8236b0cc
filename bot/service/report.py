"""Somebody points at a message: a case for the moderators, and a thank-you. Nothing is hidden for it."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta

from bot.domain.case import CaseReason, CaseState, case_about, case_id
from bot.domain.decision import Action, ActionKind, Decision, Source, Urgency
from bot.domain.message import Author, Message
from bot.domain.wording import Variable, fill, template
from bot.service.desk import Answer
from bot.service.ports import Clock, Policies
from bot.service.store import Kept, Store

#: The report's decision is due at once, for whichever process serves the platform.
_NO_LEASE = timedelta(0)


class Reports:
    """Takes reports from a platform's menu."""

    def __init__(self, store: Store, policies: Policies, clock: Clock, wake: asyncio.Event) -> None:
        self._store = store
        self._policies = policies
        self._clock = clock
        self._wake = wake

    async def report(self, message: Message, by: Author) -> Answer:
        """Open a case about ``message``, unless one is open already; what the reporter reads."""
        policy = self._policies.policy_for(message.ref.room)
        known = await self._store.cases.of_message(message.ref)
        if known is None or known.state is not CaseState.OPEN:
            asked = self._decision(message, by, policy.hash, policy.language)
            decision = replace(asked, case=case_id(asked))
            case = case_about(decision, message, CaseReason.REPORTED)
            await self._store.decisions.record(decision, case, Kept(message=message), _NO_LEASE)
            self._wake.set()
        language = (by.locale or policy.language).split("-")[0]
        text = template(policy, "pressed_report", language) or "Thank you. The moderators will look at it."
        return Answer(text=fill(text, {Variable.GROUP: policy.name}))

    def _decision(self, message: Message, by: Author, policy: str, language: str) -> Decision:
        return Decision(
            id=hashlib.sha256(f"report|{message.key}|{by.id}".encode()).hexdigest()[:20],
            message=message.ref,
            revision=message.revision,
            author=message.author.id,
            policy=policy,
            decided_at=self._clock.now(),
            source=Source.HUMAN,
            by=by.id,
            actions=(
                Action(kind=ActionKind.QUEUE, urgency=Urgency.SOON),
                Action(kind=ActionKind.NOTIFY, wording="notify_report", urgency=Urgency.SOON),
            ),
            explanations=("A member asked the moderators to look at this message.",),
            language=language,
        )
