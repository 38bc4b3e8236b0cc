"""How much 10,000 phrases cost against ten: the promise is at most 1.2 times. Run: ``python -m bench.policy``."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence

from bot.domain.decision import Action, ActionKind
from bot.domain.policy import Condition, Policy, Rule
from bot.policy_file.match import PolicyMatcher
from bot.reading.normalise import normalise

FEW, MANY = 10, 10_000
#: At most this much more may many phrases cost.
LIMIT = 1.2
ROUNDS = 15
_WORDS = (
    "the night was long and I sat with my tea thinking of all of you who are up with the same old pain again".split()
)
TEXTS = [" ".join(_WORDS[n % 7 :] + _WORDS[: n % 11]) + f" {n}." for n in range(400)]


def policy_of(count: int) -> Policy:
    """A policy with one rule of ``count`` phrases, as different from one another as those of a real list."""
    phrases = frozenset(f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}x{n} remedy" for n in range(count))
    rule = Rule(id="words", when=Condition(phrases=phrases), do=(Action(kind=ActionKind.HIDE),))
    return Policy(hash=str(count), name="bench", rules=(rule,))


def seconds(matcher: PolicyMatcher, policy: Policy, texts: Sequence[str]) -> float:
    """How long one pass over the texts takes."""
    begun = time.perf_counter()
    for text in texts:
        matcher.match(policy, text)
    return time.perf_counter() - begun


def ratio() -> tuple[float, float, float]:
    """Microseconds a message with few and with many phrases (medians), and their ratio."""
    matcher = PolicyMatcher(lambda text: normalise(text).plain)
    few, many = policy_of(FEW), policy_of(MANY)
    seconds(matcher, few, TEXTS)
    seconds(matcher, many, TEXTS)
    pairs = [(seconds(matcher, few, TEXTS), seconds(matcher, many, TEXTS)) for _ in range(ROUNDS)]
    per_message = 1e6 / len(TEXTS)
    little, much = (statistics.median(times) * per_message for times in zip(*pairs, strict=True))
    return little, much, statistics.median(many / few for few, many in pairs)


def main() -> int:
    """Print the figures; 1 where the promise is broken."""
    little, much, times = ratio()
    print(f"{FEW} phrases: {little:.1f} us a message; {MANY}: {much:.1f} us; ratio {times:.2f} (at most {LIMIT})")
    return int(times > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
