"""Importing word lists of Red-DiscordBot (its ``filter``) and Zeppelin (its ``automod`` plugin), or plain ones, a phrase a line."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping

from bot.policy_file.place_check import LONGEST_PHRASE, SHORTEST
from bot.policy_file.rulewriter import Imported, RuleWriter
from bot.policy_file.tree import Plain, parse

_HIDE: tuple[Plain, ...] = ("hide", {"note": "note_words"})
#: What comes near to an action of Zeppelin's.
_INSTEAD = {"mute": "; time_out: 10m under do: comes near to it", "alert": "; notify under do: comes near to it"}
#: What else Red's filter keeps for a server (its cog's default settings), where it is set to something.
_RED_MORE = {
    "filter_names": "members' names are not looked at, only what they write",
    "filterban_count": "to ban after so many matches; strikes with time_out come near to it",
}
#: Of a rule of Zeppelin's, what is carried over or changes nothing.
_ZEPPELIN_KNOWN = frozenset({"triggers", "actions", "pretty_name", "enabled"})
#: A word with where it stands, in words for the reader.
Placed = tuple[str, str]


def import_wordlist(text: str) -> Imported:
    """Rules for the list. What has no counterpart is named; a text without any word gives no rule."""
    writer = RuleWriter()
    tree, _ = parse(text, "list")
    plain = tree.plain() if tree is not None else None
    if isinstance(plain, dict):
        for name, rule in _zeppelin_rules(plain):
            _zeppelin_rule(writer, name, rule)
        for what in _red_more(plain):
            writer.leave_out(f"Word list: {what}")
        lists = [found for found in _red_filters(plain) if found]
        if len(lists) > 1:
            writer.leave_out(
                f"Word list: where each of the {len(lists)} lists counted; use rooms: for words of one channel"
            )
        words = [word for found in lists for word in found]
    elif isinstance(plain, list):
        words = numbered(word for word in plain if isinstance(word, str))
    else:
        words = list(_lines(text))
    writer.add("filter", "Word list", "phrases", fitting(writer, "Word list", words), list(_HIDE))
    return writer.result()


def numbered(words: Iterable[str]) -> list[Placed]:
    """The words, each with where it stands among them, for ``fitting``."""
    return [(f"word {number}", word) for number, word in enumerate(words, 1)]


def fitting(writer: RuleWriter, title: str, words: Iterable[Placed]) -> list[str]:
    """The words that a rule can look for. The others are left out by name and place: they are settings, nobody's message."""
    fit = []
    for place, word in words:
        if sum(letter.isalnum() for letter in word) < SHORTEST:
            writer.leave_out(f"{title}: {place}, {word!r}, is too short; from {SHORTEST} letters on it can be used")
        elif len(word) > LONGEST_PHRASE:
            writer.leave_out(f"{title}: {place}, {word[:20]!r}…, is too long; at most {LONGEST_PHRASE} characters")
        else:
            fit.append(word)
    return fit


def _lines(text: str) -> Iterator[Placed]:
    """A phrase a line; a line with quotes holds several, as Red's command takes them."""
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip().lstrip("-*").strip()
        if words.startswith("#"):
            continue
        try:
            phrases = shlex.split(words) if '"' in words else [words] if words else []
        except ValueError:
            phrases = [words.replace('"', "")]
        yield from ((f"line {number}", phrase) for phrase in phrases)


def _red_filters(value: Plain) -> Iterator[list[Placed]]:
    """Every list under a key ``filter``, as Red keeps them for servers and channels."""
    for name, entry in value.items() if isinstance(value, Mapping) else ():
        if name == "filter" and isinstance(entry, list):
            yield numbered(word for word in entry if isinstance(word, str))
        else:
            yield from _red_filters(entry)


def _red_more(value: Plain) -> Iterator[str]:
    """What Red does beside looking for words."""
    for name, entry in value.items() if isinstance(value, Mapping) else ():
        if name in _RED_MORE and entry:
            yield f"{name}: {_RED_MORE[name]}"
        yield from _red_more(entry)


def _zeppelin_rules(value: Plain) -> Iterator[tuple[str, Mapping[str, Plain]]]:
    """Every mapping with ``triggers``, by its name."""
    for name, entry in value.items() if isinstance(value, Mapping) else ():
        if isinstance(entry, Mapping) and isinstance(entry.get("triggers"), list):
            yield name, entry
        else:
            yield from _zeppelin_rules(entry)


def _zeppelin_rule(writer: RuleWriter, name: str, rule: Mapping[str, Plain]) -> None:
    triggers, actions = rule["triggers"], rule.get("actions")
    for trigger in triggers if isinstance(triggers, list) else ():
        if isinstance(trigger, Mapping):
            _zeppelin_trigger(writer, name, trigger)
    _zeppelin_actions(writer, name, actions if isinstance(actions, Mapping) else {})
    if rule.get("enabled") is False:
        writer.leave_out(f"{name}: it was switched off; here it is on trial")
    for key, setting in rule.items():
        if key not in _ZEPPELIN_KNOWN and setting not in (None, False):
            writer.leave_out(f"{name}: the setting {key}")


def _zeppelin_actions(writer: RuleWriter, rule: str, actions: Mapping[str, Plain]) -> None:
    """Every rule hides and says so, as ``clean`` does; all else is named."""
    for kind, options in actions.items():
        if kind != "clean" and options not in (None, False):
            writer.leave_out(f"{rule}: the action {kind}{_INSTEAD.get(kind, '')}")


def _zeppelin_trigger(writer: RuleWriter, rule: str, trigger: Mapping[str, Plain]) -> None:
    for kind, options in trigger.items():
        settings = options if isinstance(options, Mapping) else {}
        match kind:
            case "match_words":
                words = fitting(writer, rule, numbered(_texts(settings, "words")))
                inside = settings.get("only_full_words") is False
                writer.add(rule, rule, "phrases", [f"*{w}*" for w in words] if inside else words, list(_HIDE))
            case "match_regex":
                writer.add(f"{rule} patterns", rule, "patterns", _texts(settings, "patterns"), list(_HIDE))
            case "match_links":
                writer.add(
                    f"{rule} links",
                    rule,
                    "links",
                    fitting(writer, rule, numbered(_texts(settings, "include_domains"))),
                    list(_HIDE),
                )
            case _:
                writer.leave_out(f"{rule}: {kind}")


def _texts(settings: Mapping[str, Plain], key: str) -> list[str]:
    value = settings.get(key)
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
