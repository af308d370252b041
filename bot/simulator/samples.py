"""Stand-ins for what people send: small pictures, file records, a poll."""

import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache

from bot.simulator.records import JSON, File

PALETTES = (
    ((246, 226, 214), (176, 142, 163)),
    ((214, 232, 226), (104, 142, 150)),
    ((236, 228, 203), (152, 158, 118)),
    ((223, 222, 240), (126, 128, 172)),
)
WIDTH, HEIGHT = 320, 240


def picture(number: int) -> bytes:
    """A soft gradient as PNG, one of a few."""
    return _gradient(number % len(PALETTES))


@lru_cache
def _gradient(number: int) -> bytes:
    top, bottom = PALETTES[number]
    rows = b"".join(b"\0" + _row(top, bottom, y) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _row(top: tuple[int, ...], bottom: tuple[int, ...], y: int) -> bytes:
    pixels = bytearray()
    for x in range(WIDTH):
        share = (y / HEIGHT * 3 + x / WIDTH) / 4
        pixels += bytes(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))
    return bytes(pixels)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def media(file: File) -> JSON:
    """The fields every file has in a message."""
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.data),
        "mime_type": file.mime,
    }


def photo_sizes(file: File) -> list[JSON]:
    """A photo's list of sizes, small to large."""
    sizes = ((90, 68, "s"), (WIDTH, HEIGHT, ""))
    return [
        {
            "file_id": file.id,
            "file_unique_id": file.unique_id + suffix,
            "file_size": len(file.data),
            "width": width,
            "height": height,
        }
        for width, height, suffix in sizes
    ]


def sticker(file: File, emoji: str) -> JSON:
    """A Sticker with its emoji."""
    plain = {key: value for key, value in media(file).items() if key != "mime_type"}
    shape = {
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    }
    return plain | shape | {"emoji": emoji, "set_name": "Qunhu"}


def poll(number: str, question: str, options: Sequence[str], anonymous: bool = True) -> JSON:
    """A Poll nobody has voted in."""
    return {
        "id": number,
        "question": question,
        "options": [
            {"persistent_id": str(place), "text": text, "voter_count": 0}
            for place, text in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": anonymous,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }
