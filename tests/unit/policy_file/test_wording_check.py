"""What a community may not put into the bot's mouth, and what it may."""

from __future__ import annotations

import json

import pytest

from tests.unit.policy_file.conftest import ONE_RULE, Check

HELP = [
    ("wordings: {reply_emergency: Wait.}", "wordings.reply_emergency.en: holds no {{ emergency_number }}"),
    ("wordings: {reply_self_harm: Ok.}", "wordings.reply_self_harm.en: holds no {{ crisis_line }}"),
    ("wordings: {reply_self_harm: {es: 'Llama al {{ emergency_number }}.'}}", "wordings.reply_self_harm.es: holds no"),
    ("wordings: {reply_emergency: {fr: Attendez.}}", "wordings.reply_emergency.fr: holds no {{ emergency_number }}"),
    ("wordings: {page_emergency: Nothing to see}", "page_emergency.en: holds no {{ case }} or {{ message_link }}"),
    ("wordings: {page_self_harm: 'In {{ room }}'}", "page_self_harm.en: holds no {{ case }} or {{ message_link }}"),
    ("wordings: {page_again: Still.}", "wordings.page_again.en: holds no {{ case }} or {{ message_link }}"),
    ("wordings: {page: Look.}", "wordings.page.en: holds no {{ case }} or {{ message_link }}"),
    (
        "wordings: {mine: Wait.}\nrules: {emergency: {do: [page, {reply: mine}]}}",
        "rules.emergency.do[1]: says wordings.mine, which holds no {{ emergency_number }}",
    ),
    (
        "rules: {emergency: {do: [page, reply]}}",
        "rules.emergency.do[1]: says wordings.reply, which holds no {{ emergency_number }} (en, es)",
    ),
    (
        "rules: {self_harm: {do: [page, {reply: reply_emergency}]}}",
        "rules.self_harm.do[1]: says wordings.reply_emergency, which holds no {{ crisis_line }} (en, es)",
    ),
    (
        "wordings: {mine: Look.}\nrules: {r: {when: {first_post: true}, do: {page: mine}}}",
        "rules.r.do[0]: says wordings.mine, which holds no {{ case }} or {{ message_link }}",
    ),
    (
        "wordings: {mine: Wait.}\nrules: {r: {when: {phrases: [a pill]}, do: {reply: mine}, priority: 100}}",
        "rules.r.do[0]: says wordings.mine, which holds no {{ emergency_number }} or {{ crisis_line }}",
    ),
    (
        "wordings: {mine: Wait.}\nrules: {a: {when: {phrases: [a pill]}, do: {reply: mine}}, self_harm: {priority: -1}}",
        "rules.a.do[0]: says wordings.mine, which holds no {{ emergency_number }} or {{ crisis_line }}",
    ),
]


@pytest.mark.parametrize(("text", "reason"), HELP)
def test_words_that_take_the_help_away(check: Check, text: str, reason: str) -> None:
    checked = check(text)

    assert checked.policy is None
    assert reason in checked.rendered()


def test_help_in_other_words(check: Check) -> None:
    checked = check("""
        wordings:
          reply_emergency: "Call {{emergency_number}} now."
          reply_self_harm: {en: "Somebody listens: {{ crisis_line }}", fr: "Quelqu'un écoute : {{ crisis_line }}"}
          page_emergency: "Somebody needs you: {{ message_link }}"
          page_mine: "Somebody needs you, case {{ case }}"
          both: "Call {{ emergency_number }}, or talk to somebody: {{ crisis_line }}"
          thanks: Thank you for writing.
        rules:
          mine: {when: {first_post: true}, do: [{page: page_mine}, {reply: thanks}]}
          high: {when: {labels: [self_harm]}, do: [{reply: both}], priority: 100}
    """)

    assert checked.rendered() == ""


NOT_HTTPS = [
    "http://example.org",
    "HTTP://example.org/x",
    "ftp://example.org",
    "www.example.org",
    "xhttps://example.org",
]


@pytest.mark.parametrize("address", NOT_HTTPS)
def test_an_address_that_is_not_https(check: Check, address: str) -> None:
    assert "wordings.note.en: has an address that is not https" in said(check, f"Read this: {address}.")


@pytest.mark.parametrize(
    "text",
    [
        "See https://example.org/?about={{ labels }}",
        "See https://example.org/{{ room }}?case={{ case }}",
        "See https://{{room}}.example.org",
        "See https://example.org/?q='{{ case }}'",
        "See [us](https://example.org/(a){{ case }})",
        "See https://example.org/?to={{ message_link }}",
        "See {{ link }}?from={{ room }}",
        "See {{ link }}{{ case }}",
        "See example.org/?case={{ case }}",
        "See {{ room }}.example.org/book",
        "Write to desk@example.org?subject={{ room }}",
    ],
)
def test_an_address_that_carries_something_away(check: Check, text: str) -> None:
    assert "wordings.note.en: puts a variable into an address" in said(check, text)


@pytest.mark.parametrize(
    "text",
    [
        "Online: {{ link }}",
        "Case {{ case }}: {{ message_link }}.",
        "{{ contact }}: https://example.org/book, {{ phone }}",
        "[{{ contact }}]({{ link }}) or <https://example.org/book|{{ contact }}>",
        "Hello, dear member of {{ group }}. Is it {{ room }}/{{ case }}? e.g. that one",
        "https://example.org/book\n{{ phone }}",
    ],
)
def test_addresses_that_are_fine(check: Check, text: str) -> None:
    assert said(check, text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "wordings: {note: '{{ labels }}'}",
        "wordings: {reply: 'It is about {{ labels }}.'}",
        "wordings: {schedule_question: '{{labels}}'}",
        "wordings: {outcome_upheld: '{{ labels }}'}",
        "wordings: {knock: '{{ labels }}'}",
        "wordings: {mine: '{{ labels }}'}\nrules: {r: {when: {first_post: true}, do: {nudge: mine}}}",
        "wordings: {mine: '{{ labels }}'}\nrules: {r: {when: {first_post: true}, do: [{notify: mine}, {note: mine}]}}",
        "wordings: {notify: '{{ labels }}'}\nrules: {r: {when: {first_post: true}, do: {reply: notify}}}",
    ],
)
def test_what_a_message_is_about_is_for_the_team(check: Check, text: str) -> None:
    assert ": tells {{ labels }} to members" in check(text).rendered()


