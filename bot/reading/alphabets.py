"""Letters that look like other letters.

Sources: Unicode's ``confusables.txt`` (UTS #39) for the look-alikes of other scripts, and the compatibility mappings of the
Unicode Character Database (NFKC, by ``unicodedata``) for the styled alphabets.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator

_LETTERS_AND_DIGITS = frozenset(string.ascii_letters + string.digits)


def _compatible(first: int, last: int) -> dict[str, str]:
    """Characters whose compatibility mapping is one ASCII letter or digit."""
    pairs = ((chr(point), unicodedata.normalize("NFKC", chr(point))) for point in range(first, last + 1))
    return {styled: plain for styled, plain in pairs if plain in _LETTERS_AND_DIGITS}


def _alphabet(first: int) -> dict[str, str]:
    return {chr(first + index): letter for index, letter in enumerate(string.ascii_uppercase)}


def _row(styled: str, plain: str) -> dict[str, str]:
    return dict(zip(styled, plain, strict=True))


#: Styled alphabets: whole words are written in them. Circled digits are list marks and stay; so does the ℹ of signs.
STYLED = {
    **_compatible(0x1D400, 0x1D7FF),  # mathematical bold, italic, script, fraktur, double-struck, sans, monospace
    **_compatible(0xFF10, 0xFF5A),  # fullwidth
    **_compatible(0x24B6, 0x24E9),  # circled
    **_compatible(0x1F130, 0x1F149),  # squared
    **_compatible(0x2100, 0x2138),  # letterlike: ℎ ℓ ℝ
    **_row("⒜⒝⒞⒟⒠⒡⒢⒣⒤⒥⒦⒧⒨⒩⒪⒫⒬⒭⒮⒯⒰⒱⒲⒳⒴⒵", string.ascii_lowercase),
    **_alphabet(0x1F150),  # negative circled
    **_alphabet(0x1F170),  # negative squared: 🅰 🅱 🅾 🅿
    **_row("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),  # small capitals
    **_row("ɑɡɩʋⅰⅴⅹⅼⅽⅾⅿ⭕", "agiuivxlcdmo"),
}

#: Raised and lowered letters: words of three and more are styled; "1ˢᵗ" and "m²" are ordinary.
RAISED = {
    **{c: p for c, p in {**_compatible(0x2B0, 0x2B8), **_compatible(0x1D2C, 0x1D6A)}.items() if p.isalpha()},
    **{c: p for c, p in {**_compatible(0x1D9B, 0x1DBF), **_compatible(0x2071, 0x209C)}.items() if p.isalpha()},
}

#: Cyrillic, Armenian, Cherokee and Canadian letters that pass for Latin ones inside a Latin word.
FOREIGN = {
    **_row("аАвВсСԁеЕёЁгһнНіІїјЈкКӏӀмМпоОрРԛяЯѕЅтТуУѵԝшШхХьиИ", "aAbBcCdeEeErhhHiIijJkKlImMnoOpPqrRsStTyYvwwWxXbnN"),
    **_row("օսոհցզյ", "ounhgqj"),
    **_row("ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ", "ABCDEGHiJKLMPRSTVWZ"),
    **_row("ᐯᗩᗷᑕᗪᖴᕼᒍᒪᗰᑎᑭᖇᔕᑌᗯ", "VABCDFHJLMNPRSUW"),
}

#: Greek letters that no reader can tell from Latin ones.
GREEK = _row("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονιυρϲϳ", "ABEZHIKMNOPTYXoviupcj")

#: Greek letters that medicine writes too ("TNFα", "β-blocker"): look-alikes only between small Latin letters.
GREEK_INSIDE = _row("αεκητγσωχβ", "aekntyowxb")

#: Nothing is seen of these; they part a word for a machine alone.
INVISIBLE = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0"
#: Marks of direction; ordinary beside letters that run from right to left.
DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
#: Joiners and variation selectors; ordinary in emoji and in the scripts of India, Persia and others.
JOINERS = "\u200c\u200d\ufe00-\ufe0f"
#: Lines struck through or drawn round a letter.
OVERLAYS = "\u0305\u0332-\u0338\u033f\u20d0-\u20dc\u20e0-\u20e2\u20e4-\u20f0"

#: ISO 3166-1 alpha-2 and the few other pairs that Unicode shows as flags (emoji-sequences.txt).
FLAGS = frozenset(
    (
        "AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
        "CA CC CD CF CG CH CI CK CL CM CN CO CP CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET EU FI FJ "
        "FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR "
        "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM "
        "MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT "
        "PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL "
        "TM TN TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
    ).split()
)


def members(inside: str) -> Iterator[str]:
    """The characters of a regex class without escapes, such as ``a-cx``: a, b, c and x."""
    for found in re.finditer("(.)(?:-(.))?", inside, re.DOTALL):
        yield from map(chr, range(ord(found[1]), ord(found[2] or found[1]) + 1))
