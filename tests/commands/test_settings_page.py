"""The reference of the settings leaves no question open."""

from __future__ import annotations

from bot.cli.settings_page import settings_page


def test_every_setting_says_what_it_is_how_to_get_it_and_what_happens_without_it() -> None:
    rows = [line for line in settings_page().splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]

    assert len(rows) > 15
    assert [row[0] for row in cells if len(row) != 4 or not all(row) or "``" in row] == []
