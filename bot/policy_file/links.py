"""Links in a text, and which domains of a policy they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from bot.domain.wording import PLACEHOLDER, Variable

#: An address with its scheme or www. Both expressions read each character once.
_WRITTEN_OUT = re.compile(r"(?:https?://|(?<![\w.-])www\.)[^\s<>\"'|)\]]+", re.IGNORECASE)
_NO_DOMAIN = re.compile(r"[^\w.-]+")
ANY = "*"
#: Variables that are a whole address each, or nothing.
_WHOLE = (Variable.LINK, Variable.MESSAGE_LINK)
#: What stands for such a variable, and for any other, while a wording's addresses are looked for: no text has these.
_ADDRESS, _FILLED_IN = "\ue000", "\ue001"
_NOT_HTTPS = re.compile(r"(?<!\bhttps)://|(?<![\w./-])www\.", re.IGNORECASE)
#: An address as chat programs make links of it: what follows a scheme, or a bare domain with a path. Goes on until a space.
_LINKED = re.compile(
    rf"(?:://|\bwww\.|{_ADDRESS}|(?<![\w.{_FILLED_IN}-])[\w.{_FILLED_IN}-]+\.[a-z]{{2,}}[/?#])[^\s<>|]*", re.IGNORECASE
)


class LinkFinder:
    """Finds which of ``domains`` a text links to. A domain stands for all below it too; ``*`` for any part, alone for any link."""

    def __init__(self, domains: Sequence[str]) -> None:
        self._any = ANY in domains
        self._exact = {domain.casefold(): domain for domain in domains if ANY not in domain}
        self._globs = [domain for domain in domains if ANY in domain and domain != ANY]

    def find(self, texts: Iterable[str]) -> Iterator[str]:
        """The domains of the policy that stand in one of ``texts``."""
        if not (self._any or self._exact or self._globs):
            return
        for text in texts:
            written_out = {host(address) for address in _WRITTEN_OUT.findall(text)}
            if self._any and written_out:
                yield ANY
            rest = _NO_DOMAIN.split(_WRITTEN_OUT.sub(" ", text))
            for name in written_out | {_bare(word) for word in rest if "." in word.strip(".")}:
                yield from self._leading_to(name)

    def _leading_to(self, name: str) -> Iterator[str]:
        parts = name.split(".")[-12:]
        for at in range(len(parts)):
            found = self._exact.get(".".join(parts[at:]))
            if found is not None:
                yield found
        yield from (glob for glob in self._globs if fnmatchcase(name, glob.casefold()))


def host(address: str) -> str:
    """The domain of an address. What stands before an @ is a user name and no domain."""
    rest = address.partition("://")[2] or address
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    return _bare(authority.rpartition("@")[2].partition(":")[0])


def _bare(name: str) -> str:
    """The domain as it is compared: without the last dot, whatever the case."""
    return name.casefold().strip(".").removeprefix("www.")


def faults_of_links(text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the addresses in a wording: others read along on the way, and whoever owns one reads all of it."""
    if _NOT_HTTPS.search(text):
        yield "has an address that is not https", "Such as https://example.org/book."
    marked = PLACEHOLDER.sub(lambda found: _ADDRESS if found[1] in _WHOLE else _FILLED_IN, text)
    if any(_FILLED_IN in link or _ADDRESS in link[1:] for link in _LINKED.findall(marked)):
        whole = " and ".join(f"{{{{ {variable} }}}}" for variable in _WHOLE)
        yield (
            "puts a variable into an address",
            f"Whoever owns it would read that. Only {whole} are addresses; put a space around them.",
        )
