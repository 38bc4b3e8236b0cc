"""The way to care in a policy: the directory, hours, the on-call chain, the numbers of each country."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.care import Answers, Contact, HelpLines, Opening
from bot.domain.on_call import OnCallStep
from bot.policy_file.care_convert import contact
from bot.policy_file.help_lines import NUMBERS, countries
from bot.policy_file.hours import openings, overlaps, parse_entry, parse_holiday
from bot.policy_file.load import check_policy, load_policy, load_resolved
from bot.policy_file.resolved import resolved_text
from bot.policy_file.schema import ContactSheet
from tests.unit.policy_file.conftest import START, Write

WHOLE = """
name: The Clinic
extends: [practice]
country: {country}
team_room: mods
people: {{staff: [s], moderators: [m]}}
rooms: [{{match: team, kind: staff}}, {{match: "*", kind: practice}}]
contacts:
  desk: {{name: the front desk, phone: "555 0100"}}
  heart:
    name: the heart clinic
    link: https://example.org/heart
    topics: [Cardio*, Blood-Pressure]
    rooms: [heart-*]
    languages: [en, es]
    locations: [12 Elm St]
    providers: [Dr. Patel]
    time_zone: America/New_York
    hours: {{monday-friday: "8:00-12:00, 13:00-17:00", saturday: ["9:00-12:00"], sunday: closed}}
    holidays: [2026-07-03, "12-25"]
    slots: https://publisher.example/fhir/$bulk-publish
    slots_fresh_for: 1h
answers: {{where: room, again_after: 1d}}
on_call:
  - {{mention: nurses, wait: 2m}}
  - {{webhook: night}}
