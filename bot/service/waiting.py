"""Whether a message is a call for help that nobody has answered yet."""

from __future__ import annotations

from bot.domain.case import CaseReason
from bot.domain.message import MessageRef
from bot.domain.on_call import is_answered
from bot.service.store import Store


async def awaits_answer(store: Store, message: MessageRef) -> bool:
    """Whether some revision of the message may have spoken of danger and no person has taken its case on."""
    for decision in await store.decisions.of_message(message):
        if decision.case is None:
            continue
        case = await store.cases.case(decision.case)
        if case.reason is CaseReason.DANGER and not is_answered(case):
            return True
    return False
