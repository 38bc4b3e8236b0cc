"""Laws of text that knows where it came from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import MappedText, redact_source, replace_ranges


@st.composite
def mapped(draw: st.DrawFn) -> MappedText:
    """Some source characters dropped, the others kept."""
    source = draw(st.text(max_size=30))
    kept = [index for index in range(len(source)) if draw(st.booleans())]
    return MappedText(source=source, plain="".join(source[i] for i in kept), origins=tuple((i, i + 1) for i in kept))


@given(mapped(), st.data())
def test_a_range_points_at_the_characters_it_came_from(text: MappedText, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text.plain)))
    end = data.draw(st.integers(start, len(text.plain)))
    first, last = text.to_source(start, end)

    assert 0 <= first <= last <= len(text.source)
    remaining = iter(text.source[first:last])
    assert all(character in remaining for character in text.plain[start:end])


@given(mapped(), st.data())
def test_maps_compose(text: MappedText, data: st.DataObject) -> None:
    kept = [index for index in range(len(text.plain)) if data.draw(st.booleans())]
    following = MappedText(
        source=text.plain, plain="".join(text.plain[i] for i in kept), origins=tuple((i, i + 1) for i in kept)
    )
    together = text.then(following)

    assert (together.source, together.plain) == (text.source, following.plain)
    for index in range(len(kept)):
        assert together.to_source(index, index + 1) == text.to_source(*following.to_source(index, index + 1))


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))
def test_what_is_replaced_is_gone_and_the_rest_stands(text: str, pairs: list[tuple[int, int]]) -> None:
    ranges = [(min(a, b, len(text)), min(max(a, b), len(text)), "·") for a, b in pairs if a != b]
    covered = {index for start, end, _ in ranges for index in range(start, end)}

    replaced = replace_ranges(text.replace("·", "x"), ranges)

    assert replaced.replace("·", "") == "".join(c for i, c in enumerate(text.replace("·", "x")) if i not in covered)


@given(mapped())
def test_redacting_everything_leaves_nothing_of_the_plain_text(text: MappedText) -> None:
    redacted = redact_source(text, [(0, len(text.plain), "[…]")])

    assert redacted == (
        text.source if not text.plain else replace_ranges(text.source, [(*text.to_source(0, len(text.plain)), "[…]")])
    )
