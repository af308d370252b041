// The page: four panes on one simulated Telegram, refreshed whenever it changes.

import { act, listen, loadState } from "./api.js";
import { ask, h, toast } from "./dom.js";
import { Pane } from "./pane.js";
import { Panel } from "./panel.js";
import { Scenes } from "./scenes.js";
import { store } from "./store.js";

const WIDE = matchMedia("(min-width: 900px)");
const status = document.getElementById("status");
let current = "group";
let loading = false;
let again = false;

const hooks = { refresh, onSpeaker, onLink, onUrlButton, tools, isVisible };
const panes = [
  new Pane("group", "群聊", true, hooks),
  new Pane("moderators", "管理员群", true, hooks),
  new Pane("counselor", "咨询师的私聊", false, hooks),
  new Pane("member", "成员的私聊", false, hooks),
];
const [group, moderators, counselor, member] = panes;
const panel = new Panel();
const scenes = new Scenes(follow);
const tabs = panes.map((pane) => h("button", { type: "button", onclick: () => show(pane.kind) },
  h("span", {}, pane.title.replace("的", "")), h("b", { hidden: true })));

async function refresh() {
  if (loading) { again = true; return; }
  loading = true;
  try {
    store.state = await loadState(panes.map((pane) => pane.chatId));
    if (settle()) store.state = await loadState(panes.map((pane) => pane.chatId));
    draw();
  } catch {
    lost();
  } finally {
    loading = false;
  }
  if (again) { again = false; refresh(); }
}

// Give every pane somebody to look at; true when something was chosen now.
function settle() {
  const { scene } = store.state;
  const before = panes.map((pane) => pane.chatId).join();
  const groups = store.groups();
  settleGroup(group, scene.group || groups[0]?.id, 0);
  settleGroup(moderators, scene.moderators || groups[1]?.id || groups[0]?.id, 0);
  const people = store.people();
  settlePerson(counselor, scene.counselor || people[0]?.id);
  settlePerson(member, scene.member || group.speaker || people[1]?.id);
  return panes.map((pane) => pane.chatId).join() !== before;
}

function settleGroup(pane, fallback) {
  const moved = store.chat(pane.chatId)?.migrated_to;
  if (moved) pane.chatId = moved;
  if (!store.chat(pane.chatId)) pane.chatId = fallback || null;
  const members = store.membersOf(pane.chatId);
  if (members.some((one) => one.id === pane.speaker)) return;
  const wanted = pane === group ? store.state.scene.member : null;
  const plain = members.find((one) => one.id === wanted) || members.find((one) => one.status === "member") || members[0];
  pane.speaker = plain?.id || null;
}

function settlePerson(pane, fallback) {
  if (!store.user(pane.chatId)) pane.chatId = fallback || null;
  pane.speaker = pane.chatId;
}

function draw() {
  panes.forEach((pane) => pane.draw());
  panel.draw();
  scenes.draw();
  const { bot } = store.state;
  const online = bot.delivery !== "none";
  const how = { polling: "在线 · 轮询", webhook: "在线 · webhook", none: "还没有上线" }[bot.delivery];
  status.className = online ? "online" : "";
  status.textContent = bot.pending ? `${how} · ${bot.pending} 条未取` : how;
  panes.forEach((pane, index) => {
    const badge = tabs[index].querySelector("b");
    badge.hidden = !pane.unread;
    badge.textContent = pane.unread > 99 ? "99" : String(pane.unread);
  });
}

function lost() {
  status.className = "lost";
  status.textContent = "和模拟器断开了，正在重连…";
}

function isVisible(pane) {
  return WIDE.matches || pane.kind === current;
}

function show(kind) {
  current = kind;
  panes.forEach((pane, index) => {
    const chosen = pane.kind === kind;
    pane.node.classList.toggle("current", chosen);
    tabs[index].classList.toggle("on", chosen);
    if (chosen) tabs[index].setAttribute("aria-current", "page");
    else tabs[index].removeAttribute("aria-current");
    if (chosen && pane.stick) pane.toEnd();
  });
  if (store.state) draw();
}

// The member pane follows whoever speaks in the group.
function onSpeaker(pane, id) {
  if (pane === group && id !== counselor.chatId) member.choose(id);
}

// A scene shows the window in which something happens, as whoever does it.
function follow(kind, person) {
  const pane = panes.find((one) => one.kind === kind) || group;
  const there = pane.shared ? pane.speaker : pane.chatId;
  if (pane.shared && there !== person) pane.speakAs(person);
  if (!pane.shared && there !== person) pane.choose(person);
  show(pane.kind);
}

function openPrivate(userId, payload) {
  const pane = userId === counselor.chatId ? counselor : member;
  if (payload !== null) store.payloads.set(userId, payload);
  pane.choose(userId);
  show(pane.kind);
}

function onUrlButton(pane, url) {
  const target = new URL(/^[a-z]+:/i.test(url) ? url : `https://${url}`);
  if (["http:", "https:", "tg:"].includes(target.protocol)) onLink(pane, target);
}

function onLink(pane, url) {
  const local = url.protocol === "tg:" || /^(t|telegram)\.me$/.test(url.hostname);
  if (!local) { open(url.href, "_blank", "noopener,noreferrer"); return; }
  const bot = store.state.bot.username.toLowerCase();
  const name = url.protocol === "tg:" ? url.searchParams.get("domain") : url.pathname.slice(1);
  if ((name || "").toLowerCase() === bot) { openPrivate(pane.speaker, url.searchParams.get("start") || ""); return; }
  const place = url.pathname.match(/^\/c\/(\d+)\/(?:\d+\/)?(\d+)$/);
  if (place) jump(Number(`-100${place[1]}`), Number(place[2]));
  else toast("这个链接通向真正的 Telegram，模拟器里没有");
}

async function jump(chatId, messageId) {
  const pane = panes.find((one) => one.chatId === chatId) || group;
  if (!store.chat(chatId)) { toast("模拟器里没有那个群"); return; }
  if (pane.chatId !== chatId) { pane.choose(chatId); await refresh(); }
  show(pane.kind);
  pane.flash(messageId);
}

function tools(pane) {
  if (!pane.shared) {
    const blocked = store.user(pane.chatId)?.conversation === "blocked";
    return blocked ? [["不再拉黑（按开始）", () => act("start", { user: pane.chatId })]]
      : [["拉黑机器人", () => act("block", { user: pane.chatId }), "danger"]];
  }
  const chat = pane.chatId;
  return [
    ["拉一个新人进群", () => addPerson(chat)],
    ["让正在说话的人退群", () => act("leave", { chat, user: pane.speaker })],
    ["机器人：设为管理员", () => act("set_bot", { chat, status: "administrator" })],
    ["机器人：设为普通成员", () => act("set_bot", { chat, status: "member" })],
    ["机器人：移出群", () => act("set_bot", { chat, status: "kicked" }), "danger"],
  ];
}

async function addPerson(chat) {
  const name = await ask("新成员叫什么？", "新来的");
  if (name) act("add_person", { chat, text: name });
}

document.getElementById("panes").append(...panes.map((pane) => pane.node));
document.getElementById("tabs").append(...tabs);
document.getElementById("panel-button").addEventListener("click", () => store.state && panel.draw());
WIDE.addEventListener("change", () => store.state && draw());
show("group");
refresh();
listen(refresh, lost);
