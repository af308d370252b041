"""Encryption of text and names at rest, and keyed hashes of ids.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; the table and column are authenticated with
it, so that a value cannot be moved elsewhere. Hashes are HMAC-SHA-256 with a key derived by HKDF.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from moderation.errors import ConfigError
from moderation.storage.ring import Ring

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"
MEMBERS = b"\x02"
"""Sealed with a member's own key: the 16 bytes of the key's number follow."""
NUMBER_BYTES = 16


class KeyGone(InvalidTag):
    """The member's key is not here: it was destroyed, and what it sealed is erased."""


def make_key() -> str:
    """A fresh random key, as text for the settings (base64, 44 characters)."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def parse_key(text: str) -> bytes:
    """The 32 bytes of a key written by `make_key`; ConfigError if it is not one."""
    try:
        key = base64.b64decode(text.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigError(
            "QUNHU_KEY is not a key: expected 44 characters of base64 as `qunhu doctor --new-key` "
            "prints them. What was given is not shown here."
        )
    return key


class Sealer:
    """Seals and opens values with one key."""

    def __init__(self, key: bytes, ring: Ring | None = None) -> None:
        """Without a `ring` members' values are sealed with the key itself."""
        self._cipher = AESGCM(_derive(key, b"qunhu sealing"))
        self._hash_key = _derive(key, b"qunhu hashing")
        self.ring = ring

    def seal(self, place: str, value: Any, whose: str | None = None) -> bytes:
        """Ciphertext of any JSON value; `place` is the table and column it belongs to.

        `whose` is the keyed hash of the member it belongs to: it goes for ever when her key goes.
        """
        head, cipher = FORMAT, self._cipher
        if whose is not None and self.ring is not None:
            number, key = self.ring.key_for(whose)
            head, cipher = MEMBERS + bytes.fromhex(number), AESGCM(key)
        nonce = os.urandom(NONCE_BYTES)
        plain = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
        return head + nonce + cipher.encrypt(nonce, plain, place.encode())

    def is_sealed(self, value: bytes) -> bool:
        """Whether it looks like what `seal` makes."""
        return value[:1] in {FORMAT, MEMBERS}

    def key_number(self, sealed: bytes) -> str | None:
        """The number of the member's key that sealed it; None if it was the key itself."""
        return sealed[1 : 1 + NUMBER_BYTES].hex() if sealed[:1] == MEMBERS else None

    def open(self, place: str, sealed: bytes) -> Any:
        """The value that was sealed; InvalidTag if the key or the place is another, or the key is gone."""
        cipher, rest = self._cipher, sealed[1:]
        if sealed[:1] == MEMBERS:
            number, rest = rest[:NUMBER_BYTES].hex(), rest[NUMBER_BYTES:]
            key = self.ring.get(number) if self.ring is not None else None
            if key is None:
                raise KeyGone(number)
            cipher = AESGCM(key)
        elif sealed[:1] != FORMAT:
            raise InvalidTag
        nonce, body = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
        return json.loads(cipher.decrypt(nonce, body, place.encode()))

    def hash_id(self, platform_id: int) -> str:
        """A keyed hash of a platform id: 32 hexadecimal digits, the same for the same key."""
        return self.hash_text(str(platform_id))

    def hash_text(self, text: str) -> str:
        """A keyed hash of any text: 32 hexadecimal digits."""
        digest = hmac.new(self._hash_key, text.encode(errors="replace"), hashlib.sha256)
        return digest.hexdigest()[:32]


def wrapping_key(key: bytes) -> bytes:
    """What members' keys are wrapped with."""
    return _derive(key, b"qunhu members' keys")


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)
