"""Slips that keep a text from being YAML, in plain words: what the parser calls them tells a moderator nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import yaml

_CLOSING = {"[": ("]", "list"), "{": ("}", "group of keys")}
REMARK = "what follows # is only a remark here"
QUOTE_IT = 'Put the text in quotes, such as "#moderators". A remark has a space after its #.'
_MOVE_IT = "Move it in or out, to where it belongs."
_NO_SPACE = re.compile(r"\s*(?:- +)*([\w-]+):(?=[^\s:/])")
_KEY_AND_VALUE = re.compile(r"\s*(?:- +)*([\w-]+):\s+[^\s#]")
_ONE_WORD_SINCE_COLON = re.compile(r":\s+[^\s:]+$")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_REMARK = re.compile(r"(?:^|(?<=[\s\[{,:]))#(?=\S)")
_ONLY_A_REMARK = re.compile(r"\s*#(?=\S)")
_KEY_BEFORE = re.compile(r"(^|[\s{\[,])[^\s:#,{\[]+:\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What is wrong and how to mend it; ``line`` and ``column`` count from 0."""

    line: int
    column: int
    what: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the parser stumbled over: its words, where that is, where what it was reading begins, and what it read last."""

    problem: str
    lines: Sequence[str]
    line: int
    column: int
    start: tuple[int, int]
    inside: str
    last: yaml.ScalarEvent | None

    @property
    def here(self) -> str:
        return self.text(self.line)

    @property
    def before(self) -> str:
        return self.here[: self.column]

    @property
    def letter(self) -> str:
        return self.here[self.column : self.column + 1]

    @property
    def above(self) -> int:
        """The nearest line above that says something; -1 where there is none."""
        numbers = range(min(self.line, len(self.lines)) - 1, -1, -1)
        return next((number for number in numbers if _says_something(self.lines[number])), -1)

    def text(self, line: int) -> str:
        return self.lines[line] if 0 <= line < len(self.lines) else ""


def find_slip(text: str, error: yaml.MarkedYAMLError, last: yaml.ScalarEvent | None) -> Slip | None:
    """The slip behind what the parser says of ``text``, or None for a rare one. ``last`` is the word or text that it read before."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return None
    begun = error.context_mark or mark
    found = _Found(
        problem=error.problem or "",
        lines=text.splitlines(),
        line=mark.line,
        column=mark.column,
        start=(begun.line, begun.column),
        inside=error.context or "",
        last=last,
    )
    return next((slip for look in _LOOKS if (slip := look(found))), None)


def _tab(found: _Found) -> Slip | None:
    if "tab character" not in found.problem and not ("start any token" in found.problem and found.letter == "\t"):
        return None
    return _slip(
        found, "a tab stands here", "Only spaces may stand at the start of a line: two for each step further in."
    )


def _start_of_text(found: _Found) -> Slip | None:
    """A letter that YAML keeps for itself, in front of a text without quotes."""
    line, column = found.start
    if found.inside.endswith("scanning an alias") and found.text(line)[column : column + 1] == "*":
        return Slip(line=line, column=column, what="a * must stand in quotes", hint='Such as match: "*".')
    if "cannot start any token" not in found.problem or not found.letter:
        return None
    if found.here.startswith("```"):
        return _slip(found, "this line is no part of a policy", "Take away the lines with ``` in them.")
    return _slip(found, f"a text can't start with {found.letter}", "Put the whole text in quotes.")


def _remark(found: _Found) -> Slip | None:
    """A # that swallows the rest of a line between brackets."""
    for line in (found.start[0], found.above) if "parsing a flow" in found.inside else ():
        written = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), found.text(line))
        if swallowing := _REMARK.search(written):
            return Slip(line=line, column=swallowing.start(), what=REMARK, hint=QUOTE_IT)
    return None


def remark_instead(lines: Sequence[str], line: int, column: int) -> Slip | None:
    """The same where it leaves a key without a value: nothing stands at ``column``, and after it a # with a word right behind."""
    here = lines[line] if line < len(lines) else ""
    found = _ONLY_A_REMARK.match(here, column)
    return Slip(line=line, column=found.end() - 1, what=REMARK, hint=QUOTE_IT) if found else None


def _quote(found: _Found) -> Slip | None:
    open_to_the_end = "quoted scalar" in found.inside and "end of stream" in found.problem
    line, column = found.start
    if open_to_the_end or ("expected ':'" in found.problem and found.text(line)[column : column + 1] in ("'", '"')):
        return _open_quote(line, column)
    last = found.last
    goes_on = "expected key" in found.problem or "<document start>" in found.problem
    if not goes_on or last is None or last.style not in ("'", '"') or not last.start_mark or not last.end_mark:
        return None
    if (last.end_mark.line, last.end_mark.column) != (found.line, len(found.before.rstrip())):
        return None
    if last.start_mark.line != last.end_mark.line:
        return _open_quote(last.start_mark.line, last.start_mark.column)
    hint = "Put the closing quote at the very end. A text with one kind of quotes in it stands in the other kind."
    return _slip(found, "the text goes on after its closing quote", hint)


