"""The files a bot sends, and how each kind looks in a message."""

from bot.simulator import samples
from bot.simulator.errors import bad_request
from bot.simulator.params import Params, Upload
from bot.simulator.records import JSON, File
from bot.simulator.world import World

NAMES = {
    "text": "text messages",
    "photo": "photos",
    "document": "documents",
    "video": "videos",
    "audio": "music",
    "voice": "voice notes",
    "video_note": "video notes",
    "animation": "GIFs",
    "sticker": "stickers",
    "poll": "polls",
    "dice": "messages",
}
RIGHTS = {
    "text": "can_send_messages",
    "photo": "can_send_photos",
    "document": "can_send_documents",
    "video": "can_send_videos",
    "audio": "can_send_audios",
    "voice": "can_send_voice_notes",
    "video_note": "can_send_video_notes",
    "poll": "can_send_polls",
}
MIMES = {
    "photo": "image/png",
    "video": "video/mp4",
    "animation": "video/mp4",
    "voice": "audio/ogg",
    "audio": "audio/mpeg",
}
EXTRA: dict[str, JSON] = {
    "video": {"width": 640, "height": 360, "duration": 1},
    "animation": {"width": 320, "height": 240, "duration": 1},
    "voice": {"duration": 1},
    "audio": {"duration": 1},
    "video_note": {"length": 240, "duration": 1},
}
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
PHOTO_LIMIT = 10 * 1024 * 1024


def media_content(world: World, params: Params, kind: str) -> JSON:
    """The message field for an uploaded or already known file."""
    file = _file(world, params, kind)
    if kind == "photo":
        return {"photo": samples.photo_sizes(file)}
    if kind == "sticker":
        return {"sticker": samples.sticker(file, params.text("emoji") or "🙂")}
    shape = samples.media(file) | EXTRA.get(kind, {})
    if kind == "document":
        shape["file_name"] = file.name
    if kind == "video_note":
        del shape["mime_type"]
    return {kind: shape}


def _file(world: World, params: Params, kind: str) -> File:
    if upload := params.upload(kind):
        return _stored(world, upload, kind)
    value = params.text(kind)
    if not value:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    if value.startswith(("http://", "https://")):
        name = value.rpartition("/")[2] or kind
        return world.store_file(
            name, MIMES.get(kind, "application/octet-stream"), samples.picture(0), f"{kind}s"
        )
    if value not in world.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return world.files[value]


def _stored(world: World, upload: Upload, kind: str) -> File:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if kind == "photo" and len(upload.data) > PHOTO_LIMIT:
        raise bad_request("file is too big")
    if kind == "photo" and not upload.data.startswith(PICTURES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    mime = upload.mime or MIMES.get(kind, "application/octet-stream")
    return world.store_file(upload.name or kind, mime, upload.data, f"{kind}s")
