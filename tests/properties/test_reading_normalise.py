"""What holds for every text that is normalised."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.alphabets import FOREIGN, GREEK, RAISED, STYLED
from bot.reading.normalise import normalise

_TRICKS = st.sampled_from(
    [
        *("\u200b", "\u200d", "\ufe0f", "\u202e", "\u202c", "\u00ad", "\u0336", "&amp;", "&#99;", "&lt;", "%63", "%25"),
        *(
            "||",
            "**",
            "*",
            "_",
            "~~",
            "`",
            "```",
            " ",
            "  ",
            ".",
            "-",
            "0",
            "1",
            "3",
            "4",
            "@",
            "$",
            "🇨",
            "🇬🇧",
            "🅾️",
            "</b>",
        ),
        *(
            "c h e m o",
            "m0dafinil",
            "n0",
            "f4t",
            "chemo",
            "Zoë",
            "Привет",
            "https://example.com/",
            "@jo",
            "5 5 5 0 1 4 2",
        ),
        *list(FOREIGN)[:20],
        *list(GREEK)[:10],
        *list(STYLED)[:60:6],
        *list(RAISED)[:10],
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(_TRICKS | st.text(max_size=3), max_size=20).map("".join))


@settings(deadline=None)
@given(TEXTS)
def test_origins_run_forward_and_stay_inside(text: str) -> None:
    known = normalise(text)

    assert known.source == text
    origins = known.origins or ()
    assert all(0 <= start < end <= len(text) for start, end in origins)
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(origins))


@settings(deadline=None)
@given(TEXTS)
def test_what_is_undone_stays_undone(text: str) -> None:
    plain = normalise(text).plain

    assert normalise(plain).plain == plain


@settings(deadline=None)
@given(TEXTS)
def test_untouched_text_needs_no_map(text: str) -> None:
    known = normalise(text)

    assert (known.origins is None) == (known.plain == text)
