"""The linter of what the bot says: kind, plain, no advice, no shame, nothing of the message, and only variables that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.decision import ActionKind
from bot.domain.reading import DANGER, Label
from bot.domain.wording import LAST_RESORT, PLACEHOLDER, Variable
from bot.policy_file.draft import Draft, KeyPath
from bot.policy_file.links import faults_of_links
from bot.policy_file.plainness import hard_to_read
from bot.policy_file.problems import Problem, did_you_mean
from bot.policy_file.resolve import shipped_wordings
from bot.policy_file.schema import SPEAKING, ActionSheet, RuleSheet
from bot.policy_file.tone import REPEATS, faults_of_tone

#: Slack cuts a button at 75 characters; Discord a message at 2,000, of which names and links need some.
LONGEST_BUTTON, LONGEST_TEXT, LONGEST_SENTENCE = 75, 1500, 30
#: Whom to call, by what somebody is in danger of.
_WHOM_TO_CALL = {Label.EMERGENCY: Variable.EMERGENCY_NUMBER, Label.SELF_HARM: Variable.CRISIS_LINE}
_TO_THE_MESSAGE = (Variable.CASE, Variable.MESSAGE_LINK)
#: What the shipped wordings for danger must hold one of, whoever says them.
_MUST_HOLD = {
    **{f"reply_{label}": (variable,) for label, variable in _WHOM_TO_CALL.items()},
    **dict.fromkeys(("page", "page_again", *(f"page_{label}" for label in sorted(DANGER))), _TO_THE_MESSAGE),
}
#: The actions whose words the team reads; members or a room read those of all others.
_TO_THE_TEAM = (ActionKind.NOTIFY, ActionKind.PAGE)
#: Names of days and months, which are no sentences.
_LISTS = ("weekdays", "months")
_FOR_THE_TEAM = frozenset({Variable.LABELS, Variable.PROBLEM})
_OF_CLAIMS = frozenset({Variable.KNOWN, Variable.SOURCE})
_CLOCK = frozenset({Variable.DAY, Variable.TIME, Variable.ZONE})
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
    yield from _help_stays(draft)
    yield from _stays_with_the_team(draft)
    yield from _empty_variables(draft)


def _text(draft: Draft, path: KeyPath, text: str) -> Iterator[Problem]:
    longest = LONGEST_BUTTON if str(path[1]).startswith("button_") else LONGEST_TEXT
    if not text.strip():
        yield draft.error(path, "is empty")
    if len(text) > longest:
        yield draft.error(path, "is too long", f"At most {longest} characters.")
    if any(len(sentence.split()) > LONGEST_SENTENCE for sentence in _SENTENCE.split(text)):
        yield draft.warning(path, "has a very long sentence", f"Up to {LONGEST_SENTENCE} words are easy to read.")
    elif path[1] not in _LISTS and hard_to_read(text, str(path[2])):
        hint = "Short words and short sentences, so that a child of twelve can read it."
        yield draft.warning(path, "is hard to read", hint)
    yield from (draft.error(path, what, hint) for what, hint in (*faults_of_tone(text), *faults_of_links(text)))
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


def _help_stays(draft: Draft) -> Iterator[Problem]:
    """Whoever is in danger reads whom to call, and whoever is called finds the message."""
    for key, needed in _MUST_HOLD.items():
        for language in _lacking(draft, key, needed):
            yield draft.error(("wordings", key, language), f"holds no {_in_braces(needed)}", _help(needed))
    for path, rule, action in draft.actions():
        key, needed = _key(action), _needed(draft, str(path[1]), rule, action)
        lacking = _lacking(draft, key, needed) if needed and needed != _MUST_HOLD.get(key) else []
        if lacking:
            what = f"says wordings.{key}, which holds no {_in_braces(needed)} ({', '.join(lacking)})"
            yield draft.error(path, what, _help(needed))


def _needed(draft: Draft, name: str, rule: RuleSheet, action: ActionSheet) -> tuple[Variable, ...]:
    """Of which variables the words of ``action`` must hold one; empty where they need none."""
    if action.action is ActionKind.PAGE:
        return _TO_THE_MESSAGE
    if action.action is not ActionKind.REPLY:
        return ()
    asked = [variable for label, variable in _WHOM_TO_CALL.items() if label in _labels(rule)]
    return tuple(asked or (_WHOM_TO_CALL.values() if _rank(name, rule) > _lowest_answer(draft) else ()))


def _lowest_answer(draft: Draft) -> tuple[int, str]:
    """The lowest rank of a rule that replies to somebody in danger: what ranks above it may be heard in its place."""
    ranks = (
        _rank(str(path[1]), rule)
        for path, rule, action in draft.actions()
        if action.action is ActionKind.REPLY and _labels(rule) & DANGER
    )
    return min(ranks, default=(0, ""))


def _rank(name: str, rule: RuleSheet) -> tuple[int, str]:
    """Of several rules that reply, the one of the highest rank is heard."""
    return rule.priority or 0, name


def _labels(rule: RuleSheet) -> frozenset[Label]:
    return frozenset(rule.when.labels or ()) if rule.when else frozenset()


def _lacking(draft: Draft, key: str, needed: tuple[Variable, ...]) -> list[str]:
    """The languages in which the wording holds none of ``needed``."""
    texts = (draft.sheet.wordings or {}).get(key, {})
    return [language for language, text in texts.items() if not {*needed} & {*PLACEHOLDER.findall(text)}]


def _in_braces(variables: tuple[Variable, ...]) -> str:
    return " or ".join(f"{{{{ {variable} }}}}" for variable in variables)


def _help(needed: tuple[Variable, ...]) -> str:
    if needed == _TO_THE_MESSAGE:
        return "Whoever is called must find the message."
    return "Somebody in danger reads these words, and must read whom to call."


def _stays_with_the_team(draft: Draft) -> Iterator[Problem]:
    """What a message is about can be health data, which neither a room nor a private note repeats; what failed helps no member."""
    keys = {(_key(action), action.action in _TO_THE_TEAM) for _, _, action in draft.actions()}
    team = tuple(f"{kind}_" for kind in _TO_THE_TEAM)
    own = {key for key in shipped_wordings() if not f"{key}_".startswith(team)}
    for key in sorted(own | {key for key, to_the_team in keys if not to_the_team}):
        for language, text in (draft.sheet.wordings or {}).get(key, {}).items():
            for name in sorted(_FOR_THE_TEAM & {*PLACEHOLDER.findall(text)}):
                what = f"tells {{{{ {name} }}}} to members"
                hint = "That is for the team: only the words of notify and page may name it."
                yield draft.error(("wordings", key, language), what, hint)


def _empty_variables(draft: Draft) -> Iterator[Problem]:
    """A variable where nothing is ever filled in for it: its line would be left out, or have a hole."""
    for key, texts in (draft.sheet.wordings or {}).items():
        for language, text in () if key.startswith(("hours_", "slot_")) else texts.items():
            for name in sorted(_CLOCK & {*PLACEHOLDER.findall(text)}):
                hint = "Only the words of hours_ and slot_time know a day and a time. {{ hours }} says when a desk is open."
                yield draft.warning(("wordings", key, language), f"{{{{ {name} }}}} stays empty here", hint)
    for _, rule, action in draft.actions():
        texts = {} if Label.PSEUDOSCIENCE in _labels(rule) else (draft.sheet.wordings or {}).get(_key(action), {})
        for language, text in texts.items():
            for name in sorted(_OF_CLAIMS & {*PLACEHOLDER.findall(text)}):
                hint = "Only a rule about pseudoscience finds health claims of which something is known."
                yield draft.warning(("wordings", _key(action), language), f"{{{{ {name} }}}} says nothing here", hint)


def _key(action: ActionSheet) -> str:
    return action.wording or str(action.action)
