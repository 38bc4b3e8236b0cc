"""The numbers for people in danger: every country says where its numbers are published."""

from __future__ import annotations

import re

import pytest

from bot.policy_file.help_lines import Country, countries

#: How people read a number to dial: digits in groups.
NUMBER = re.compile(r"\d[\d ]{1,14}")
every_country = pytest.mark.parametrize("country", countries().values(), ids=countries())


def test_there_are_countries_enough() -> None:
    assert len(countries()) >= 12


@every_country
def test_its_sources_can_be_looked_up(country: Country) -> None:
    assert [source for source in country.sources if not source.link.startswith(("https://", "http://"))] == []


@every_country
def test_its_numbers_can_be_dialled(country: Country) -> None:
    numbers = [*country.emergency.split(" / "), *(line.phone for line in country.crisis)]

    assert [number for number in numbers if not NUMBER.fullmatch(number)] == []


def test_no_page_stands_for_two_countries() -> None:
    links = [source.link for country in countries().values() for source in country.sources]

    assert len(links) == len(set(links))