"""


def written(tmp_path: Path, more: str = "", country: str = "ES") -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(WHOLE.format(country=country) + more, encoding="utf-8")
    return path


def test_everything_arrives(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path))

    desk, heart = policy.contacts
    assert desk == Contact(id="desk", name="the front desk", phone="555 0100")
    assert heart.topics == ("cardio*", "blood pressure")
    assert heart.rooms == {"heart-*"}
    assert heart.holidays == {"2026-07-03", "12-25"}
    assert len(heart.hours) == 11
    assert heart.hours[0] == Opening(weekday=0, opens=480, closes=720)
    assert heart.hours[-1] == Opening(weekday=5, opens=540, closes=720)
    assert heart.slots_fresh_for == timedelta(hours=1)
    assert policy.answers == Answers(in_room=True, again_after=timedelta(days=1))
    assert policy.on_call == (
        OnCallStep(mention=("nurses",), wait=timedelta(minutes=2)),
        OnCallStep(webhook="night", wait=timedelta(minutes=5)),
    )
    assert policy.help_lines == HelpLines(emergency="112", crisis="024 (Línea de atención a la conducta suicida)")


def test_a_kept_version_is_the_same_policy(tmp_path: Path) -> None:
    checked = check_policy(written(tmp_path))

    assert checked.policy is not None
    assert load_resolved(resolved_text(checked), "kept") == checked.policy


def test_own_numbers_stand_in_for_the_countrys(tmp_path: Path) -> None:
    own = 'help_lines: {emergency: "119", crisis: "0120 279 338 (Yorisoi)"}\n'

    assert load_policy(written(tmp_path, own, "JP")).help_lines == HelpLines(
        emergency="119", crisis="0120 279 338 (Yorisoi)"
    )
    assert check_policy(written(tmp_path, 'help_lines: {emergency: "119"}\n', "JP")).policy is None
    assert load_policy(written(tmp_path, 'help_lines: {emergency: "12"}\n', "GB")).help_lines.crisis.startswith(
        "116 123"
    )


def test_an_extending_policy_changes_one_key_of_a_desk(tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    pack = tmp_path / "packs" / "ours.yaml"
    pack.write_text("contacts: {heart: {name: the heart clinic, phone: '555 1', topics: [heart]}}\n", encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        WHOLE.format(country="US").split("  heart:")[0].replace("[practice]", "[practice, ours]")
        + "  heart: {phone: '555 2'}\n",
        encoding="utf-8",
    )

    heart = next(desk for desk in load_policy(mine).contacts if desk.id == "heart")
    assert (heart.name, heart.phone, heart.topics) == ("the heart clinic", "555 2", ("heart",))


@pytest.mark.parametrize(
    ("written_as", "week"),
    [
        ({"monday": "8:00-12:00"}, [(0, 480, 720)]),
        ({"Fri - Mon": "8.00-9.30"}, [(0, 480, 570), (4, 480, 570), (5, 480, 570), (6, 480, 570)]),
        ({"sunday": "22:00-6:00"}, [(6, 1320, 1800)]),
        ({"sun": "0:00-24:00"}, [(6, 0, 1440)]),
        ({"daily": "closed", "tue": ["13:00-14:00", "8:00-9:00"]}, [(1, 480, 540), (1, 780, 840)]),
    ],
)
def test_hours_are_read_as_people_write_them(written_as: object, week: list[tuple[int, int, int]]) -> None:
    sheet = ContactSheet.model_validate({"hours": written_as})

    assert [(one.weekday, one.opens, one.closes) for one in contact("desk", sheet).hours] == week


@pytest.mark.parametrize(
    ("days", "times", "said"),
    [
        ("m", "8:00-9:00", "'m' is no day."),
        ("monday", "8-9", "'8-9' is no time span."),
        ("mon", "8:61-9:00", "8:61 is no time of day."),
        ("mon", ["24:00-24:00"], "'24:00-24:00' opens at 24:00."),
        ("mon", None, "a time is missing."),
        (
            "weekend",
            ["9am-5pm", "8:00-9:00", 7],
            "'weekend' is no day; '9am-5pm' is no time span; '7' is no time span.",
        ),
    ],
)
def test_all_that_is_wrong_with_an_entry_is_said(days: str, times: object, said: str) -> None:
    with pytest.raises(ValueError, match="Write days and times") as caught:
        parse_entry(days, times)

    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("written_as", "said"),
    [
        ({"monday": "9:00-12:00, 11:00-13:00"}, ["9:00-12:00 and 11:00-13:00 overlap on monday"]),
        ({"mon-fri": "8:00-17:00", "tue": "16:00-18:00"}, ["8:00-17:00 and 16:00-18:00 overlap on tuesday"]),
        ({"daily": "8:00-12:00, 9:00-10:00"}, ["8:00-12:00 and 9:00-10:00 overlap on monday"]),
        ({"mon": "8:00-17:00, 9:00-10:00, 16:00-18:00"}, ["8:00-17:00 and 9:00-10:00", "8:00-17:00 and 16:00-18:00"]),
        ({"fri": "22:00-6:00", "sat": "5:00-9:00"}, ["22:00-6:00 on friday and 5:00-9:00 on saturday overlap"]),
        ({"sun": "22:00-6:00", "mon": "5:00-9:00"}, ["22:00-6:00 on sunday and 5:00-9:00 on monday overlap"]),
        ({"mon": "8:00-12:00, 12:00-13:00", "tue": "closed", "sun": "20:00-24:00"}, []),
        ({"daily": "20:00-8:00, 8:00-20:00"}, []),
    ],
)
def test_hours_that_overlap_are_named(written_as: dict[str, str], said: list[str]) -> None:
    week = {days: parse_entry(days, times) for days, times in written_as.items()}

    found = [what for _, what in overlaps(week)]
    assert len(found) == len(said)
    assert all(what.startswith(words) for what, words in zip(found, said, strict=True))


def test_closed_has_no_opening() -> None:
    assert openings({"daily": parse_entry("daily", "Closed ")}) == ()


@pytest.mark.parametrize(
    "wrong", ["25 December", "2026-13-01", "12-32", 3, "02-30", "04-31", "2025-02-29", "0000-01-01"]
)
def test_what_is_no_day_is_said(wrong: object) -> None:
    with pytest.raises(ValueError, match="Write a day"):
        parse_holiday(wrong)


@pytest.mark.parametrize("day", ["02-29", "2028-02-29", " 12-25 "])
def test_days_that_some_year_has(day: str) -> None:
    assert parse_holiday(day) == day.strip()


@pytest.mark.parametrize(("fresh_for", "fits"), [("59s", False), ("1m", True)])
def test_slots_that_are_outdated_at_once_are_refused(tmp_path: Path, fresh_for: str, fits: bool) -> None:
    path = written(tmp_path)
    text = path.read_text(encoding="utf-8").replace("slots_fresh_for: 1h", f"slots_fresh_for: {fresh_for}")
    path.write_text(text, encoding="utf-8")

    assert [problem.key for problem in check_policy(path).problems] == (
        [] if fits else ["contacts.heart.slots_fresh_for"]
    )


def test_at_least_twelve_countries_have_numbers_with_sources() -> None:
    known = countries()

    assert len(known) >= 12
    assert {"US", "GB", "IE", "CA", "AU", "NZ", "DE", "FR", "ES", "IT", "NL", "MX", "IN"} <= known.keys()
    assert all(country.sources and country.lines().emergency and country.lines().crisis for country in known.values())
    assert known["GB"].lines().crisis == "116 123 (Samaritans) · 111 (NHS)"
    assert known["IT"].lines().crisis.endswith("10:00-24:00)")
    assert list(known) == sorted(known)
    assert NUMBERS.is_file()


@pytest.mark.parametrize(("length", "fits"), [(512, True), (513, False)])
def test_a_link_must_fit_a_button(tmp_path: Path, length: int, fits: bool) -> None:
    path = written(tmp_path)
    short = "https://example.org/heart"
    path.write_text(path.read_text(encoding="utf-8").replace(short, short.ljust(length, "x")), encoding="utf-8")

    problems = check_policy(path).problems

    assert [(problem.key, problem.what) for problem in problems] == (
        [] if fits else [("contacts.heart.link", "is too long")]
    )


@pytest.mark.parametrize("role", ["nurses", '"@nurses"'])
def test_roles_may_be_written_as_in_the_chat(write: Write, role: str) -> None:
    text = f"rules: {{a: {{when: {{first_post: true}}, do: queue}}}}\non_call: [{{mention: [{role}]}}]"
    policy = load_policy(write(text, start=START.replace("staff: [team]", f"staff: [{role}]")))

    assert policy.people.staff == {"nurses"}
    assert policy.on_call[0].mention == ("nurses",)
