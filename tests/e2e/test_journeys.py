"""What happens to what people write, from the platform's event to what everybody sees, with the real process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.case import CaseReason, CaseState
from bot.domain.decision import Urgency
from bot.domain.message import PlatformName
from bot.domain.words import ButtonKind
from tests.e2e.base import Posted, Scene
from tests.e2e.messages import chat, complaint, emergency, leak, leaking_emergency, promotion, question

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOOKING = "https://book.example.org/"
WHO = ("Karen", "Whitfield", "Elm")
PRIVATE = (*WHO, "cancer", "chemo", "diabetes")


def leaks(texts: list[str]) -> list[str]:
    """Those that give away what nobody should read."""
    return [text for text in texts if any(word in text for word in PRIVATE)]


async def posted_leak(scene: Scene, room: str) -> Posted:
    """A leak by a new member in a new room."""
    return scene.say(scene.person(), leak(), room=scene.room(room))


async def test_leak_is_hidden_and_its_author_told_without_a_word_of_it(scene: Scene) -> None:
    message = await posted_leak(scene, "patients-leak")
    case = await scene.hidden_and_told(message)

    [note] = scene.private(message.author)
    assert "hidden for now" in note
    assert not leaks([note, *scene.team(case.id), *scene.shown(message.room)])
    assert (case.reason, len(scene.hidings(message))) == (CaseReason.HIDDEN, 1)
    assert (await scene.case(message)).hidden


async def test_note_speaks_the_authors_language_where_the_platform_tells_it(scene: Scene) -> None:
    message = scene.say(scene.person(locale="es-ES"), leak(), room=scene.room("patients-spanish"))
    await scene.hidden_and_told(message)

    [note] = scene.private(message.author)
    told = scene.platform is PlatformName.SLACK  # Discord says it only of who presses a button
    assert note.startswith("¡Hola! Con tu mensaje" if told else "Hello! Your message")


async def test_author_of_a_promotion_reads_what_is_known_of_the_claim(scene: Scene) -> None:
    message = scene.say(scene.person(), promotion(), room=scene.room("patients-promotion"))
    await scene.hidden_and_told(message)

    [note] = scene.private(message.author)
    assert "What is known: Celery is a healthy food, but no study has shown" in note
    assert 'Read more: "Detoxes" and "Cleanses": What You Need To Know (National Center' in note
    assert "lupus" not in note


async def test_what_its_author_says_after_a_hidden_leak_stands(scene: Scene) -> None:
    author, room = scene.person(), scene.room("patients-after")
    await scene.hidden_and_told(scene.say(author, leak(), room=room))

    message = scene.say(author, "great meetup yesterday everyone", room=room)
    await scene.settled(message)

    assert scene.visible(message)
    assert await scene.bot.case_of(scene.ref(message)) is None


async def test_harmless_message_is_left_alone(scene: Scene) -> None:
    ana, room = scene.person(), scene.room("patients-chat")
    before = len(scene.requests())

    message = scene.say(ana, chat(), room=room)
    await scene.settled(message)

    assert scene.visible(message)
    assert not scene.private(ana)
    assert not [asked for asked in scene.requests()[before:] if "chat.post" in asked or asked.startswith("POST")]


async def test_author_with_closed_direct_messages_is_told_in_the_room(scene: Scene) -> None:
    ana, room = scene.person(), scene.room("patients-closed")
    scene.close_dms(ana)

    message = scene.say(ana, leak(), room=room)

    await scene.until(lambda: not scene.visible(message))
    await scene.until(lambda: scene.private(ana) or any(ana.id in text for text in scene.shown(room)))
    assert not leaks([*scene.private(ana), *scene.shown(room)])


async def test_medical_question_stays_and_is_answered_with_the_booking_link(scene: Scene) -> None:
    ana, room = scene.person(), scene.room("patients-question")

    message = scene.say(ana, question(), room=room)

    await scene.until(lambda: BOOKING in scene.links(ana))
    assert scene.visible(message)
    assert "the front desk" in scene.private(ana)[0]


@pytest.mark.parametrize("said", [emergency, leaking_emergency])
async def test_emergency_is_paged_at_once_answered_and_not_hidden(scene: Scene, said: Callable[[], str]) -> None:
    ana, room = scene.person(), scene.room(f"patients-{said.__name__}")

    message = scene.say(ana, said(), room=room)
    case = await scene.case(message)

    await scene.until(lambda: any("URGENT" in told for told in scene.team(case.id)))
    await scene.until(lambda: any("emergency number" in text for text in scene.shown(room)))
    await scene.settled(message)
    assert scene.visible(message)
    assert not leaks(scene.team(case.id))
    assert (case.reason, case.urgency) == (CaseReason.DANGER, Urgency.NOW)


async def test_complaint_stays_and_the_team_hears_of_it(scene: Scene) -> None:
    ana, room = scene.person(), scene.room("patients-complaint")

    message = scene.say(ana, complaint(), room=room)
    case = await scene.case(message)

    await scene.until(lambda: any("unhappy" in told for told in scene.team(case.id)))
    await scene.settled(message)
    assert scene.visible(message)
    assert not scene.private(ana)
    assert "receptionist" not in " ".join(scene.team(case.id))


async def test_edit_of_a_message_from_before_the_bot_started_is_read(scene: Scene) -> None:
    scene.edit(scene.ancient, leak())

    case = await scene.hidden_and_told(scene.ancient)

    assert case.hidden or (await scene.case(scene.ancient)).hidden


async def test_leak_in_the_title_of_a_file_is_hidden(scene: Scene) -> None:
    ana, room = scene.person(), scene.room("patients-file")

    message = scene.say(ana, "", room=room, title=leak())

    assert not leaks(scene.team((await scene.hidden_and_told(message)).id))


async def test_reviewer_reads_the_case_and_brings_the_message_back(scene: Scene) -> None:
    message = await posted_leak(scene, "patients-restore")
    case = await scene.hidden_and_told(message)

    assert leak() in await scene.press(scene.mo, ButtonKind.OPEN, case.id)
    await scene.press(scene.mo, ButtonKind.RESTORE, case.id)

    await scene.until(lambda: any(leak() in text for text in scene.shown(message.room)))
    await scene.until(lambda: any("Good news" in text for text in scene.private(message.author)))
    await scene.settled(message)
    case = await scene.case(message)
    assert (case.state, case.hidden) == (CaseState.RESTORED, False)


async def test_author_posts_the_version_without_the_private_parts(scene: Scene) -> None:
    message = await posted_leak(scene, "patients-repost")
    case = await scene.hidden_and_told(message)

    await scene.press(message.author, ButtonKind.REPOST, case.id)

    await scene.until(lambda: any("[someone]" in text for text in scene.shown(message.room)))
    await scene.until(lambda: any("without the private parts. Thank you" in t for t in scene.private(message.author)))
    await scene.settled(message)
    # what is said of nobody in particular may stay: see the labelling guide
    assert not any(word in text for text in scene.shown(message.room) for word in WHO)
    assert (await scene.case(message)).state is CaseState.REPOSTED


async def test_author_asks_for_a_second_look_and_hears_the_outcome(scene: Scene) -> None:
    message = await posted_leak(scene, "patients-appeal")
    case = await scene.hidden_and_told(message)

    await scene.press(message.author, ButtonKind.APPEAL, case.id)
    await scene.until(lambda: any("second look" in told for told in scene.team(case.id)))
    await scene.press(scene.mo, ButtonKind.UPHOLD, case.id)

    await scene.until(lambda: any("it stays hidden" in text for text in scene.private(message.author)))
    await scene.settled(message)
    assert (await scene.case(message)).state is CaseState.UPHELD
    assert not scene.visible(message)


async def test_buttons_still_work_after_a_restart(scene: Scene) -> None:
    message = await posted_leak(scene, "patients-later")
    case = await scene.hidden_and_told(message)

    await scene.restart()
    assert leak() in await scene.press(scene.mo, ButtonKind.OPEN, case.id)
    await scene.press(message.author, ButtonKind.APPEAL, case.id)

    await scene.until(lambda: any("second look" in told for told in scene.team(case.id)))
