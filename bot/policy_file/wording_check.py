"""The linter of what the bot says: kind, plain, no advice, no shame, nothing of the message, and only variables that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.wording import LAST_RESORT, PLACEHOLDER, Variable
from bot.policy_file.draft import Draft, KeyPath
from bot.policy_file.problems import Problem, did_you_mean
from bot.policy_file.resolve import shipped_wordings
from bot.policy_file.schema import SPEAKING
from bot.policy_file.tone import REPEATS, faults_of_tone

#: Slack cuts a button at 75 characters; Discord a message at 2,000, of which names and links need some.
LONGEST_BUTTON, LONGEST_TEXT, LONGEST_SENTENCE = 75, 1500, 30
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}")
_SENTENCE = re.compile(r"[.!?:;\n]+")


def wordings(draft: Draft) -> Iterator[Problem]:
    """What is wrong with the texts."""
    used = {action.wording for _, _, action in draft.actions()}
    shipped = shipped_wordings()
    for key, texts in (draft.sheet.wordings or {}).items():
        path = ("wordings", key)
        if key not in shipped and key not in used:
            yield draft.warning(path, "is never said", did_you_mean(key, shipped))
        if not {draft.sheet.language or LAST_RESORT, LAST_RESORT} & texts.keys():
            yield draft.key_error(path, f"has no text in {draft.sheet.language or LAST_RESORT}", "Add one.")
        for language, text in texts.items():
            yield from _text(draft, (*path, language), text)
    yield from _repeats_phrases(draft)


def _text(draft: Draft, path: KeyPath, text: str) -> Iterator[Problem]:
    longest = LONGEST_BUTTON if str(path[1]).startswith("button_") else LONGEST_TEXT
    if not text.strip():
        yield draft.error(path, "is empty")
    if len(text) > longest:
        yield draft.error(path, "is too long", f"At most {longest} characters.")
    if any(len(sentence.split()) > LONGEST_SENTENCE for sentence in _SENTENCE.split(text)):
        yield draft.warning(path, "has a very long sentence", f"Up to {LONGEST_SENTENCE} words are easy to read.")
    yield from (draft.error(path, what, hint) for what, hint in faults_of_tone(text))
    yield from _variables(draft, path, text)


def _variables(draft: Draft, path: KeyPath, text: str) -> Iterator[Problem]:
    for name in dict.fromkeys(PLACEHOLDER.findall(text)):
        if name not in set(Variable):
            yield draft.error(path, f"there is no variable {name!r}", did_you_mean(name, Variable))
    if _BRACES.search(PLACEHOLDER.sub("", text)):
        yield draft.error(path, "has braces that name no variable", "Write {{ room }}, with two braces on each side.")


def _repeats_phrases(draft: Draft) -> Iterator[Problem]:
    """A note about certain words that holds one of them."""
    texts = draft.sheet.wordings or {}
    for path, rule, action in draft.actions():
        phrases = [p.strip("*").casefold() for p in (rule.when.phrases if rule.when else None) or ()]
        key = action.wording or str(action.action)
        if action.action not in SPEAKING or not any(phrases):
            continue
        words = re.compile(rf"\b({'|'.join(re.escape(phrase) for phrase in phrases if phrase)})\b")
        for language, text in texts.get(key, {}).items():
            if words.search(text.casefold()):
                yield draft.error(("wordings", key, language), f"repeats a phrase of the rule {path[1]}", REPEATS[1])
