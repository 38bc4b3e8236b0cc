"""Presidio's own recognisers, without the rest of Presidio.

``import presidio_analyzer`` loads spaCy: three seconds and 70 MB for an engine that is not used here. Its recognisers need five
small modules of the package, so these alone are loaded, behind empty stand-ins for the packages' front doors. Afterwards the
stand-ins are gone again, and whoever imports the whole package gets the whole package.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Protocol

_PACKAGE = "presidio_analyzer"
_RECOGNISERS = f"{_PACKAGE}.predefined_recognizers"
#: What the recognisers import from the package, in an order in which each module needs only earlier ones.
_FRONT_DOOR = {
    "analysis_explanation": "AnalysisExplanation",
    "recognizer_result": "RecognizerResult",
    "entity_recognizer": "EntityRecognizer",
    "local_recognizer": "LocalRecognizer",
    "pattern": "Pattern",
    "pattern_recognizer": "PatternRecognizer",
}
_SUBPACKAGES = ("", ".generic", ".country_specific", ".country_specific.us", ".country_specific.uk")


class Result(Protocol):
    """A range of text with Presidio's score, 0 to 1."""

    start: int
    end: int
    score: float


class Recognizer(Protocol):
    """The part of Presidio's recogniser interface that is used here."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: None = None) -> Sequence[Result]:
        """Every range that matches."""
        ...


def recognizer(module: str, name: str, **options: object) -> Recognizer:
    """The recogniser class ``name`` of ``predefined_recognizers.<module>``, made with ``options``. Raises ImportError."""
    if _PACKAGE in sys.modules:
        made: Recognizer = getattr(importlib.import_module(f"{_RECOGNISERS}.{module}"), name)(**options)
        return made
    with _stand_ins():
        alone: Recognizer = getattr(importlib.import_module(f"{_RECOGNISERS}.{module}"), name)(**options)
        return alone


@contextmanager
def _stand_ins() -> Iterator[None]:
    """The package's modules without what their ``__init__`` files drag in."""
    front = _empty(_PACKAGE)
    try:
        for suffix in _SUBPACKAGES:
            _empty(_RECOGNISERS + suffix)
        # The phone recogniser names this class in an annotation only.
        _empty(f"{_PACKAGE}.nlp_engine").__dict__["NlpArtifacts"] = object
        for module, name in _FRONT_DOOR.items():
            front.__dict__[name] = getattr(importlib.import_module(f"{_PACKAGE}.{module}"), name)
        yield
    finally:
        for loaded in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
            del sys.modules[loaded]


def _empty(name: str) -> ModuleType:
    """A package without its ``__init__``, whose modules are found where the real one's are."""
    parent, _, last = name.rpartition(".")
    module = ModuleType(name)
    if parent:
        module.__path__ = [f"{place}/{last}" for place in sys.modules[parent].__path__]
    else:
        spec = importlib.util.find_spec(name)
        module.__path__ = list((spec and spec.submodule_search_locations) or ())
    sys.modules[name] = module
    return module
