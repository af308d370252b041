// The line at the bottom of a pane: who speaks, what they say, what they attach.

import { act } from "./api.js";
import { h, icon, openMenu } from "./dom.js";
import { senderName, summary } from "./message.js";

const STICKERS = ["😢", "😭", "😡", "🥺", "🙏", "❤️", "👍", "💔"];

export class Composer {
  constructor(pane) {
    this.pane = pane;
    this.mode = null; // { kind: "reply" | "edit", message }
    this.field = h("textarea", {
      rows: 1, maxlength: 4096, enterkeyhint: "send", "aria-label": "说点什么",
      oninput: () => this.grow(), onkeydown: (event) => this.onKey(event),
    });
    this.banner = h("div", { class: "banner", hidden: true });
    this.attach = h("button", { type: "button", class: "round-button", "aria-label": "发别的", onclick: () => this.openAttach() }, icon("clip"));
    this.sendButton = h("button", { type: "submit", class: "round-button primary", "aria-label": "发送" }, icon("send"));
    const line = h("form", { class: "line", onsubmit: (event) => { event.preventDefault(); this.send(); } }, this.attach, this.field, this.sendButton);
    this.node = h("div", { class: "composer" }, this.banner, line);
  }

  label(text) {
    if (this.field.placeholder !== text) this.field.placeholder = text;
  }

  reply(message) {
    this.enter("reply", message, `回复 ${senderName(message)}`);
  }

  edit(message) {
    this.enter("edit", message, "改这条消息");
    this.field.value = message.text ?? message.caption ?? "";
    this.grow();
  }

  enter(kind, message, title) {
    this.mode = { kind, message };
    const cancel = h("button", { type: "button", class: "small", "aria-label": "取消", onclick: () => this.leave() }, icon("close"));
    this.banner.replaceChildren(icon(kind === "edit" ? "edit" : "reply"), h("div", {}, h("b", {}, title), h("span", {}, summary(message))), cancel);
    this.banner.hidden = false;
    this.field.focus();
  }

  leave() {
    if (this.mode?.kind === "edit") this.field.value = "";
    this.mode = null;
    this.banner.hidden = true;
    this.grow();
  }

  grow() {
    this.field.style.height = "auto";
    const wanted = this.field.scrollHeight; // 0 while the composer is hidden
    this.field.style.height = wanted ? `${Math.min(wanted, 132)}px` : "";
  }

  onKey(event) {
    if (event.key === "Escape") this.leave();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  body(extra) {
    const reply = this.mode?.kind === "reply" ? { reply_to: this.mode.message.message_id } : {};
    return { chat: this.pane.chatId, user: this.pane.speaker, thread: this.pane.thread || 0, ...reply, ...extra };
  }

  async send() {
    const text = this.field.value.trim();
    if (!text || !this.pane.speaker) return;
    const editing = this.mode?.kind === "edit";
    const body = editing ? this.body({ message: this.mode.message.message_id, text }) : this.body({ text });
    const done = await act(editing ? "edit" : "say", body);
    if (!done.ok) return;
    this.field.value = "";
    this.leave();
    this.pane.stick = true;
  }

  openAttach() {
    const send = (kind, extra = {}) => async () => {
      const text = kind === "sticker" || kind === "dice" ? "" : this.field.value.trim();
      const done = await act("send", this.body({ kind, text, ...extra }));
      if (!done.ok) return;
      if (text) this.field.value = "";
      this.leave();
      this.pane.stick = true;
    };
    const stickers = h("div", { class: "sticker-row" }, STICKERS.map((emoji) =>
      h("button", { type: "button", "aria-label": `贴纸 ${emoji}`, onclick: () => { document.getElementById("menu").hidden = true; send("sticker", { emoji })(); } }, emoji)));
    openMenu(this.attach, [stickers, ["图片", send("photo")], ["语音", send("voice")], ["文件", send("document")], ["骰子", send("dice")]]);
  }
}
