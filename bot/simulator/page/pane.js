// One window: a group seen by one of its members, or somebody's private chat with the bot.

import { act } from "./api.js";
import { Composer } from "./composer.js";
import { avatar, h, icon, openMenu, renew, showAlert, toast } from "./dom.js";
import { messageNode, senderId } from "./message.js";
import { recall, remember, store } from "./store.js";

const REACTIONS = ["🙏", "❤", "😢", "👍"];
const RUN_SECONDS = 300;

export class Pane {
  constructor(kind, title, shared, hooks) {
    Object.assign(this, { kind, title, shared, hooks });
    this.chatId = recall(`${kind}.chat`);
    this.speaker = recall(`${kind}.speaker`);
    this.thread = 0;
    this.stick = true;
    this.seen = 0;
    this.drawn = new Map();
    this.build();
  }

  build() {
    this.face = h("span", {});
    this.name = h("select", { class: "title", "aria-label": `${this.title}：换一个`, onchange: () => this.choose(Number(this.name.value)) });
    this.note = h("p", {});
    this.more = h("button", { type: "button", class: "round-button", "aria-label": `${this.title}：更多`, onclick: () => this.openTools() }, icon("more"));
    this.list = h("div", { class: "list", role: "log", tabindex: "0", "aria-label": this.title, onscroll: () => this.onScroll() });
    this.jump = h("button", { type: "button", class: "to-end", hidden: true, "aria-label": "到最新", onclick: () => this.toEnd() }, icon("down"));
    this.composer = new Composer(this);
    this.who = h("select", { "aria-label": "以谁的身份说话", onchange: () => this.speakAs(Number(this.who.value)) });
    this.voice = h("label", { class: "voice-line", hidden: !this.shared }, h("span", {}, "以"), this.who, h("span", {}, "的身份说话"));
    this.topics = h("div", { class: "topics", hidden: true });
    this.begin = h("div", { class: "begin", hidden: true });
    const head = h("header", {}, this.face, h("div", { class: "heading" }, h("small", {}, this.title), this.name, this.note), this.more);
    const foot = h("footer", {}, this.topics, this.voice, this.composer.node, this.begin);
    this.node = h("section", { class: "pane", "data-pane": this.kind, "data-shared": String(this.shared), "aria-label": this.title }, head, h("div", { class: "scroll" }, this.list, this.jump), foot);
  }

  choose(id) {
    if (this.shared && id !== this.chatId) this.speaker = null;
    this.chatId = id;
    if (!this.shared) this.speaker = id;
    remember(`${this.kind}.chat`, id);
    Object.assign(this, { thread: 0, stick: true });
    this.drawn.clear();
    this.list.replaceChildren();
    this.composer.leave();
    this.hooks.refresh();
  }

  speakAs(id) {
    this.speaker = id;
    remember(`${this.kind}.speaker`, id);
    this.drawn.clear();
    this.hooks.onSpeaker(this, id);
    this.draw();
  }

  draw() {
    const chat = store.chat(this.chatId);
    this.drawHead(chat);
    this.drawList(chat);
    this.drawFoot(chat);
  }

  drawHead(chat) {
    const choices = this.shared ? store.groups() : store.people();
    fill(this.name, choices.map((one) => [one.id, one.title || one.name]), this.chatId);
    const title = this.shared ? chat?.title || "还没有群" : store.user(this.chatId)?.name || "还没有人";
    if (this.face.dataset.key !== title) {
      this.face.replaceChildren(avatar(title, this.chatId || 0, this.shared ? "square" : ""));
      this.face.dataset.key = title;
    }
    this.note.textContent = this.shared ? this.groupNote(chat) : this.privateNote();
  }

  groupNote(chat) {
    if (!chat) return "";
    const bot = { administrator: "机器人是管理员", member: "机器人是普通成员" }[chat.bot_status] || "机器人不在群里";
    return `${chat.members.length} 人 · ${bot}`;
  }

  privateNote() {
    const state = store.user(this.chatId)?.conversation;
    return { open: "和机器人的私聊", blocked: "已拉黑机器人" }[state] || "还没有和机器人说过话";
  }

  drawList(chat) {
    const all = store.messages(this.chatId);
    const shown = this.thread ? all.filter((one) => one.message_thread_id === this.thread) : all;
    const fresh = new Map();
    let before = null;
    const nodes = shown.map((message) => {
      const joined = runs(before, message);
      before = message;
      const key = JSON.stringify([message, joined, this.speaker]);
      const old = this.drawn.get(message.message_id);
      const node = old?.key === key ? old.node : messageNode(message, this.context(joined));
      fresh.set(message.message_id, { key, node });
      return node;
    });
    const grew = shown.length && !this.drawn.has(shown[shown.length - 1].message_id);
    this.drawn = fresh;
    this.place(nodes.length ? nodes : [h("div", { class: "empty" }, chat || !this.shared ? "还没有消息" : "还没有群")]);
    if (this.stick) this.toEnd();
    else if (grew) this.jump.hidden = false;
    this.count(all);
  }

  place(nodes) {
    nodes.forEach((node, index) => {
      const there = this.list.childNodes[index];
      if (there !== node) this.list.insertBefore(node, there || null);
    });
    while (this.list.childNodes.length > nodes.length) this.list.lastChild.remove();
  }

