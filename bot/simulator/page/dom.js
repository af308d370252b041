// Building elements without ever parsing markup: user text only becomes text nodes.

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// New children only where what they show has changed: a button that is replaced under a finger loses the tap.
export function renew(node, shown, make) {
  const key = JSON.stringify(shown);
  if (node.dataset.key === key) return;
  node.dataset.key = key;
  node.replaceChildren(...make());
}

const ICONS = {
  send: "M4 12 20 4l-5 16-3.5-6.5z",
  clip: "M18 11.5l-6.5 6.5a4 4 0 0 1-5.7-5.7l7-7a2.7 2.7 0 0 1 3.8 3.8l-7 7a1.3 1.3 0 0 1-1.9-1.9L14 8",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  reply: "M10 7 5 12l5 5M5 12h8c4 0 6 2 6 6",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  down: "M6 10l6 6 6-6",
  out: "M9 15 18 6M11 6h7v7",
  play: "M9 7l8 5-8 5z",
  file: "M7 4h7l4 4v12H7zM14 4v4h4",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function avatar(name, id, extra = "") {
  const first = [...(name || "?")][0];
  return h("span", { class: `avatar c${Math.abs(id) % 8} ${extra}`, "aria-hidden": "true" }, first);
}

export function clock(seconds) {
  const when = new Date(seconds * 1000);
  return `${String(when.getHours()).padStart(2, "0")}:${String(when.getMinutes()).padStart(2, "0")}`;
}

export function toast(text, kind = "") {
  const node = h("div", { class: `toast ${kind}` }, text);
  document.getElementById("toasts").append(node);
  setTimeout(() => node.classList.add("leaving"), 4200);
  setTimeout(() => node.remove(), 4600);
}

export function showAlert(text) {
  const dialog = document.getElementById("alert");
  dialog.querySelector("p").textContent = text;
  dialog.showModal();
}

// Ask for one short answer; null when the visitor thinks better of it.
export function ask(label, value) {
  const dialog = document.getElementById("ask");
  const field = dialog.querySelector("input");
  field.value = value;
  field.setAttribute("aria-label", label);
  field.placeholder = label;
  dialog.returnValue = "";
  dialog.showModal();
  field.select();
  return new Promise((resolve) => {
    const done = () => resolve(dialog.returnValue === "yes" ? field.value.trim() || null : null);
    dialog.addEventListener("close", done, { once: true });
  });
}

// One floating menu for the whole page: items are [label, action] pairs or whole nodes.
export function openMenu(anchor, items) {
  const menu = document.getElementById("menu");
  const entries = items.map((item) =>
    Array.isArray(item)
      ? h("button", { type: "button", role: "menuitem", class: item[2] || "", onclick: () => { closeMenu(); item[1](); } }, item[0])
      : item);
  menu.replaceChildren(...entries);
  menu.hidden = false;
  const box = anchor.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left), innerWidth - menu.offsetWidth - 8);
  const below = box.bottom + 6 + menu.offsetHeight < innerHeight;
  menu.style.left = `${left}px`;
  menu.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - 6 - menu.offsetHeight)}px`;
  menu.querySelector("button")?.focus({ preventScroll: true });
}

export function closeMenu() {
  document.getElementById("menu").hidden = true;
}

document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest("#menu")) closeMenu();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenu();
});
