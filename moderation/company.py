"""Which earlier words a message is read with. Pure.

Measured on three chats of 1,179 messages: read with the three messages before, 419 were flagged, read
alone 198, nearly all of the difference being harmless short answers near somebody else's crisis. So a
message is read alone, save for a few words that answer somebody: 「嗯」, 「就今晚」.
"""

from __future__ import annotations

SHORT = 8
"""Characters up to which an answer is taken to lean on what it answers."""


def context_of(text: str, answered: str | None) -> tuple[str, ...]:
    """The context to judge `text` with, `answered` being what it replies to or quotes."""
    return (answered,) if answered and len(text.strip()) <= SHORT else ()