  count(all) {
    const last = all.length ? all[all.length - 1].message_id : 0;
    if (this.hooks.isVisible(this)) this.seen = last;
    this.unread = all.filter((message) => message.message_id > this.seen && message.author !== this.speaker).length;
  }

  drawFoot(chat) {
    const members = this.shared ? store.membersOf(this.chatId) : [];
    if (this.shared) {
      fill(this.who, members.map((one) => [one.id, one.name + (one.status === "member" ? "" : ROLES[one.status] || "")]), this.speaker);
      const topics = chat?.is_forum ? [{ id: 0, name: "全部" }, ...chat.topics] : [];
      this.topics.hidden = !topics.length;
      renew(this.topics, [topics, this.thread], () => topics.map((topic) => h("button", {
        type: "button", class: topic.id === this.thread ? "on" : "",
        onclick: () => { this.thread = topic.id; this.stick = true; this.draw(); },
      }, topic.name)));
    }
    const user = store.user(this.speaker);
    const waiting = !this.shared && user && (user.conversation !== "open" || store.payloads.has(user.id));
    this.begin.hidden = !waiting;
    this.composer.node.hidden = Boolean(waiting) || !user;
    this.composer.label(this.shared ? `${user?.name || ""} 说…` : `${user?.name || ""} 对群护说…`);
    if (waiting) renew(this.begin, [user.id, user.conversation, store.payloads.get(user.id)], () => this.beginning(user));
  }

  beginning(user) {
    const blocked = user.conversation === "blocked";
    const start = async () => {
      const payload = store.payloads.get(user.id) || "";
      store.payloads.delete(user.id);
      this.stick = true;
      await act("start", { user: user.id, payload });
    };
    const hint = blocked ? "已经拉黑了机器人。点一下就恢复。" : store.payloads.has(user.id)
      ? "从群里的按钮过来的，点「开始」继续。" : "点「开始」之前，机器人没法主动给这个人发消息。";
    return [h("p", {}, hint), h("button", { type: "button", class: "primary wide", onclick: start }, "开始")];
  }

  context(joined) {
    return {
      joined, shared: this.shared, speaker: this.speaker,
      onMore: (anchor, message) => this.openActions(anchor, message),
      onJump: (id) => this.flash(id),
      onLink: (url) => this.hooks.onLink(this, url),
      onReact: (message, emoji) => act("react", { chat: this.chatId, message: message.message_id, user: this.speaker, emoji }),
      onVote: (message, option) => act("vote", { chat: this.chatId, message: message.message_id, user: this.speaker, option }),
      onButton: (node, message, button, index) => this.press(node, message, button, index),
    };
  }

  async press(node, message, button, index) {
    if (button.url) return this.hooks.onUrlButton(this, button.url);
    node.classList.add("waiting");
    const done = await act("tap", { chat: this.chatId, message: message.message_id, user: this.speaker, button: index });
    node.classList.remove("waiting");
    if (!done.ok) return undefined;
    if (!done.result.answered) return toast("机器人没有回应这次点击", "bad");
    if (!done.result.text) return undefined;
    return done.result.alert ? showAlert(done.result.text) : toast(done.result.text);
  }

  openActions(anchor, message) {
    const own = message.author === this.speaker;
    const where = { chat: this.chatId, message: message.message_id, user: this.speaker };
    const row = h("div", { class: "sticker-row" }, REACTIONS.map((emoji) =>
      h("button", { type: "button", "aria-label": `表态 ${emoji}`, onclick: () => { document.getElementById("menu").hidden = true; act("react", { ...where, emoji }); } }, emoji)));
    const items = [row, ["回复", () => this.composer.reply(message)]];
    if (own && (message.text !== undefined || message.caption !== undefined)) items.push(["编辑", () => this.composer.edit(message)]);
    if (own) items.push(["删除", () => act("delete", where), "danger"]);
    openMenu(anchor, items);
  }

  openTools() {
    openMenu(this.more, this.hooks.tools(this));
  }

  flash(id) {
    const node = this.drawn.get(Number(id))?.node;
    if (!node) return toast("那条消息不在这里了");
    this.stick = false;
    node.scrollIntoView({ block: "center", behavior: "smooth" });
    node.classList.add("flash");
    setTimeout(() => node.classList.remove("flash"), 1800);
    return undefined;
  }

  onScroll() {
    const left = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight;
    this.stick = left < 60;
    if (this.stick) this.jump.hidden = true;
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.stick = true;
    this.jump.hidden = true;
  }
}

const ROLES = { creator: "（群主）", administrator: "（管理员）", restricted: "（禁言中）" };

function runs(before, message) {
  if (!before || before.service || message.service) return false;
  return senderId(before) === senderId(message) && message.date - before.date < RUN_SECONDS;
}

function fill(select, choices, chosen) {
  const key = JSON.stringify(choices);
  if (select.dataset.key !== key) {
    select.replaceChildren(...choices.map(([id, name]) => h("option", { value: id }, name)));
    select.dataset.key = key;
  }
  if (chosen) select.value = String(chosen);
}
