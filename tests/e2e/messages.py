"""What people say in the end-to-end tests: each beyond doubt, and checked by ``chaperone read`` before the tests run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.reading import Label


def _with(said: str, word: str) -> str:
    """What is said, with a word at the end by which the text can be told apart and looked for."""
    return f"{said} ({word})" if word else said


def leak(word: str = "") -> str:
    """Names a neighbour with her address and her diagnosis."""
    who = "My neighbour Karen Whitfield from 12 Elm Street was just diagnosed with breast cancer and starts chemo on Monday."
    return _with(who, word)


def chat(word: str = "") -> str:
    """Says nothing of anybody's health."""
    return _with("Thank you all, the cake at the picnic was lovely.", word)


def question(word: str = "") -> str:
    """Asks for what a clinician must answer."""
    asked = "Can I take ibuprofen together with my blood pressure medication, and what dose is safe for me?"
    return _with(asked, word)


def emergency(word: str = "") -> str:
    """Somebody is dying right now."""
    said = "My husband collapsed, he is not breathing and his lips are blue, please help us right now!"
    return _with(said, word)


def leaking_emergency(word: str = "") -> str:
    """Somebody is dying right now, and is named with her illness."""
    said = "Help! My neighbour Karen Whitfield, who has diabetes, collapsed just now. She is not breathing and her lips are blue!"
    return _with(said, word)


def promotion(word: str = "") -> str:
    """Praises a remedy that the catalogue of claims knows."""
    return _with(
        "Celery juice cured my lupus. Throw your pills away and drink it every morning, it works for everybody!", word
    )


def complaint(word: str = "") -> str:
    """A bad review and nothing else."""
    said = "I waited two hours and the receptionist was rude to me. The worst practice I have ever been to."
    return _with(said, word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sure:
    """What a text says and what it does not say, whatever model is shipped."""

    text: str
    yes: frozenset[Label] = frozenset()
    no: frozenset[Label] = frozenset()
    redacted: bool = False


_DANGER = frozenset({Label.EMERGENCY, Label.SELF_HARM})
_KINDS: tuple[tuple[Callable[[str], str], frozenset[Label], frozenset[Label]], ...] = (
    (leak, frozenset({Label.THIRD_PARTY_PHI}), _DANGER),
    (question, frozenset({Label.MEDICAL_QUESTION}), _DANGER | {Label.THIRD_PARTY_PHI}),
    (emergency, frozenset({Label.EMERGENCY}), frozenset()),
    (leaking_emergency, frozenset({Label.EMERGENCY, Label.THIRD_PARTY_PHI}), frozenset()),
    (complaint, frozenset({Label.NEGATIVE_FEEDBACK}), _DANGER | {Label.THIRD_PARTY_PHI, Label.BULLYING}),
    (promotion, frozenset({Label.PSEUDOSCIENCE}), _DANGER | {Label.THIRD_PARTY_PHI}),
    (chat, frozenset(), frozenset(Label)),
)
#: A word for each kind of message that stands nowhere else in the world, each as it is used.
CANARIES = {kind.__name__: f"{kind.__name__.title().replace('_', '')}brumbelwick" for kind, _, _ in _KINDS}
#: Every text of these tests.
SURE = (
    Sure(text=leak(), yes=frozenset({Label.THIRD_PARTY_PHI}), no=_DANGER, redacted=True),
    *(Sure(text=kind(""), yes=yes, no=no) for kind, yes, no in _KINDS),
    *(Sure(text=kind(CANARIES[kind.__name__]), yes=yes, no=no) for kind, yes, no in _KINDS if kind is not chat),
)
