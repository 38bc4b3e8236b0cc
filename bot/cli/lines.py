"""JSON lines in, JSON lines out: cases of the labelling guide read from a stream, one object printed for each, in order."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from typing import Any, Literal, TextIO

from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.domain.reading import Utterance

JsonObject = dict[str, Any]
#: Lines that are read together.
TOGETHER = 16
#: What pydantic finds wrong most often, in plain words.
_WHY = {
    "missing": "is missing",
    "model_type": "must be a JSON object in braces",
    "string_type": "must be a text in quotes",
}


class Earlier(BaseModel):
    """A message before the one under reading."""

    author: Literal["same", "other"]
    text: str


class GuideCase(BaseModel):
    """A case in the labelling guide's format; what is not needed for reading is ignored."""

    model_config = ConfigDict(extra="ignore")

    id: str
    text: str
    room: Literal["community", "practice", "staff"]
    author: Literal["member", "staff", "moderator"]
    context: list[Earlier] = []

    def utterance(self) -> Utterance:
        """What a reader is given of it."""
        context = tuple((earlier.author == "same", earlier.text) for earlier in self.context)
        return Utterance(text=self.text, room=self.room, author=self.author, context=context)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that is not a case, and why; never what it says."""

    line: int
    error: str


def parse(number: int, line: str) -> GuideCase | BadLine:
    """One line as a case."""
    try:
        given = json.loads(line)
        json.dumps(given, ensure_ascii=False).encode()
        return GuideCase.model_validate(given)
    except UnicodeEncodeError:
        return BadLine(line=number, error="not text: half a surrogate pair is no character")
    except json.JSONDecodeError as error:
        return BadLine(line=number, error=f"not JSON: {error.msg} at column {error.colno}")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        return BadLine(line=number, error=f"{where}: {_WHY.get(first['type'], first['msg'])}")
    except (ValueError, RecursionError):  # numbers of thousands of digits, lists in lists without end
        return BadLine(line=number, error="not JSON that can be read")


def answer(stream: TextIO, out: TextIO, work: Callable[[Sequence[GuideCase]], Iterable[JsonObject]]) -> int:
    """Answer every line of ``stream`` on ``out``; how many lines were bad. Shows progress where a person watches."""
    numbered = ((number, line) for number, line in enumerate(stream, start=1) if line.strip())
    bad = 0
    with progress_bar() as progress:
        task = progress.add_task("reading", total=None)
        while batch := list(islice(numbered, TOGETHER)):
            parsed = [parse(number, line) for number, line in batch]
            answers = iter(work([case for case in parsed if isinstance(case, GuideCase)]))
            for item in parsed:
                reply = {"error": item.error, "line": item.line} if isinstance(item, BadLine) else next(answers)
                bad += isinstance(item, BadLine)
                out.write(json.dumps(reply, ensure_ascii=False) + "\n")
            out.flush()
            progress.advance(task, len(batch))
    return bad


def plain_streams() -> None:
    """Standard input and output in UTF-8, as JSON is, whatever the locale. A byte that is no text spoils its own line only."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape" if stream is sys.stdin else "strict")


def progress_bar() -> Progress:
    """Counts on standard error, where a person watches; else silent."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(
        *columns, console=console, transient=True, disable=not (console.is_terminal and sys.stderr.isatty())
    )
