// What the page knows: the simulator's last state, and who is being looked at where.

export const store = {
  state: null,
  payloads: new Map(), // user id → a deep link's payload that waits for «开始»

  user(id) {
    return this.state?.users.find((user) => user.id === id) || null;
  },
  chat(id) {
    return this.state?.chats.find((chat) => chat.id === id) || null;
  },
  messages(id) {
    return this.state?.messages[String(id)] || [];
  },
  groups() {
    return this.state ? this.state.chats.filter((chat) => chat.kind !== "private" && !chat.migrated_to && chat.kind !== "channel") : [];
  },
  people() {
    return this.state ? this.state.users.filter((user) => !user.is_bot) : [];
  },
  membersOf(chatId) {
    const chat = this.chat(chatId);
    if (!chat) return [];
    return chat.members.map((member) => ({ ...member, ...this.user(member.id) })).filter((user) => user.name && !user.is_bot);
  },
};

export function remember(key, value) {
  try { sessionStorage.setItem(`qunhu.${key}`, String(value)); } catch { /* private window */ }
}

export function recall(key) {
  try { return Number(sessionStorage.getItem(`qunhu.${key}`)) || null; } catch { return null; }
}
