"""Reading a policy file with all that it extends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache, reduce
from pathlib import Path

from bot.policy_file.fields import NAME_PATTERN
from bot.policy_file.layers import overlay, settle
from bot.policy_file.problems import Place, Problem, did_you_mean
from bot.policy_file.salvage import salvage
from bot.policy_file.tree import Node, parse

#: The policies, packs and wordings that ship with the bot.
SHIPPED = Path(__file__).resolve().parents[2] / "policies"
#: The pack that lies under every policy: what a policy can't turn off stands in it.
SAFETY = "safety"


class Resolver:
    """Gathers the layers of one policy. ``problems`` is filled on the way; ``whole`` is false once a file or pack is missing altogether."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.whole = True
        self._packs: dict[str, Node] = {}

    def file(self, path: Path) -> Node | None:
        """The policy at ``path`` with everything under it; None where it can't be read."""
        text = self._read(path)
        own = None if text is None else self.text(text, shown(path), path.parent)
        return None if own is None else overlay(self._ground(), own)

    def text(self, text: str, name: str, folder: Path | None) -> Node | None:
        """The policy in ``text`` with the packs it extends, without the ground that lies under every policy."""
        own = self._layer(text, name, folder, ())
        return None if own is None else reduce(overlay, [*self._packs.values(), own])

    def _layer(self, text: str, name: str, folder: Path | None, above: tuple[str, ...]) -> Node | None:
        """The layer in ``text`` alone. What it extends is put before it into ``_packs``, each pack once, where it is first asked for."""
        root, problems = parse(text, name)
        self.problems += problems
        if root is None:
            self.whole = False
            return None
        layer = settle(root) if isinstance(root.value, dict) else root
        saved = salvage(layer)
        self.problems += saved.problems
        if saved.sheet is None:
            self.whole = False
            return None
        for pack in saved.sheet.extends or ():
            self._pack(pack, saved.tree.find(("extends", pack)), folder, above)
        return _without_extends(saved.tree)

    def _ground(self) -> Node:
        """The shipped wordings and the safety pack."""
        words = self._shipped_words()
        path = SHIPPED / "packs" / f"{SAFETY}.yaml"
        safety = self._layer(path.read_text(encoding="utf-8"), shown(path), None, ())
        return words if safety is None else overlay(words, safety)

    def _shipped_words(self) -> Node:
        place = Place(file="policies/wordings")
        texts: dict[str, dict[str, Node]] = {}
        for path in sorted((SHIPPED / "wordings").glob("*.yaml")):
            root, problems = parse(path.read_text(encoding="utf-8"), shown(path))
            self.problems += problems
            for key, node in root.entries.items() if root else ():
                texts.setdefault(key, {})[path.stem] = node
        section = {key: Node(value=tongues, place=place, key=place) for key, tongues in texts.items()}
        return Node(value={"wordings": Node(value=section, place=place, key=place)}, place=place, key=place)

    def _pack(self, pack: str, asked: Node, folder: Path | None, above: tuple[str, ...]) -> None:
        if pack in above:
            self._wrong(asked, f"{pack!r} extends itself", f"By way of {', '.join(above)}.")
            return
        path = next((p for p in _candidates(pack, folder) if p.is_file()), None)
        if path is None:
            self._wrong(asked, f"there is no pack {pack!r}", did_you_mean(pack, packs(folder)))
            return
        text = None if pack in self._packs else self._read(path)
        layer = None if text is None else self._layer(text, shown(path), folder, (*above, pack))
        if layer is not None:
            self._packs[pack] = layer

    def _read(self, path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            why, hint = "it is not UTF-8 text", "Save it as UTF-8 in your editor."
            if isinstance(error, OSError):
                why, hint = error.strerror or "it does not say why", ""
            what = f"the file can't be read ({why})"
            self.problems.append(Problem(place=Place(file=shown(path)), key="", what=what, hint=hint))
            self.whole = False
            return None

    def _wrong(self, node: Node, what: str, hint: str) -> None:
        self.problems.append(Problem(place=node.place, key="extends", what=what, hint=hint))
        self.whole = False


def shown(path: Path) -> str:
    """The path as people read it: what ships begins with ``policies/``."""
    return f"policies/{path.relative_to(SHIPPED).as_posix()}" if path.is_relative_to(SHIPPED) else str(path)


@lru_cache(maxsize=1)
def shipped_wordings() -> frozenset[str]:
    """The keys of the wordings that ship: everything that the bot says of its own accord."""
    root, _ = parse((SHIPPED / "wordings" / "en.yaml").read_text(encoding="utf-8"), "en.yaml")
    return frozenset(root.entries) if root else frozenset()


def packs(folder: Path | None) -> list[str]:
    """The packs that a policy in ``folder`` can extend: those beside it, and those that ship."""
    names = {path.stem for place in _pack_folders(folder) for path in place.glob("*.yaml")}
    return sorted(name for name in names if re.match(NAME_PATTERN, name))


def _candidates(pack: str, folder: Path | None) -> Sequence[Path]:
    return [place / f"{pack}.yaml" for place in _pack_folders(folder)]


def _pack_folders(folder: Path | None) -> Sequence[Path]:
    """Where packs lie: beside the policy first, a pack's own fellows where it is one itself, then those that ship."""
    if folder is None:
        return (SHIPPED / "packs",)
    return (folder if folder.resolve().name == "packs" else folder / "packs", SHIPPED / "packs")


def _without_extends(layer: Node) -> Node:
    entries = {name: node for name, node in layer.entries.items() if name != "extends"}
    return Node(value=entries, place=layer.place, key=layer.key)
