"""Rules of other bots, written in the policy language, all on trial (``shadow``) so that they can be watched first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.policy_file.match import pattern_problem
from bot.policy_file.place_check import LONGEST_PATTERN, LONGEST_PHRASE, SHORTEST
from bot.policy_file.tree import Plain
from bot.policy_file.yaml_out import to_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """``text`` is YAML to put into a policy; ``left_out`` names what has no counterpart, in words for moderators."""

    text: str
    left_out: tuple[str, ...]
    rules: Mapping[str, Plain] = field(default_factory=dict)


class RuleWriter:
    """Gathers rules and what had to be left out."""

    def __init__(self) -> None:
        self._rules: dict[str, Plain] = {}
        self._left_out: list[str] = []

    def leave_out(self, what: str) -> None:
        """Remember something that has no counterpart."""
        self._left_out.append(what)

    def add(self, name: str, title: str, key: str, texts: Sequence[str], do: list[Plain], **more: Plain) -> None:
        """A rule that looks for ``texts`` under ``key`` (phrases, patterns or links); none where no text is usable."""
        usable = [text for text in dict.fromkeys(texts) if self._usable(title, key, text)]
        if usable:
            rule: dict[str, Plain] = {"title": title[:100], "mode": "shadow", "when": {key: list(usable)}, "do": do}
            self._rules[self._free(_name(name))] = {**rule, **more}

    def result(self) -> Imported:
        """The YAML of all rules."""
        if not self._rules:
            return Imported(text="", left_out=tuple(self._left_out))
        text = to_yaml({"rules": dict(self._rules)})
        return Imported(text=text, left_out=tuple(self._left_out), rules=dict(self._rules))

    def _usable(self, title: str, key: str, text: str) -> bool:
        if key == "patterns":
            problem = "it is too long" if len(text) > LONGEST_PATTERN else pattern_problem(text)
            if problem:
                self.leave_out(f"{title}: a pattern can't be used ({problem})")
            return not problem
        letters = sum(letter.isalnum() for letter in text)
        fits = letters >= SHORTEST and len(text) <= LONGEST_PHRASE
        if not fits:
            self.leave_out(f"{title}: a word is too short or too long")
        return fits

    def _free(self, name: str) -> str:
        number, free = 1, name
        while free in self._rules:
            number += 1
            free = f"{name}_{number}"
        return free


def _name(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:56]
    return plain if plain[:1].isalpha() else f"rule_{plain}".strip("_")
