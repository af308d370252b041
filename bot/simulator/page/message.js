// One message as people see it: name, what it answers, media, words, buttons, reactions.

import { avatar, clock, h, icon } from "./dom.js";
import { richText } from "./text.js";

export function senderName(message) {
  if (message.sender_chat) return message.sender_chat.title || "频道";
  return message.from?.first_name || "";
}

export function senderId(message) {
  return message.sender_chat?.id || message.from?.id || 0;
}

export function summary(message) {
  if (message.text) return message.text;
  const kind = MEDIA.find(([key]) => message[key]);
  return [kind ? kind[1] : "", message.caption || ""].filter(Boolean).join(" ") || "消息";
}

const MEDIA = [
  ["photo", "[图片]"], ["sticker", "[贴纸]"], ["voice", "[语音]"], ["document", "[文件]"], ["video", "[视频]"],
  ["dice", "[骰子]"], ["poll", "[投票]"], ["location", "[位置]"], ["audio", "[音乐]"], ["animation", "[动图]"],
];

export function serviceText(message) {
  const who = senderName(message);
  if (message.new_chat_members) {
    const names = message.new_chat_members.map((user) => user.first_name).join("、");
    return names === who ? `${who} 加入了群` : `${who} 把 ${names} 拉进了群`;
  }
  if (message.left_chat_member) {
    const name = message.left_chat_member.first_name;
    return name === who ? `${name} 离开了群` : `${name} 被移出了群`;
  }
  if (message.new_chat_title) return `群名改为「${message.new_chat_title}」`;
  if (message.pinned_message) return `${who} 置顶了「${summary(message.pinned_message).slice(0, 24)}」`;
  if (message.forum_topic_created) return `新话题「${message.forum_topic_created.name}」`;
  if (message.migrate_to_chat_id) return "这个群已升级为超级群，请到新群里继续";
  if (message.migrate_from_chat_id) return "由普通群升级而来";
  return "群消息";
}

export function messageNode(message, context) {
  if (message.service) return h("div", { class: "service" }, h("span", {}, serviceText(message)));
  const mine = message.author === context.speaker;
  const first = !context.joined;
  const withFace = context.shared && !mine;
  const node = h("article", {
    class: ["message", mine ? "mine" : "", message.by_bot ? "bot" : "", first ? "first" : ""].join(" "),
    "data-id": message.message_id,
  });
  if (withFace) node.append(first ? face(message) : h("span", { class: "avatar-space" }));
  const column = h("div", { class: "column" }, bubble(message, context, first && !mine), keyboard(message, context));
  node.append(column);
  return node;
}

function face(message) {
  if (message.by_bot) return h("img", { class: "avatar", src: "/page/icon.svg", alt: "", width: 34, height: 34 });
  return avatar(senderName(message), senderId(message));
}

function bubble(message, context, named) {
  const bare = message.sticker || message.dice;
  const parts = [
    named && context.shared ? nameLine(message) : null,
    forwarded(message),
    answered(message, context),
    media(message, context),
    words(message, context),
  ];
  const actions = h("button", {
    type: "button", class: "actions", "aria-label": "更多", onclick: (event) => context.onMore(event.currentTarget, message),
  }, icon("more"));
  return h("div", { class: `bubble ${bare ? "bare" : ""}` }, parts, reactions(message, context), actions);
}

function nameLine(message) {
  const badge = message.by_bot ? "机器人" : message.author_signature || (message.sender_chat ? "匿名" : "");
  const label = message.is_automatic_forward ? "频道" : badge;
  return h("div", { class: `name t${Math.abs(senderId(message)) % 8}` }, senderName(message),
    label ? h("span", { class: "badge" }, label) : null);
}

function forwarded(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const source = origin.sender_user?.first_name || origin.sender_user_name || (origin.chat || origin.sender_chat)?.title;
  return h("div", { class: "forwarded" }, `转发自 ${source}`);
}

function answered(message, context) {
  const target = message.reply_to_message;
  if (!target || target.forum_topic_created) return null;
  return h("button", { type: "button", class: "answered", onclick: () => context.onJump(target.message_id) },
    h("b", {}, senderName(target)), h("span", {}, message.quote?.text || summary(target)));
}

function words(message, context) {
  const text = message.text ?? message.caption;
  if (!text) return meta(message);
  const entities = message.text !== undefined ? message.entities : message.caption_entities;
  return h("div", { class: "words" }, richText(text, entities, context.onLink), meta(message));
}

function media(message, context) {
  if (message.photo) return photo(message);
  if (message.sticker) return h("div", { class: "sticker" }, message.sticker.emoji || "🙂");
  if (message.dice) return h("div", { class: "sticker" }, message.dice.emoji, h("small", {}, String(message.dice.value)));
  if (message.voice) {
    const bars = [5, 9, 14, 8, 16, 11, 6, 13, 17, 9, 12, 7, 10, 15, 8, 5].map((size) => h("i", { class: `b${size}` }));
    return h("div", { class: "voice" }, h("span", { class: "round" }, icon("play")), h("span", { class: "wave" }, bars),
      h("small", {}, `0:${String(message.voice.duration).padStart(2, "0")}`));
  }
  if (message.document || message.video) {
    const name = message.document ? message.document.file_name || "文件" : "视频";
    return h("div", { class: "document" }, h("span", { class: "round" }, icon("file")), h("span", {}, name));
  }
  if (message.poll) return poll(message, context);
  if (message.location) return h("div", { class: "document" }, "📍 位置");
  return null;
}

function photo(message) {
  const best = message.photo[message.photo.length - 1];
  const picture = h("img", { src: `/sim/pictures/${encodeURIComponent(best.file_id)}`, alt: "图片", loading: "lazy", width: 320, height: 240 });
  return h("div", { class: `photo ${message.has_media_spoiler ? "veiled" : ""}`, onclick: (event) => event.currentTarget.classList.remove("veiled") }, picture);
}

function poll(message, context) {
  const total = message.poll.total_voter_count || 1;
  const options = message.poll.options.map((option, place) => {
    const bar = h("progress", { max: total, value: option.voter_count });
    return h("button", { type: "button", class: "option", disabled: message.poll.is_closed, onclick: () => context.onVote(message, place) },
      h("span", {}, option.text), h("small", {}, String(option.voter_count)), bar);
  });
  return h("div", { class: "poll" }, h("strong", {}, message.poll.question), h("small", {}, message.poll.is_closed ? "已结束" : "匿名投票"), options);
}

function meta(message) {
  return h("span", { class: "meta" }, message.pinned ? icon("pin") : null, message.edit_date ? "已编辑 " : "", clock(message.date));
}

function reactions(message, context) {
  const given = Object.entries(message.reactions || {});
  if (!given.length) return null;
  return h("div", { class: "reactions" }, given.map(([emoji, count]) =>
    h("button", { type: "button", onclick: () => context.onReact(message, emoji) }, emoji, count > 1 ? ` ${count}` : "")));
}

function keyboard(message, context) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  let place = 0;
  return h("div", { class: "keyboard" }, rows.map((row) => h("div", { class: "row" }, row.map((button) => {
    const index = place++;
    return h("button", { type: "button", onclick: (event) => context.onButton(event.currentTarget, message, button, index) },
      h("span", {}, button.text), button.url ? icon("out") : null);
  }))));
}
