"""Disguise is undone, ordinary text is left alone, and every letter knows where it came from."""

from __future__ import annotations

import time

import pytest

from bot.reading.normalise import normalise

DISGUISED = [
    ("ch\u200bemo and c\u00adancer", "chemo and cancer"),
    ("\u202eomehc\u202c works", "chemo works"),
    ("c̶h̶e̶m̶o̶ kills", "chemo kills"),
    ("сhеmо", "chemo"),
    ("vаccіnе injury", "vaccine injury"),
    ("pαin and cαncer", "pain and cancer"),
    ("𝓒𝓱𝓮𝓶𝓸 𝐤𝐢𝐥𝐥𝐬", "Chemo kills"),
    ("ｃｈｅｍｏ", "chemo"),
    ("ⓒⓗⓔⓜⓞ", "chemo"),
    ("ᴄʜᴇᴍᴏ", "chemo"),
    ("ᶜʰᵉᵐᵒ", "chemo"),
    ("🅲🅷🅴🅼🅾", "CHEMO"),
    ("b🅾️rax", "bOrax"),
    ("🇨 🇭 🇪 🇲 🇴", "chemo"),
    ("d m  m e for the clinic", "dm me for the clinic"),
    ("c h e m o i think", "chemo i think"),
    ("she has c h 3 m 0 now", "she has chemo now"),
    ("c.h.e.m.o and b-o-r-a-x", "chemo and borax"),
    ("J_a_n_e  B_l_u_m", "Jane  Blum"),
    ("ox.ygen and b.ra.in", "oxygen and brain"),
    ("my s o c i a l is 5 1 2 - 5 5 - 0 1 9 4", "my social is 512-55-0194"),
    ("ur a p4th3tic l0s3r, l0g 0ff n d0 us all a fav0ur", "ur a pathetic loser, log off n do us all a favour"),
    ("m0dafinil n0 scr1pt, tracked p0st", "modafinil no script, tracked post"),
    ("C4NC3R $cam", "CANCER scam"),
    ("c@ncer", "cancer"),
    ("roomie *Fran*_cesca_ *Mor*_etti_, round 3", "roomie Francesca Moretti, round 3"),
    ("can**cer** and ch~~em~~o", "cancer and chemo"),
    ("||Joe has HIV||", "Joe has HIV"),
    ("M&amp;M, ch&#101;mo, &amp;amp;lt;", "M&M, chemo, <"),
    ("ch%65mo and %63ancer", "chemo and cancer"),
]

ORDINARY = [
    "B12, 5FU, 5-HT3, HbA1c, covid19, T3, CD4, H1N1, CYP3A4, p53, omega3, CoQ10, SpO2 and 10⁹/L",
    "scn1a, col4a5, pik3ca, kif1a, ddx3x, TUBB4A, notch3 and T1DE in t1dm",
    "l8r m8, gr8, b4 3am, 2nd try, 4th day, 20mg twice, 1.5ml, 10k steps, 5yo",
    "ring 020 7946 0018 or +1 (206) 555-0142, code HOPE20, member id XJB44710092, bed4b, SW1A 1AA",
    "TNFα, β-blocker, μg, NFκB, Δ9-THC, IFNγ",
    "José, Zoë, Siân, Nguyễn Thị Minh, Øyvind, Łukasz, Şeyma, İpek, naïve, 1ᵉʳ, m², ½",
    "Привет, сестра в порядке. SMSка пришла",
    "Η γιαγιά είναι καλά",
    "שלום עולם, مرحبا بالعالم, می‌خواهم, हिन्दी में, 日本語ＰＣＲ検査",
    "👨‍👩‍👧 ❤️ 🏳️‍🌈 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 👍🏽 1️⃣ ☺️ ©️",
    "🇬🇧 🇺🇸🇨🇦 and blood group 🅱️, parking 🅿️",
    "u r a star, y r u so kind, x x x, a b c d, vitamins A D E K, J R R Tolkien, T 3 N 1 M 0",
    "see https://example.com/p4th?q=ch%65mo&amp;x and jo.m0rris@example.com or @baggy_b4rt0n",
    "```x = {'c h e m o': 'm0dafinil'}``` and `d m m e = 1;`",
    "snake_case, **bold** word, *stress*, f**ked, either|or, state-of-the-art, kid-in-the-candy-store",
    "100%de, 5 % off, 50%ad, R&D, AT&T; fish&chips",
    "U.S.A., e.g. this, q.i.d. please, a.k.a. me",
    ":upside_down_face: :tada: <@U0123ABC> <#C99|general>",
    "~~me~~us, he said... wait- what",
]


@pytest.mark.parametrize(("typed", "meant"), DISGUISED)
def test_disguise_is_undone(typed: str, meant: str) -> None:
    assert normalise(typed).plain == meant


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_untouched(text: str) -> None:
    known = normalise(text)

    assert known.plain == text
    assert known.origins is None


@pytest.mark.parametrize(
    ("typed", "plain", "covered"),
    [
        ("my roomie *Fran*_cesca_ is in", "Francesca", "Fran*_cesca"),
        ("hi d m  m e now", "dm", "d m"),
        ("so ch\u200bemo", "chemo", "ch\u200bemo"),
        ("&lt;b&gt; m0dafinil", "modafinil", "m0dafinil"),
        ("call 5 1 2 - 5 5 - 0 1 9 4.", "512-55-0194", "5 1 2 - 5 5 - 0 1 9 4"),
    ],
)
def test_a_range_of_the_plain_text_falls_on_what_was_typed(typed: str, plain: str, covered: str) -> None:
    known = normalise(typed)
    start = known.plain.index(plain)

    first, last = known.to_source(start, start + len(plain))

    assert typed[first:last] == covered


@pytest.mark.parametrize(
    "piece", ["\u202ea", "c h e m o ", "a.", "&amp;amp;", "%25", "||a", "`", "a*b**", "🇨", "aа", "1 2-3 "]
)
def test_the_longest_message_takes_no_more_than_a_moment(piece: str) -> None:
    text = (piece * 40_000)[:40_000]
    began = time.perf_counter()

    normalise(text)

    assert time.perf_counter() - began < 3