@pytest.mark.parametrize(
    "text",
    [
        "wordings: {note: 'Hello! {{ problem }}'}",
        "wordings: {nudge: 'Hello! {{ problem }}'}",
        "wordings: {mine: 'Hello! {{problem}}'}\nrules: {r: {when: {first_post: true}, do: {reply: mine}}}",
    ],
)
def test_what_went_wrong_is_for_the_team(check: Check, text: str) -> None:
    checked = check(text)

    assert ": tells {{ problem }} to members" in checked.rendered()
    assert checked.policy is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("wordings: {note: 'From {{ time }}'}", "wordings.note.en: {{ time }} stays empty here"),
        ("wordings: {schedule_question: '{{ contact }}, {{ hours }}, {{ zone }}'}", "en: {{ zone }} stays empty"),
    ],
)
def test_a_variable_that_nothing_fills_in(check: Check, text: str, said: str) -> None:
    assert said in check(text).rendered()


@pytest.mark.parametrize(
    "text",
    [
        "wordings: {note: '{{ contact }}, {{ hours }}'}",
        "wordings: {hours_day: '{{ day }}, {{ time }}, {{ zone }}'}",
    ],
)
def test_a_variable_that_is_filled_in(check: Check, text: str) -> None:
    assert "stays empty" not in check(text).rendered()


def test_the_team_hears_what_a_message_is_about(check: Check) -> None:
    checked = check("""
        wordings:
          notify: "{{ labels }} in {{ room }}. {{ problem }}"
          page_emergency: "{{ labels }} in {{ room }}: {{ message_link }}"
          mine: "{{ labels }} in {{ room }}"
        rules: {r: {when: {first_post: true}, do: {notify: mine}}}
    """)

    assert checked.rendered() == ""


ADVICE = [
    "Put hydrocortisone on it twice a day",
    "Put yoghurt on your skin",
    "Apply the cream to the rash.",
    "Rub it in three times a day",
    "Try ginger tea, it helps with nausea",
    "Yoga is great: it really helps against back pain",
    "cut down on carbohydrates",
    "don't need to worry, it is harmless",
    "You don’t need to worry about that rash",
    "That sounds like an infection.",
    "Eat less sugar",
    "Please drink plenty of water",
    "You should eat more fruit",
    "Don't take that medicine",
    "Stay away from gluten",
    "You might switch to metformin",
    "Get some rest and lose weight",
    "Take amoxicillin",
    "Stop these tablets",
    "Deberías tomar vitamina C",
    "No tomes esa medicina",
    "Come menos azúcar",
    "Debes tomar más agua",
    "Bebe mucha agua",
    "Ponte crema en la piel",
    "Aplícate hielo dos veces al día",
    "Prueba un té de jengibre",
    "Te ayuda contra las náuseas",
    "Evita los carbohidratos",
    "No te preocupes, es inofensivo",
    "Parece una infección",
    "Deje de tomar esas pastillas",
]


@pytest.mark.parametrize("text", ADVICE)
def test_advice(check: Check, text: str) -> None:
    assert "gives advice" in said(check, text)


SHAME = [
    "You are a liar",
    "You're such a hypocrite.",
    "You’re not welcome here",
    "Nobody wants you here",
    "No one believes you",
    "We don't want you in this group.",
    "Stop lying.",
    "Shut up",
    "We are disappointed in you",
    "Eres un mentiroso",
    "Usted es un maleducado",
    "Nadie te quiere aquí",
    "Aquí no te queremos",
    "No eres bienvenida",
    "¡Cállate!",
]


@pytest.mark.parametrize("text", SHAME)
def test_shame(check: Check, text: str) -> None:
    assert "puts the reader to shame" in said(check, text)


@pytest.mark.parametrize(
    "text",
    [
        "You are welcome here. Nobody needs to be alone with this.",
        "Please don't give up. You are not alone, and we want you here.",
        "Don't worry, your message is not lost. Please try again, or take your time.",
        "To put it on the list, use the form. It works on every phone, and it helps us to see you sooner.",
        "You can post here twice a day. What others eat or drink is theirs to say.",
        "For pain, headaches and your medicine, {{ contact }} can help with everything.",
        "It is normal to feel low. Take part in April, or try the button below.",
        "Please take a list of your medicines to the desk, and have your tablets at hand.",
        "Puedes tomarte tu tiempo. No eres una carga, y te queremos aquí.",
        "Prueba otra vez, o usa el botón. La decisión la toma una persona.",
        "No te preocupes, tu mensaje no se ha perdido. Para el dolor te ayuda {{ contact }}.",
        "Es normal sentir miedo. Pon el nombre de tu medicamento en el formulario.",
    ],
)
def test_kind_and_plain_words_pass(check: Check, text: str) -> None:
    assert said(check, text) == ""


def said(check: Check, text: str) -> str:
    """What is wrong with a note of these words."""
    return check(f"rules: {{{ONE_RULE}}}\nwordings: {{note: {json.dumps(text)}}}").rendered()
