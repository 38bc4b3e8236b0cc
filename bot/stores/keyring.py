"""The keys of the vault: seals text so that only this installation reads it, and only in the row where it was put.

AES-256-GCM with a key id, not Fernet: Fernet has no associated data, so a sealed text copied into another row would open there. A sealed
text is one version byte, eight bytes that name the key, twelve random bytes of nonce, then the ciphertext with its tag. Ninety-six random
bits of nonce are safe for 2**32 texts a key (NIST SP 800-38D, 8.3), which no community writes.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import SettingsError, VaultError

_VERSION = b"\x01"
_KEY_BYTES = 32
_ID_BYTES = 8
_NONCE_BYTES = 12
_HEADER_BYTES = len(_VERSION) + _ID_BYTES

_HOW = "Run 'chaperone keys new' and keep what it prints; several keys are divided by commas, the first one encrypts."


class Keyring:
    """Keys, newest first: the first one seals, every one opens."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ids = [_derived(key, b"chaperone key id", _ID_BYTES) for key in keys]
        self._ciphers = {
            name: AESGCM(_derived(key, b"chaperone vault", _KEY_BYTES))
            for name, key in zip(self._ids, keys, strict=True)
        }
        self._digest_secret = _derived(keys[-1], b"chaperone repetition", _KEY_BYTES)

    @classmethod
    def from_texts(cls, keys: Sequence[str]) -> Keyring:
        """The ring of these keys, written as ``new_key`` writes them. Raises SettingsError where there is none or one is malformed."""
        if not keys:
            raise SettingsError(f"CHAPERONE_KEYS is missing. {_HOW}")
        return cls([_decoded(key, place) for place, key in enumerate(keys, start=1)])

    @staticmethod
    def new_key() -> str:
        """A fresh key: 32 random bytes as base64 for URLs, 43 characters."""
        return secrets.token_urlsafe(_KEY_BYTES)

    @property
    def digest_secret(self) -> bytes:
        """The secret of the digests by which repetition is seen.

        It comes from the last key, because that one stays where it is when a new key is put in front. It changes only when the
        oldest key is dropped after resealing; repetition is then not seen across that moment, once, for the days it is remembered.
        """
        return self._digest_secret

    def seal(self, plain: bytes, bound_to: str) -> bytes:
        """``plain`` encrypted with the first key; opens only with the same ``bound_to``, which names its table and row."""
        header, nonce = _VERSION + self._ids[0], secrets.token_bytes(_NONCE_BYTES)
        return header + nonce + self._ciphers[self._ids[0]].encrypt(nonce, plain, header + bound_to.encode())

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """What was sealed. Raises VaultError where no key fits, or the bytes were changed or belong to another row."""
        header, rest = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
        cipher = self._ciphers.get(header[len(_VERSION) :])
        if cipher is None or not header.startswith(_VERSION):
            raise VaultError
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], header + bound_to.encode())
        except (InvalidTag, ValueError):  # ValueError: cut off within the nonce
            raise VaultError("The text can't be decrypted: it was changed, or it belongs to another row.") from None


def _derived(key: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(key)


def _decoded(text: str, place: int) -> bytes:
    try:
        key = base64.b64decode(text.strip() + "=" * (-len(text.strip()) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):  # ValueError: not ASCII
        key = b""
    if len(key) != _KEY_BYTES:
        raise SettingsError(f"CHAPERONE_KEYS is wrong: key {place} is not a key of 32 bytes. {_HOW}")
    return key
