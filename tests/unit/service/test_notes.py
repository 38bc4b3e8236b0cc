"""A note never tells its reader what is not so."""

from __future__ import annotations

from bot.domain.case import CaseReason
from tests.unit.service.conftest import House

LEAK = "Joe has cancer [third_party_phi=.9]"


async def test_where_only_the_author_can_delete_they_are_asked_and_not_told_that_it_is_hidden(house: House) -> None:
    house.world.hiding_allowed = False

    message = await house.say(LEAK)

    assert house.world.visible(message.ref) is not None
    [asked] = house.told()
    assert "delete" in asked
    [case] = await house.review.queue()
    assert (case.reason, case.hidden) == (CaseReason.ASSISTED, False)
    assert len(house.team_reads()) == 1


async def test_once_hiding_works_again_a_reviewers_decision_is_told_as_it_is(house: House) -> None:
    house.world.hiding_allowed = False
    message = await house.say(LEAK)
    [case] = await house.review.queue()
    house.world.hiding_allowed = True

    await house.review.uphold(case.id, "rev")
    await house.worker.settle()

    assert house.world.visible(message.ref) is None
    assert house.told()[1:] == ["We have hidden your message in patients."]