def _open_quote(line: int, column: int) -> Slip:
    return Slip(line=line, column=column, what="this quote is not closed", hint="Put the same quote at its other end.")


def _bracket(found: _Found) -> Slip | None:
    if found.letter and found.letter in "]}" and not found.problem.startswith("did not find expected ','"):
        return _slip(found, f"this {found.letter} closes nothing", "Take it away, or open it further up.")
    line, column = found.start
    closing, name = _CLOSING.get(found.text(line)[column : column + 1], ("", ""))
    if not closing or not found.problem.startswith("did not find expected ','"):
        return None
    if line == found.line and closing in found.here[found.column :]:
        return _in_between(found, closing)
    opening = found.text(line)[column]
    return Slip(
        line=line, column=column, what=f"this {opening} is not closed", hint=f"Put {closing} where the {name} ends."
    )


def _in_between(found: _Found, closing: str) -> Slip:
    if found.letter == ":" and _ONE_WORD_SINCE_COLON.search(found.before):
        return _second_colon(found)
    hint = f"Commas stand between what is in {'brackets' if closing == ']' else 'braces'}."
    return _slip(found, "a comma is missing before this", hint)


def _colon(found: _Found) -> Slip | None:
    """A colon where none can stand: a second one on its line, or one whose key hangs on to the line above."""
    if "mapping values" not in found.problem:
        return None
    if _KEY_BEFORE.search(found.before):
        return _second_colon(found)
    return _bad_key(found.lines, found.above) or _too_far_in(found)


def _second_colon(found: _Found) -> Slip:
    hint = 'Put the whole text in quotes, such as title: "Rivers: a group".'
    return _slip(found, "there is a second colon on this line", hint)


def _no_colon(found: _Found) -> Slip | None:
    return _bad_key(found.lines, found.start[0]) if "expected ':'" in found.problem else None


def _bad_key(lines: Sequence[str], number: int) -> Slip | None:
    """A line whose colon lacks its space, or that lacks the colon."""
    line = lines[number] if 0 <= number < len(lines) else ""
    column = _indent(line)
    tight = _NO_SPACE.match(line)
    if tight:
        hint = f"Write {tight[1][:40]}: and a space, then the value."
        return Slip(line=number, column=tight.end() - 1, what="a space is missing after this colon", hint=hint)
    if line and ": " not in line and not line.rstrip().endswith(":"):
        hint = "Write key: value. A text that goes on from the line above starts further in than that line."
        return Slip(line=number, column=column, what="a colon is missing on this line", hint=hint)
    return None


def _too_far_in(found: _Found) -> Slip | None:
    above = found.text(found.above)
    if _indent(found.here) <= _indent(above) or not _KEY_AND_VALUE.match(above):
        return None
    return _misplaced(found, (_first_column(above),))


def _indentation(found: _Found) -> Slip | None:
    known = ("expected key", "'-' indicator", "<document start>")
    if found.before.strip() or not any(words in found.problem for words in known):
        return None
    columns: list[int] = []
    for line in reversed(found.lines[: found.line]):
        if _says_something(line) and (not columns or _indent(line) < min(columns)):
            columns += sorted({_first_column(line), _indent(line)} - set(columns), reverse=True)
    if found.column not in columns:
        return _misplaced(found, columns)
    if found.letter == "-":
        return _slip(found, "an item with a dash stands among keys", _MOVE_IT)
    if "'-' indicator" in found.problem:
        return _slip(found, "a key stands among items with a dash", _MOVE_IT)
    return _bad_key(found.lines, found.above)


def _misplaced(found: _Found, columns: Sequence[int]) -> Slip:
    choice = " or ".join(str(column + 1) for column in sorted(columns))
    hint = f"Lines that belong together start in the same column: {choice} fits the lines above."
    return Slip(line=found.line, column=_indent(found.here), what="this line starts in the wrong column", hint=hint)


def _slip(found: _Found, what: str, hint: str) -> Slip:
    return Slip(line=found.line, column=found.column, what=what, hint=hint)


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _first_column(line: str) -> int:
    """Where the key of the line starts, past the dashes of list items."""
    return len(line) - len(line.lstrip(" -"))


_LOOKS: tuple[Callable[[_Found], Slip | None], ...] = (
    _tab,
    _start_of_text,
    _remark,
    _quote,
    _bracket,
    _colon,
    _no_colon,
    _indentation,
)
