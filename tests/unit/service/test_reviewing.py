"""What people do to cases twice, too early or too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case import CaseState
from bot.domain.errors import IllegalTransitionError
from bot.domain.words import ButtonKind
from bot.service.desk import Desk
from tests.factories import MEMBER, OnePolicy, make_policy, shipped_wordings
from tests.unit.service.conftest import House

LEAK = "Joe has cancer [third_party_phi=.9]"


async def test_asking_again_while_nobody_has_answered_tells_nobody_twice(house: House) -> None:
    await house.say(LEAK)
    [case] = await house.review.queue()

    for _ in range(3):
        await house.review.appeal(case.id, "ana")
        house.clock.move(timedelta(seconds=1))
        await house.worker.settle()

    assert house.told()[1:] == ["A person will look at it."]
    assert len(house.team_reads()) == 2


async def test_asking_again_after_an_answer_is_heard(house: House) -> None:
    await house.say(LEAK)
    [case] = await house.review.queue()
    await house.review.appeal(case.id, "ana")
    await house.review.uphold(case.id, "rev")
    house.clock.move(timedelta(seconds=1))
    await house.review.appeal(case.id, "ana")
    await house.worker.settle()

    assert len(house.team_reads()) == 3


async def test_redacted_version_is_not_posted_beside_a_message_that_still_stands(house: House) -> None:
    house.world.hiding_allowed = False
    await house.say(LEAK)
    [case] = await house.review.queue()

    assert [button.kind for button in house.world.notes[0].words.buttons] == [ButtonKind.APPEAL]
    with pytest.raises(IllegalTransitionError):
        await house.review.repost(case.id, "ana")
    assert (await house.review.case(case.id)).state is CaseState.OPEN


async def test_author_who_posted_the_redacted_version_can_still_get_the_whole_one_back(house: House) -> None:
    await house.say(LEAK)
    [case] = await house.review.queue()
    await house.review.repost(case.id, "ana")
    await house.worker.settle()
    await house.review.appeal(case.id, "ana")
    await house.review.restore(case.id, "rev")
    await house.worker.settle()

    assert LEAK in [post.text for post in house.world.posts.values() if not post.hidden]
    assert house.told()[-1] == "Your message is back."


@pytest.mark.parametrize("kind", [ButtonKind.OPEN, ButtonKind.RESTORE, ButtonKind.UPHOLD, ButtonKind.ACKNOWLEDGE])
async def test_member_can_not_do_what_reviewers_do(house: House, kind: ButtonKind) -> None:
    await house.say(LEAK)
    [case] = await house.review.queue()

    answer = await Desk(house.store, house.review, house.policies).press(kind, case.id, MEMBER)

    assert (answer.case, answer.kept) == (None, None)
    assert await house.review.trail(case.id) == []
    assert (await house.review.case(case.id)) == case


@pytest.mark.parametrize(
    ("hidden", "labels", "fine", "hide"),
    [
        (
            True,
            ["Bring it back", "Keep it hidden"],
            "Done. The message comes back, and its author hears of it.",
            "Done. The message stays hidden.",
        ),
        (
            False,
            ["It is fine", "Hide it"],
            "Done. The message stays where it is.",
            "Done. The message is going to be hidden, and its author is told in private.",
        ),
    ],
)
async def test_a_button_says_what_it_does_to_a_message_that_is_hidden_and_to_one_that_stands(
    house: House, *, hidden: bool, labels: list[str], fine: str, hide: str
) -> None:
    house.world.hiding_allowed = hidden
    for author in ("ana", "ben"):
        await house.say(LEAK, author=replace(MEMBER, id=author))
    first, second = await house.review.queue()
    reviewer = replace(MEMBER, id="mo", platform_roles=frozenset({"mods"}))
    desk = Desk(house.store, house.review, OnePolicy(make_policy(wordings=shipped_wordings())))

    assert [button.label for button in (await desk.press(ButtonKind.OPEN, first.id, reviewer)).buttons] == labels
    assert (await desk.press(ButtonKind.RESTORE, first.id, reviewer)).text == fine
    assert (await desk.press(ButtonKind.UPHOLD, second.id, reviewer)).text == hide


@pytest.mark.parametrize(
    ("hidden", "who", "kind", "heard"),
    [
        (True, "ben", ButtonKind.REPOST, "Solo quien escribió el mensaje puede hacer esto."),
        (False, "ana", ButtonKind.REPOST, "Tu mensaje sigue en la sala."),
        (True, "mo", ButtonKind.UPHOLD, "Mientras tanto algo cambió, y por eso esto ya no se puede hacer."),
        (True, "mo", ButtonKind.OPEN, "El texto de este caso está borrado, y por eso ya no se puede hacer."),
    ],
)
async def test_what_can_not_be_done_is_said_in_the_language_of_who_pressed(
    house: House, *, hidden: bool, who: str, kind: ButtonKind, heard: str
) -> None:
    house.world.hiding_allowed = hidden
    await house.say(LEAK)
    [case] = await house.review.queue()
    if kind is ButtonKind.UPHOLD:
        await house.review.uphold(case.id, "rev")
    if kind is ButtonKind.OPEN:
        await house.review.erase(case.id, "rev")
    by = replace(MEMBER, id=who, locale="es-MX", platform_roles=frozenset({"mods"} if who == "mo" else ()))
    desk = Desk(house.store, house.review, OnePolicy(make_policy(wordings=shipped_wordings())))

    assert (await desk.press(kind, case.id, by)).text.startswith(heard)
