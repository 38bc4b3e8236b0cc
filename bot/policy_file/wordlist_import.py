"""Importing word lists of Red-DiscordBot (its ``filter``) and Zeppelin (its ``automod`` plugin), or plain ones, a phrase a line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from bot.policy_file.rulewriter import Imported, RuleWriter
from bot.policy_file.tree import Plain, parse

_HIDE: tuple[Plain, ...] = ("hide", {"note": "note_words"})


def import_wordlist(text: str) -> Imported:
    """Rules for the list. What has no counterpart is named; a text without any word gives no rule."""
    writer = RuleWriter()
    tree, _ = parse(text, "list")
    plain = tree.plain() if tree is not None else None
    if isinstance(plain, dict):
        for name, triggers in _zeppelin_rules(plain):
            for trigger in triggers:
                _zeppelin_trigger(writer, name, trigger)
        writer.add("filter", "Word list", "phrases", list(_red_filters(plain)), list(_HIDE))
    elif isinstance(plain, list):
        writer.add("filter", "Word list", "phrases", [word for word in plain if isinstance(word, str)], list(_HIDE))
    else:
        writer.add("filter", "Word list", "phrases", list(_lines(text)), list(_HIDE))
    return writer.result()


def _lines(text: str) -> Iterator[str]:
    """A phrase a line; a line with quotes holds several, as Red's command takes them."""
    for line in text.splitlines():
        words = line.strip().lstrip("-*").strip()
        if words.startswith("#"):
            continue
        try:
            yield from shlex.split(words) if '"' in words else [words] if words else []
        except ValueError:
            yield words.replace('"', "")


def _red_filters(value: Plain) -> Iterator[str]:
    """Every list under a key ``filter``, as Red keeps them for servers and channels."""
    for name, entry in value.items() if isinstance(value, Mapping) else ():
        if name == "filter" and isinstance(entry, list):
            yield from (word for word in entry if isinstance(word, str))
        else:
            yield from _red_filters(entry)


def _zeppelin_rules(value: Plain) -> Iterator[tuple[str, Sequence[Mapping[str, Plain]]]]:
    """Every mapping with ``triggers``, by its name."""
    for name, entry in value.items() if isinstance(value, Mapping) else ():
        triggers = entry.get("triggers") if isinstance(entry, Mapping) else None
        if isinstance(triggers, list):
            yield name, [trigger for trigger in triggers if isinstance(trigger, Mapping)]
        else:
            yield from _zeppelin_rules(entry)


def _zeppelin_trigger(writer: RuleWriter, rule: str, trigger: Mapping[str, Plain]) -> None:
    for kind, options in trigger.items():
        settings = options if isinstance(options, Mapping) else {}
        match kind:
            case "match_words":
                words = _texts(settings, "words")
                inside = settings.get("only_full_words") is False
                writer.add(rule, rule, "phrases", [f"*{w}*" for w in words] if inside else words, list(_HIDE))
            case "match_regex":
                writer.add(f"{rule} patterns", rule, "patterns", _texts(settings, "patterns"), list(_HIDE))
            case "match_links":
                writer.add(f"{rule} links", rule, "links", _texts(settings, "include_domains"), list(_HIDE))
            case _:
                writer.leave_out(f"{rule}: {kind}")


def _texts(settings: Mapping[str, Plain], key: str) -> list[str]:
    value = settings.get(key)
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
