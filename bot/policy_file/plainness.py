"""How hard a text is to read, so that a child of twelve can: by the length of its words and sentences.

English: the grade of Kincaid, Fishburne, Rogers and Chissom (1975), 0.39 words a sentence + 11.8 syllables a word - 15.59; who is twelve
is in grade 6 or 7. Spanish: the index of Fernández Huerta (1959), 206.84 - 60 syllables a word - 1.02 words a sentence; 60 to 70 is normal,
70 to 80 fairly easy. Both count syllables by groups of vowels, which is right more often than not; so a text gets some leave.
"""

from __future__ import annotations

import re

from bot.domain.wording import PLACEHOLDER

HARDEST_GRADE, LOWEST_INDEX = 8.0, 60.0
#: Of fewer words nobody can say how hard they are.
FEWEST_WORDS = 12
_SENTENCE = re.compile(r"[.!?\n]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyáéíóúü]+", re.IGNORECASE)
_SILENT = re.compile(r"(?<=[^aeiouyl])e(?:s|d)?$", re.IGNORECASE)


def hard_to_read(text: str, language: str) -> bool:
    """Whether ``text`` asks for more than most children of twelve can read. False for a short one, and where nobody counted."""
    sentences = [words for part in _SENTENCE.split(PLACEHOLDER.sub("", text)) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < FEWEST_WORDS or language not in ("en", "es"):
        return False
    length = len(words) / len(sentences)
    if language == "es":
        return 206.84 - 60 * sum(map(_vowel_groups, words)) / len(words) - 1.02 * length < LOWEST_INDEX
    syllables = sum(_vowel_groups(_SILENT.sub("", word)) for word in words) / len(words)
    return 0.39 * length + 11.8 * syllables - 15.59 > HARDEST_GRADE


def _vowel_groups(word: str) -> int:
    return max(1, len(_VOWELS.findall(word)))
