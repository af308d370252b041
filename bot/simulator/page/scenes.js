// The scenes: a list to play from, a clock to move, and a line that says what to look at.

import { act } from "./api.js";
import { h, icon, renew } from "./dom.js";
import { store } from "./store.js";

const PASSES = [[10, "10 分钟"], [60, "1 小时"], [24 * 60, "1 天"]];

export class Scenes {
  constructor(onPane) {
    this.onPane = onPane;
    this.node = document.getElementById("scenes");
    this.button = document.getElementById("scenes-button");
    this.strip = document.getElementById("strip");
    this.followed = "";
    this.key = "";
    this.button.addEventListener("click", () => this.toggle());
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !this.node.hidden) this.toggle(); });
    this.list = h("ol", { class: "scenes" });
    this.time = h("b", {});
    const close = h("button", { type: "button", class: "round-button", "aria-label": "关上", onclick: () => this.toggle() }, icon("close"));
    const passes = PASSES.map(([minutes, name]) =>
      h("button", { type: "button", class: "pass", onclick: () => act("pass_time", { minutes }) }, `过 ${name}`));
    this.node.append(
      h("header", {}, h("h2", {}, "一场一场看"), close),
      h("div", { class: "body" },
        h("p", { class: "amounts" }, "这里的钟可以往前拨，现在是 ", this.time),
        h("div", { class: "passes" }, passes), this.list));
    this.title = h("b", {});
    this.line = h("span", {});
    this.away = h("button", { type: "button", class: "round-button", "aria-label": "收起这句", onclick: () => { this.dismissed = this.key; this.draw(); } }, icon("close"));
    this.strip.append(h("p", { role: "status", "aria-live": "polite" }, this.title, this.line), this.away);
  }

  toggle() {
    this.node.hidden = !this.node.hidden;
    this.button.setAttribute("aria-expanded", String(!this.node.hidden));
    if (!this.node.hidden) this.draw();
  }

  async play(scene) {
    this.dismissed = "";
    const begun = await act("play", { scene: scene.name });
    if (begun.ok && !this.node.hidden) this.toggle();
  }

  draw() {
    const stage = store.state?.stage;
    this.button.hidden = !stage;
    if (!stage) { this.strip.hidden = true; return; }
    this.time.textContent = stage.time;
    if (!this.node.hidden) this.drawList(stage);
    this.key = `${stage.title}：${stage.line}`;
    this.strip.hidden = !stage.line || this.dismissed === this.key;
    this.strip.classList.toggle("playing", Boolean(stage.playing));
    this.title.textContent = stage.title;
    this.line.textContent = stage.line;
    this.follow(stage);
  }

  drawList(stage) {
    renew(this.list, [stage.scenes, Boolean(stage.playing)], () => stage.scenes.map((scene) => h("li", { class: scene.played ? "played" : "" },
      h("button", { type: "button", "data-scene": scene.name, disabled: Boolean(stage.playing), onclick: () => this.play(scene) },
        icon("play"), h("span", {}, h("b", {}, scene.title), h("small", {}, scene.look))))));
  }

  // While a scene plays, the window in which something happens comes to the front.
  follow(stage) {
    const where = `${stage.playing}:${stage.pane}:${stage.person}`;
    if (this.followed === where) return;
    this.followed = where; // before it is shown: showing draws all of this again
    if (stage.playing) this.onPane(stage.pane, stage.person);
  }
}
