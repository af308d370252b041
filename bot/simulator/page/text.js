// Telegram entities to elements. Offsets count UTF-16 units, as JavaScript strings do.

import { h } from "./dom.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

export function richText(text, entities, onLink) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build(text, 0, text.length, sorted, onLink);
}

function build(text, from, to, entities, onLink) {
  const parts = [];
  let at = from;
  let next = 0;
  while (next < entities.length) {
    const entity = entities[next];
    const end = Math.min(entity.offset + entity.length, to);
    next += 1;
    if (entity.offset < at || entity.offset >= to) continue;
    const inner = [];
    while (next < entities.length && entities[next].offset < end) inner.push(entities[next++]);
    const block = BLOCKS.has(entity.type);
    const between = text.slice(at, entity.offset);
    if (between) parts.push(block ? between.replace(/\n$/, "") : between);
    const covered = text.slice(entity.offset, end);
    parts.push(wrap(entity, covered, build(text, entity.offset, end, inner, onLink), onLink));
    at = block && text[end] === "\n" ? end + 1 : end; // the block itself breaks the line
  }
  if (at < to) parts.push(text.slice(at, to));
  return parts;
}

function wrap(entity, covered, children, onLink) {
  switch (entity.type) {
    case "spoiler": return spoiler(children);
    case "url": return link(covered, children, onLink);
    case "text_link": return link(entity.url, children, onLink);
    case "expandable_blockquote": return folded(children);
    case "mention": case "text_mention": case "hashtag": case "bot_command": case "email":
      return h("span", { class: "mention" }, children);
    default: return TAGS[entity.type] ? h(TAGS[entity.type], {}, children) : h("span", {}, children);
  }
}

function spoiler(children) {
  const node = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "点开看遮住的字" }, children);
  const reveal = () => { node.classList.add("shown"); node.removeAttribute("aria-label"); };
  node.addEventListener("click", reveal);
  node.addEventListener("keydown", (event) => { if (event.key === "Enter") reveal(); });
  return node;
}

function folded(children) {
  const node = h("blockquote", { class: "folded", tabindex: "0" }, children);
  node.addEventListener("click", () => node.classList.toggle("folded"));
  return node;
}

// Only web addresses become links; a tg:// or t.me link stays on this page.
export function safeUrl(url) {
  try {
    const parsed = new URL(/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`);
    return ["http:", "https:", "tg:"].includes(parsed.protocol) ? parsed : null;
  } catch {
    return null;
  }
}

function link(url, children, onLink) {
  const target = safeUrl(url || "");
  if (!target) return h("span", {}, children);
  if (target.protocol === "tg:" || /^(t|telegram)\.me$/.test(target.hostname)) {
    return h("a", { href: "#", onclick: (event) => { event.preventDefault(); onLink(target); } }, children);
  }
  return h("a", { href: target.href, target: "_blank", rel: "noopener noreferrer nofollow" }, children);
}
