"""Devices: serial numbers of pumps, sensors and implants, IMEIs, hardware addresses (Presidio)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.presidio import recognizer
from bot.reading.recognisers.base import by_presidio, labelled, values

_HARDWARE = re.compile(r"\b[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]|\b[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.")
_SURE = labelled(r"serial|s/n|imei|udi|device id", id_word=False)
_NUMBERED = labelled(
    r"device|lot|pump|pacemaker|icd|implant|cgm|sensor|transmitter|stimulator|valve|stent|machine|cpap|concentrator|model",
    id_word=True,
)


class Device:
    """Kind "device"."""

    def __init__(self) -> None:
        self._hardware = recognizer("generic.mac_recognizer", "MacAddressRecognizer")

    def find(self, text: str) -> Iterator[Span]:
        """Numbers that stand for one device."""
        yield from values(_SURE, text, "device")
        yield from values(_NUMBERED, text, "device")
        if _HARDWARE.search(text):
            yield from by_presidio(self._hardware, text, "device")
