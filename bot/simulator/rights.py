"""Statuses and rights, by the names the Bot API gives them."""

PRESENT: frozenset[str] = frozenset({"creator", "administrator", "member", "restricted"})
BOSSES: frozenset[str] = frozenset({"creator", "administrator"})
ADMIN_RIGHTS: tuple[str, ...] = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
PERMISSIONS: tuple[str, ...] = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def open_permissions() -> dict[str, bool]:
    """What an ordinary member may do in a fresh group."""
    closed = {"can_change_info", "can_pin_messages", "can_manage_topics", "can_edit_tag"}
    return {name: name not in closed for name in PERMISSIONS}
