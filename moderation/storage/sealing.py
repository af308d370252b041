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
LASTING = "meta.lasting"
LOG = "audit.detail"


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


def parse_keys(text: str) -> tuple[bytes, bytes | None]:
    """The key, and while it is being changed the one before, which stands after it."""
    first, *before = text.split() or [""]
    if len(before) > 1:
        raise ConfigError("More than two keys are set; expected one, or the new one and the old.")
    return parse_key(first), parse_key(before[0]) if before else None


class Sealer:
    """Seals with one key; opens what it sealed and, while the key is changed, what the old one did.

    Two keys outlast every change: that of the hashes, by which members are found, and that of the log,
    whose chain of digests covers the sealed values. The first key of a database gave them.
    """

    def __init__(self, key: bytes, ring: Ring | None = None, before: bytes | None = None) -> None:
        """Without a `ring` members' values are sealed with the key itself."""
        self._cipher = AESGCM(_derive(key, b"qunhu sealing"))
        self._old = AESGCM(_derive(before, b"qunhu sealing")) if before else None
        first = before or key
        self._keep(_derive(first, b"qunhu hashing"), _derive(first, b"qunhu sealing"))
        self.ring = ring

    @property
    def changing(self) -> bool:
        """Whether values may be sealed with a key that is to go."""
        return self._old is not None

    def let_go(self) -> None:
        """Forget the old key: nothing depends on it any more."""
        self._old = None

    def seal_lasting(self) -> bytes:
        """The keys that outlast the key, sealed with it."""
        keys = [base64.b64encode(key).decode() for key in (self._hash_key, self._log_key)]
        return self.seal(LASTING, keys)

    def open_lasting(self, sealed: bytes) -> None:
        """Use the lasting keys of this database."""
        self._keep(*(base64.b64decode(key) for key in self.open(LASTING, sealed)))

    def _keep(self, hash_key: bytes, log_key: bytes) -> None:
        self._hash_key, self._log_key, self._log = hash_key, log_key, AESGCM(log_key)

    def seal(self, place: str, value: Any, whose: str | None = None) -> bytes:
        """Ciphertext of any JSON value; `place` is the table and column it belongs to.

        `whose` is the keyed hash of the member it belongs to: it goes for ever when her key goes.
        """
        head, cipher = FORMAT, self._log if place == LOG else self._cipher
        if whose is not None and self.ring is not None:
            number, key = self.ring.key_for(whose)
            head, cipher = MEMBERS + bytes.fromhex(number), AESGCM(key)
        nonce = os.urandom(NONCE_BYTES)
        plain = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
        return head + nonce + cipher.encrypt(nonce, plain, place.encode())

    def seal_inside(self, place: str, value: Any, whose: str) -> str:
        """One member's part of a value that many share: text that goes when her key goes."""
        return base64.b64encode(self.seal(place, value, whose)).decode()

    def open_inside(self, place: str, sealed: str) -> Any:
        """The part that was sealed; KeyGone once its member is forgotten."""
        return self.open(place, base64.b64decode(sealed))

    def is_sealed(self, value: bytes) -> bool:
        """Whether it looks like what `seal` makes."""
        return value[:1] in {FORMAT, MEMBERS}

    def is_old(self, place: str, sealed: bytes) -> bool:
        """Whether it was sealed with the key that is to go."""
        if sealed[:1] != FORMAT or place == LOG:
            return False
        try:
            _decrypted(self._cipher, place, sealed[1:])
        except InvalidTag:
            return True
        return False

    def open(self, place: str, sealed: bytes) -> Any:
        """The value that was sealed; InvalidTag if the key or the place is another, or the key is gone."""
        cipher, rest = self._log if place == LOG else self._cipher, sealed[1:]
        if sealed[:1] == MEMBERS:
            number, rest = rest[:NUMBER_BYTES].hex(), rest[NUMBER_BYTES:]
            key = self.ring.get(number) if self.ring is not None else None
            if key is None:
                raise KeyGone(number)
            cipher = AESGCM(key)
        elif sealed[:1] != FORMAT:
            raise InvalidTag
        try:
            return _decrypted(cipher, place, rest)
        except InvalidTag:
            if self._old is None or cipher is not self._cipher:
                raise
            return _decrypted(self._old, place, rest)

    def hash_id(self, platform_id: int) -> str:
        """A keyed hash of a platform id: 32 hexadecimal digits, the same for the same key."""
        return self.hash_text(str(platform_id))

    def hash_text(self, text: str) -> str:
        """A keyed hash of any text: 32 hexadecimal digits."""
        digest = hmac.new(self._hash_key, text.encode(errors="replace"), hashlib.sha256)
        return digest.hexdigest()[:32]


def _decrypted(cipher: AESGCM, place: str, sealed: bytes) -> Any:
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return json.loads(cipher.decrypt(nonce, body, place.encode()))


def wrapping_key(key: bytes) -> bytes:
    """What members' keys are wrapped with."""
    return _derive(key, b"qunhu members' keys")


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)
