"""Turn cases written one a line (see ``corpus/README.md``) into the corpus's JSON lines.

``python -m training.author scene.txt …`` writes ``corpus/scene.jsonl`` for each file that has no mistake, and lists every
mistake, with its line, for those that have.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from training.case import AUTHORS, KINDS, LABELS, ROLES, ROOMS, Case, Span

CORPUS = Path(__file__).parent / "corpus"
_SPAN = re.compile(r"\{(" + "|".join(ROLES) + r"):([^{}]+)\}")
_LEFTOVER = re.compile(r"\{[a-z]{1,3}:|\{\w+:")
_SPEAKERS = {"o": "other", "s": "same"}


class AuthorError(ValueError):
    """A line that is not a case."""


def parse_text(marked: str) -> tuple[str, tuple[Span, ...]]:
    """``"hi {po:Joe}"`` becomes ``("hi Joe", (person_other 3..6,))``."""
    marked = marked.replace("\\n", "\n")
    plain: list[str] = []
    spans: list[Span] = []
    at = length = 0
    for found in _SPAN.finditer(marked):
        before = marked[at : found.start()]
        plain += [before, found[2]]
        start = length + len(before)
        length = start + len(found[2])
        spans.append(Span(role=ROLES[found[1]], start=start, end=length))
        at = found.end()
    plain.append(marked[at:])
    text = "".join(plain)
    if _LEFTOVER.search(text):
        raise AuthorError("a span is nested or has an unknown role")
    return text, tuple(spans)


def parse_case(line: str, scene: str, number: int) -> Case:
    """One compact line as a Case. Raises AuthorError saying what is wrong."""
    fields = [field.strip() for field in line.split("¦")]
    if len(fields) < 5:
        raise AuthorError(f"five fields divided by ¦ expected, {len(fields)} found")
    where, labels_text, kind, marked, why, *context = fields
    if len(where) != 2 or where[0] not in ROOMS or where[1] not in AUTHORS:
        raise AuthorError(f"room and author {where!r} are not one of [cps][mso]")
    labels = () if labels_text == "-" else tuple(part.strip() for part in labels_text.split(","))
    if unknown := [label for label in labels if label not in LABELS]:
        raise AuthorError(f"unknown label {unknown[0]!r}")
    if kind not in KINDS:
        raise AuthorError(f"unknown kind {kind!r}")
    text, spans = parse_text(marked)
    if not text:
        raise AuthorError("no text")
    return Case(
        id=f"{scene}-{number:04}",
        scene=scene,
        text=text,
        room=ROOMS[where[0]],
        author=AUTHORS[where[1]],
        context=tuple(_parse_context(part) for part in context if part),
        labels=labels,
        spans=spans,
        kind=kind,
        why=why,
    )


def _parse_context(field: str) -> tuple[str, str]:
    speaker, colon, text = field.partition(":")
    if not colon or speaker.strip() not in _SPEAKERS:
        raise AuthorError(f"context must start with 'o:' or 's:', found {field[:20]!r}")
    return _SPEAKERS[speaker.strip()], _SPAN.sub(r"\2", text.strip().replace("\\n", "\n"))


def convert(path: Path) -> list[str]:
    """Write the scene's JSON lines into the corpus, or return its mistakes and write nothing."""
    cases: list[Case] = []
    mistakes: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            cases.append(parse_case(line, path.stem, len(cases) + 1))
        except AuthorError as error:
            mistakes.append(f"{path.name}:{number}: {error}")
    if not mistakes:
        body = "".join(case.to_json() + "\n" for case in cases)
        (CORPUS / f"{path.stem}.jsonl").write_text(body, encoding="utf-8")
    return mistakes


def main() -> int:
    """Convert every file named on the command line; 1 where one had a mistake."""
    mistakes = [mistake for name in sys.argv[1:] for mistake in convert(Path(name))]
    print("\n".join(mistakes) if mistakes else f"{len(sys.argv) - 1} scene(s) written")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
