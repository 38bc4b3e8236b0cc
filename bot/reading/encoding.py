"""How an utterance becomes token ids: who speaks where, what was said before, then the text in overlapping windows.

Training and reading share this file, so that the model meets the same shape in both. Layout, after BERT's two segments:
``[CLS] room author [SEP] earlier messages [SEP]`` (segment 0) ``text window [SEP]`` (segment 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tokenizers import Tokenizer

from bot.domain.reading import Utterance

#: Tokens of text in one window; longer texts are read in several windows that overlap by OVERLAP tokens.
WINDOW = 160
OVERLAP = 48
#: Tokens of earlier messages; the latest are kept. On the dev scenes more decide nothing.
CONTEXT = 32
#: A text of more characters speaks for itself; a shorter one is read after what was said before it. On the dev scenes context decides
#: nothing longer.
SPEAKS_FOR_ITSELF = 120

#: What was said before: whether by the author of the text, and the words; oldest first.
Context: TypeAlias = tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Token ids for one pass of the model.

    ``offsets`` are the (start, end) characters, in the text that was encoded, of the tokens from position ``first`` on.
    """

    ids: tuple[int, ...]
    segments: tuple[int, ...]
    first: int
    offsets: tuple[tuple[int, int], ...]


def heard(text: str, context: Context) -> Context:
    """What ``text`` is read after: nothing where it speaks for itself."""
    return context if len(text) <= SPEAKS_FOR_ITSELF else ()


class Encoding:
    """Turns utterances into windows with the model's own tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._cls, self._sep = (self._special(name) for name in ("[CLS]", "[SEP]"))

    @classmethod
    def load(cls, path: Path) -> Encoding:
        """The encoding with the tokenizer file at ``path``."""
        return cls(Tokenizer.from_file(str(path)))

    def windows(self, utterance: Utterance) -> list[Window]:
        """One window for a text of up to WINDOW tokens, more for longer ones. An empty text gives one window without tokens."""
        before = self._before(utterance)
        encoded = self._tokenizer.encode(utterance.text, add_special_tokens=False)
        ids, offsets = encoded.ids, encoded.offsets
        starts = range(0, max(1, len(ids) - OVERLAP), WINDOW - OVERLAP)
        return [self._window(before, ids[at : at + WINDOW], offsets[at : at + WINDOW]) for at in starts]

    def _before(self, utterance: Utterance) -> list[int]:
        header = self._ids(f"{utterance.room} {utterance.author}")
        earlier = "\n".join(f"{'same' if same else 'other'}: {text}" for same, text in utterance.context)
        # Only the end of long talk is kept, and only as much of it is tokenised.
        context = self._ids(earlier[-CONTEXT * 12 :])[-CONTEXT:]
        return [self._cls, *header, self._sep, *([*context, self._sep] if context else [])]

    def _window(self, before: Sequence[int], ids: Sequence[int], offsets: Sequence[tuple[int, int]]) -> Window:
        return Window(
            ids=(*before, *ids, self._sep),
            segments=(*[0] * len(before), *[1] * (len(ids) + 1)),
            first=len(before),
            offsets=tuple(offsets),
        )

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _special(self, name: str) -> int:
        token = self._tokenizer.token_to_id(name)
        if token is None:
            raise ValueError(f"the tokenizer has no {name}")
        return token
