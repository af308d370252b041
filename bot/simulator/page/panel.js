// The corner panel: troubles on demand, and what the bot has just called.

import { act } from "./api.js";
import { clock, h, icon, renew } from "./dom.js";
import { store } from "./store.js";

const TROUBLES = [
  ["retry", "限流 429", "下一次发送被要求等几秒再来"],
  ["server_error", "服务器错误 500", "下一次调用得到内部错误"],
  ["cut_before", "断线，没做成", "请求半路断掉，Telegram 什么也没做"],
  ["cut_after", "断线，其实做成了", "事情做完了，回信丢了"],
  ["slow", "很慢", "下一次调用几秒后才有回音"],
  ["forbidden", "被拒 403", "像是被对方拉黑了"],
  ["duplicate", "更新重复", "下一批消息每条送两遍"],
  ["shuffle", "更新乱序", "下一批消息顺序打乱"],
];
const NAMES = Object.fromEntries(TROUBLES);

export class Panel {
  constructor() {
    this.node = document.getElementById("panel");
    this.button = document.getElementById("panel-button");
    this.badge = document.getElementById("panel-badge");
    this.button.addEventListener("click", () => this.toggle());
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !this.node.hidden) this.toggle(); });
    this.build();
  }

  build() {
    this.offline = this.toggleButton("断网", "机器人和 Telegram 完全失联", "offline");
    this.limits = this.toggleButton("按真实限额", "每秒 30 条、每群每分钟 20 条，超了就 429", "limits");
    this.count = h("input", { type: "number", min: 1, max: 50, value: 1, "aria-label": "次数" });
    this.seconds = h("input", { type: "number", min: 1, max: 60, value: 3, "aria-label": "秒数" });
    const cards = TROUBLES.map(([trouble, name, hint]) =>
      h("button", { type: "button", class: "trouble", "data-trouble": trouble, onclick: () => this.cause(trouble) }, h("b", {}, name), h("small", {}, hint)));
    this.active = h("div", { class: "active" });
    this.calls = h("ol", { class: "calls" });
    const close = h("button", { type: "button", class: "round-button", "aria-label": "关上", onclick: () => this.toggle() }, icon("close"));
    this.node.append(
      h("header", {}, h("h2", {}, "故障"), close),
      h("div", { class: "body" },
        this.active, this.offline, this.limits,
        h("p", { class: "amounts" }, "再来", this.count, "次，等", this.seconds, "秒："),
        h("div", { class: "troubles" }, cards),
        h("h3", {}, "机器人刚才做了什么"), this.calls));
  }

  toggleButton(name, hint, action) {
    return h("button", { type: "button", class: "switch", role: "switch", "aria-checked": "false",
      onclick: (event) => act(action, { on: event.currentTarget.getAttribute("aria-checked") !== "true" }) },
    h("span", {}, h("b", {}, name), h("small", {}, hint)), h("i", {}));
  }

  cause(trouble) {
    act("fault", { trouble, count: Number(this.count.value) || 1, seconds: Number(this.seconds.value) || 3 });
  }

  toggle() {
    this.node.hidden = !this.node.hidden;
    this.button.setAttribute("aria-expanded", String(!this.node.hidden));
  }

  draw() {
    const { faults, calls } = store.state;
    const number = faults.active.length + (faults.offline ? 1 : 0);
    this.badge.hidden = !number;
    this.badge.textContent = String(number);
    this.offline.setAttribute("aria-checked", String(faults.offline));
    this.limits.setAttribute("aria-checked", String(faults.limits));
    renew(this.active, faults, () => {
      const chips = faults.active.map((one) => h("span", {}, `${NAMES[one.trouble] || one.trouble} × ${one.count}`));
      const calm = h("button", { type: "button", class: "small-text", onclick: () => act("calm") }, "全部恢复");
      return number || faults.limits ? [...chips, calm] : [];
    });
    if (!this.node.hidden) this.drawCalls(calls);
  }

  drawCalls(calls) {
    const rows = [...calls].reverse().map((call) => h("li", { class: call.error ? "failed" : "" },
      h("time", {}, clock(call.time)), h("code", {}, call.method), h("span", {}, call.error || this.where(call))));
    this.calls.replaceChildren(...(rows.length ? rows : [h("li", {}, "还没有")]));
  }

  where(call) {
    const id = Number(call.chat);
    const name = store.chat(id)?.title || store.user(id)?.name || "";
    return [name, call.text].filter(Boolean).join("：");
  }
}
