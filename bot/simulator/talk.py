"""What people say and show: text, media, edits, forwards, reactions."""

from collections.abc import Sequence
from typing import Unpack

from bot.simulator import samples
from bot.simulator import telegram_json as shapes
from bot.simulator.entities import detect, merge
from bot.simulator.posting import Body, Posting, PostOptions
from bot.simulator.records import JSON, Chat, Message, Origin, User
from bot.simulator.state import TELEGRAM


class Talk(Posting):
    """The crowd with a voice."""

    def say(self, chat: Chat, user: User, text: str, **options: Unpack[PostOptions]) -> Message:
        """Somebody writes text; commands, links and mentions are found in it."""
        return self._post(chat, user, Body(text), options)

    def photo(
        self,
        chat: Chat,
        user: User,
        caption: str | None = None,
        *,
        media_group: str | None = None,
        data: bytes | None = None,
        **options: Unpack[PostOptions],
    ) -> Message:
        """Somebody sends a picture (a small sample one unless `data` is given)."""
        file = self.store_file(
            "photo.png", "image/png", data or samples.picture(len(self.files)), "photos"
        )
        content: JSON = {"photo": samples.photo_sizes(file)}
        if options.get("spoiler"):
            content["has_media_spoiler"] = True
        return self._post(chat, user, Body(None, caption, content, media_group), options)

    def album(
        self, chat: Chat, user: User, captions: Sequence[str | None], **options: Unpack[PostOptions]
    ) -> list[Message]:
        """Several pictures as one album, one caption each (None for none)."""
        group = str(13_000_000_000_000_000 + next(self.numbers))
        return [
            self.photo(chat, user, caption, media_group=group, **options) for caption in captions
        ]

    def voice(
        self,
        chat: Chat,
        user: User,
        caption: str | None = None,
        *,
        duration: int = 4,
        **options: Unpack[PostOptions],
    ) -> Message:
        """Somebody sends a voice message."""
        file = self.store_file("voice.ogg", "audio/ogg", b"OggS", "voice")
        shape = samples.media(file) | {"duration": duration}
        return self._post(chat, user, Body(None, caption, {"voice": shape}), options)

    def document(
        self,
        chat: Chat,
        user: User,
        caption: str | None = None,
        *,
        file_name: str = "病历.pdf",
        **options: Unpack[PostOptions],
    ) -> Message:
        """Somebody sends a file."""
        file = self.store_file(file_name, "application/pdf", b"%PDF-1.4\n", "documents")
        shape = samples.media(file) | {"file_name": file_name}
        return self._post(chat, user, Body(None, caption, {"document": shape}), options)

    def video(
        self, chat: Chat, user: User, caption: str | None = None, **options: Unpack[PostOptions]
    ) -> Message:
        """Somebody sends a video."""
        file = self.store_file("video.mp4", "video/mp4", b"\0\0\0\x18ftypmp42", "videos")
        shape = samples.media(file) | {"width": 640, "height": 360, "duration": 5}
        return self._post(chat, user, Body(None, caption, {"video": shape}), options)

    def sticker(
        self, chat: Chat, user: User, emoji: str = "😢", **options: Unpack[PostOptions]
    ) -> Message:
        """Somebody sends a sticker."""
        file = self.store_file("sticker.webp", "image/webp", b"RIFF", "stickers")
        shape = samples.sticker(file, emoji)
        return self._post(chat, user, Body(None, None, {"sticker": shape}), options)

    def dice(
        self, chat: Chat, user: User, emoji: str = "🎲", **options: Unpack[PostOptions]
    ) -> Message:
        """Somebody throws a dice."""
        value = next(self.numbers) % 6 + 1
        return self._post(
            chat, user, Body(None, None, {"dice": {"emoji": emoji, "value": value}}), options
        )

    def poll(
        self,
        chat: Chat,
        user: User,
        question: str,
        options: Sequence[str],
        **extra: Unpack[PostOptions],
    ) -> Message:
        """Somebody asks the group to vote."""
        shape = samples.poll(str(5_000_000 + next(self.numbers)), question, options)
        return self._post(chat, user, Body(None, None, {"poll": shape}), extra)

    def location(self, chat: Chat, user: User, **options: Unpack[PostOptions]) -> Message:
        """Somebody shares where they are."""
        content: JSON = {"location": {"latitude": 31.2304, "longitude": 121.4737}}
        return self._post(chat, user, Body(None, None, content), options)

    def forward(
        self, chat: Chat, user: User, source: Message, **options: Unpack[PostOptions]
    ) -> Message:
        """Somebody passes a message on, as it is."""
        body = Body(source.text, source.caption, dict(source.content))
        extra: PostOptions = {**options, "forward_from": source, "entities": source.entities}
        return self._post(chat, user, body, extra)

    def edit(self, message: Message, text: str, entities: Sequence[JSON] | None = None) -> Message:
        """The author changes the text, or the caption where there is no text."""
        if message.text is not None:
            message.text = text
        else:
            message.caption = text
        message.entities = merge(list(entities or []), text)
        message.edit_date = max(self.now(), message.date)
        if self.bot_receives(message):
            kind = "edited_channel_post" if message.chat.kind == "channel" else "edited_message"
            self.emit(kind, shapes.message_json(message))
        self.changes.mark()
        return message

    def delete(self, message: Message) -> None:
        """Somebody deletes a message; bots are never told."""
        message.deleted = True
        self.changes.mark()

    def broadcast(self, chat: Chat, channel: Chat, text: str) -> Message:
        """A linked channel's post, forwarded into its group by Telegram itself."""
        origin = Origin(self.now(), chat=channel, message_id=self.next_message_id(channel))
        number = self.next_message_id(chat)
        message = Message(number, chat, self.now(), TELEGRAM, sender_chat=channel, text=text)
        message.entities, message.origin, message.automatic_forward = detect(text), origin, True
        return self.put_message(message)

    def react(self, chat: Chat, message: Message, user: User, emoji: str | None) -> None:
        """Somebody reacts, or takes the reaction back with None."""
        old = message.reactions.pop(user.id, [])
        new = [emoji] if emoji else []
        if new:
            message.reactions[user.id] = new
        if self.bot_leads(chat):
            shape: JSON = {
                "chat": shapes.chat_json(chat),
                "message_id": message.id,
                "date": self.now(),
            }
            shape |= {"user": shapes.user_json(user), "old_reaction": shapes.reactions_json(old)}
            self.emit("message_reaction", shape | {"new_reaction": shapes.reactions_json(new)})
        self.changes.mark()
