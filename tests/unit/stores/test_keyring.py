from __future__ import annotations

import pytest

from bot.domain.errors import SettingsError, VaultError
from bot.stores.keyring import Keyring

OLD, NEW = Keyring.new_key(), Keyring.new_key()


def test_what_is_sealed_opens_and_shows_nothing() -> None:
    ring = Keyring.from_texts([NEW])
    sealed = ring.seal(b"Joe has cancer", "vault c1")

    assert ring.open(sealed, "vault c1") == b"Joe has cancer"
    assert b"Joe" not in sealed
    assert ring.seal(b"Joe has cancer", "vault c1") != sealed


def test_the_first_key_seals_and_every_key_opens() -> None:
    old = Keyring.from_texts([OLD]).seal(b"text", "row")
    both = Keyring.from_texts([NEW, OLD])

    assert both.open(old, "row") == b"text"
    assert Keyring.from_texts([NEW]).open(both.seal(b"text", "row"), "row") == b"text"


def test_without_its_key_a_text_does_not_open() -> None:
    sealed = Keyring.from_texts([OLD]).seal(b"text", "row")

    with pytest.raises(VaultError, match="CHAPERONE_KEYS"):
        Keyring.from_texts([NEW]).open(sealed, "row")


def test_a_text_opens_in_its_own_row_only() -> None:
    ring = Keyring.from_texts([NEW])

    with pytest.raises(VaultError):
        ring.open(ring.seal(b"text", "vault c1"), "vault c2")


@pytest.mark.parametrize("place", range(0, 40, 3))
def test_a_changed_text_does_not_open(place: int) -> None:
    ring = Keyring.from_texts([NEW])
    sealed = bytearray(ring.seal(b"text", "row"))
    sealed[place] ^= 1

    with pytest.raises(VaultError):
        ring.open(bytes(sealed), "row")


@pytest.mark.parametrize("length", [0, 1, 9, 15, 21, 30])
def test_a_text_cut_short_does_not_open(length: int) -> None:
    ring = Keyring.from_texts([NEW])

    with pytest.raises(VaultError):
        ring.open(ring.seal(b"text", "row")[:length], "row")


@pytest.mark.parametrize(
    "wrong",
    ["", "short", NEW[:-1], NEW + "AAAA", "n\u00f6t base64 " * 4, "!" * 43],
    ids=["empty", "short", "cut", "too-long", "not-ascii", "not-base64"],
)
def test_a_malformed_key_says_which_and_how_to_get_one(wrong: str) -> None:
    with pytest.raises(SettingsError, match=r"CHAPERONE_KEYS is wrong: key 2 .*chaperone keys new") as caught:
        Keyring.from_texts([NEW, wrong])
    assert not wrong or wrong not in str(caught.value)


def test_no_key_at_all_says_how_to_get_one() -> None:
    with pytest.raises(SettingsError, match=r"CHAPERONE_KEYS is missing.*chaperone keys new"):
        Keyring.from_texts([])


def test_keys_may_be_padded_and_carry_a_line_end() -> None:
    sealed = Keyring.from_texts([NEW]).seal(b"text", "row")

    assert Keyring.from_texts([f" {NEW}=\n"]).open(sealed, "row") == b"text"


def test_repetition_is_still_seen_when_a_new_key_is_put_in_front() -> None:
    before = Keyring.from_texts([OLD]).digest_secret

    assert Keyring.from_texts([NEW, OLD]).digest_secret == before
    assert Keyring.from_texts([NEW]).digest_secret != before
    assert len(before) == 32


def test_a_ring_does_not_show_its_keys() -> None:
    assert NEW not in repr(Keyring.from_texts([NEW]))
