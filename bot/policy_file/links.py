"""Links in a text, and which domains of a policy they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

#: An address with its scheme or www. Both expressions read each character once.
_WRITTEN_OUT = re.compile(r"(?:https?://|(?<![\w.-])www\.)[^\s<>\"'|)\]]+", re.IGNORECASE)
_NO_DOMAIN = re.compile(r"[^\w.-]+")
ANY = "*"


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
