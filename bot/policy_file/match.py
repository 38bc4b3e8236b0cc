"""The Matcher: all phrases of a policy in one pass, all patterns in one set, links by domain. Compiled once a policy version."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import re2
from ahocorasick_rs import AhoCorasick

from bot.domain.policy import Condition, Policy
from bot.policy_file.links import LinkFinder
from bot.service.ports import WordMatches

#: Bytes that the patterns of one policy may take while they are matched; enough for some hundred long ones.
PATTERN_MEMORY = 64 << 20
ANY = "*"
#: People write walk-in and walk in, and mean the same.
_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u2011](?=\w)")


class PolicyMatcher:
    """Finds a policy's phrases, patterns and links. ``normalise`` undoes disguise; what it is given and gives is plain text."""

    def __init__(self, normalise: Callable[[str], str], *, versions: int = 8) -> None:
        self._normalise = normalise
        self._versions = versions
        self._compiled: dict[str, _Compiled] = {}

    def match(self, policy: Policy, text: str) -> WordMatches:
        """See the port."""
        compiled = self._of(policy)
        written = _encodable(text)
        plain = self._plain(written)
        return WordMatches(
            phrases=frozenset(compiled.phrases.find(_without_hyphens(plain))),
            patterns=frozenset(compiled.patterns.find(plain)),
            links=frozenset(compiled.links.find((written, plain))),
        )

    def _of(self, policy: Policy) -> _Compiled:
        found = self._compiled.pop(policy.hash, None) or self._compile(policy)
        self._compiled[policy.hash] = found
        if len(self._compiled) > self._versions:
            del self._compiled[next(iter(self._compiled))]
        return found

    def _compile(self, policy: Policy) -> _Compiled:
        conditions = [part for rule in policy.rules for part in (rule.when, rule.unless) if part is not None]
        return _Compiled(
            phrases=_Phrases({p: _without_hyphens(self._plain(p)) for p in _all(conditions, lambda c: c.phrases)}),
            patterns=_Patterns(_all(conditions, lambda c: c.patterns)),
            links=LinkFinder(_all(conditions, lambda c: c.links)),
        )

    def _plain(self, text: str) -> str:
        """Normalised, whatever the case, with single spaces."""
        return " ".join(_encodable(self._normalise(text)).casefold().split())


def pattern_problem(pattern: str) -> str:
    """Why ``pattern`` can't be used; empty where it can."""
    try:
        found = re2.compile(_encodable(pattern), _options())
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return "it matches the empty text, so every message" if found.search("") else ""


class _Phrases:
    """Whole words only, but where a phrase begins or ends with ``*``."""

    def __init__(self, plain: Mapping[str, str]) -> None:
        usable = [(phrase, text, text.strip(ANY).strip()) for phrase, text in sorted(plain.items())]
        self._all = [(phrase, text.startswith(ANY), text.endswith(ANY)) for phrase, text, core in usable if core]
        self._machine = AhoCorasick([core for _, _, core in usable if core]) if self._all else None

    def find(self, plain: str) -> Iterator[str]:
        """The phrases in ``plain``, as the policy writes them."""
        if self._machine is None:
            return
        for number, start, end in self._machine.find_matches_as_indexes(plain, overlapping=True):
            phrase, open_start, open_end = self._all[number]
            if (open_start or _edge(plain, start)) and (open_end or _edge(plain, end)):
                yield phrase


class _Patterns:
    """All patterns at once, in linear time. Patterns that do not compile were refused when the policy was checked."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = patterns
        self._set = re2.Set.SearchSet(_options())
        for pattern in patterns:
            self._set.Add(_encodable(pattern))
        if patterns:
            self._set.Compile()

    def find(self, plain: str) -> Iterator[str]:
        """The patterns that match somewhere in ``plain``."""
        if self._patterns:
            yield from (self._patterns[number] for number in self._set.Match(plain) or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compiled:
    phrases: _Phrases
    patterns: _Patterns
    links: LinkFinder


def _all(conditions: Sequence[Condition], part: Callable[[Condition], Iterable[str]]) -> list[str]:
    return sorted({text for condition in conditions for text in part(condition)})


def _edge(text: str, at: int) -> bool:
    """Whether no word goes on across position ``at``."""
    return not (0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum())


def _without_hyphens(plain: str) -> str:
    return _HYPHEN.sub(" ", plain)


def _encodable(text: str) -> str:
    """Half a surrogate pair is no character; both machines refuse it."""
    return text.encode("utf-8", "replace").decode()


@lru_cache(maxsize=1)
def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = PATTERN_MEMORY
    return options
