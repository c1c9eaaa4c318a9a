/** The citizen's app: which page the address behind # asks for, the two switches of how it looks, and the outbox at work. */

import { catalogue } from "./catalogue.mjs";
import { codePage } from "./code.mjs";
import { fill, h } from "./dom.mjs";
import { sweep } from "./draft.mjs";
import { keepEmptying } from "./emptying.mjs";
import { minePage } from "./mine.mjs";
import { progressPage } from "./progress.mjs";
import { waiting, whenChanged } from "./queue.mjs";
import { receiptPage } from "./receipt.mjs";
import { reportPage } from "./report.mjs";
import { language, setLanguage, t } from "./words.mjs";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const nav = /** @type {HTMLElement} */ (document.getElementById("nav"));
let turn = 0;

/** @param {import("./catalogue.mjs").Catalogue} known @returns {Promise<(Node | false)[]>} */
function asked(known) {
  const [, page, rest] = /^#\/?(r\/|p\/|c=|mine|code)?(.*)$/.exec(location.hash) ?? [];
  if (page === "r/") return receiptPage(rest);
  if (page === "p/") return progressPage(rest);
  if (page === "mine") return minePage(known.config);
  if (page === "code") return codePage();
  return reportPage(known);
}

async function show() {
  const mine = ++turn;
  const scanned = /^#c=(.+)$/.exec(location.hash)?.[1];
  if (scanned) history.replaceState(null, "", "/app/#/code"); // the address keeps no code
  const known = await catalogue();
  const inside = scanned ? await codePage(decodeURIComponent(scanned)) : known ? await asked(known) : [h("h1", { tabindex: "-1" }, t("first_title")), h("p", {}, t("first_text"))];
  if (mine !== turn) return;
  fill(main, inside);
  scrollTo(0, 0);
  if (turn > 1) main.querySelector("h1")?.focus({ preventScroll: true });
  await showNav();
}

let told = "";

async function showNav() {
  const left = (await waiting()).filter((row) => row.kind === "report").length;
  const at = (/** @type {boolean} */ here) => (here ? { "aria-current": "page" } : {});
  const mine = /^#\/(mine|p\/|code)/.test(location.hash);
  const now = JSON.stringify([left, location.hash, language(), document.documentElement.dataset.type]);
  if (now === told) return;
  told = now;
  document.title = `${main.querySelector("h1")?.textContent ?? ""} · ${t("app")}`;
  fill(nav, [
    h("a", { href: "#/", ...at(!mine && !location.hash.startsWith("#/r/")) }, t("nav_report")),
    h("a", { href: "#/mine", ...at(mine) }, t("nav_mine"), left ? h("span", { class: "count" }, h("span", { "aria-hidden": "true" }, String(left)), h("span", { class: "unseen" }, t("nav_waiting", left))) : null),
    h("button", { type: "button", "aria-pressed": String(document.documentElement.dataset.type === "large"), "aria-label": t("nav_large"), onclick: larger }, t("nav_large_short")),
    h("button", { type: "button", lang: language() === "en" ? "zh-CN" : "en", onclick: otherLanguage }, language() === "en" ? "中文" : "EN"),
  ]);
}

function larger() {
  const large = document.documentElement.dataset.type !== "large";
  localStorage.setItem("type", large ? "large" : "");
  dress();
  showNav().then(() => nav.querySelectorAll("button")[0].focus());
}

function otherLanguage() {
  setLanguage(language() === "en" ? "zh-CN" : "en");
  dress();
  show();
}

/** The language and the size of letters that this person has chosen. */
function dress() {
  document.documentElement.lang = language();
  document.documentElement.dataset.type = localStorage.getItem("type") ?? "";
}

/** The shell is kept for the next time; a newer one is offered, and taken when the person says so. */
async function keepShell() {
  const keeper = await navigator.serviceWorker?.register("/app/sw.js", { type: "module", scope: "/app/" });
  if (!keeper) return;
  const offer = () => {
    const next = keeper.waiting;
    if (!next || !navigator.serviceWorker.controller || document.getElementById("newer")) return;
    document.body.append(h("p", { id: "newer", class: "newer", role: "status" }, t("newer"), " ",
      h("button", { type: "button", class: "quiet", onclick: () => next.postMessage("take over") }, t("newer_take"))));
  };
  offer();
  keeper.addEventListener("updatefound", () => keeper.installing?.addEventListener("statechange", offer));
  const had = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => had && location.reload());
}

dress();
addEventListener("hashchange", show);
whenChanged(showNav);
await show();
document.documentElement.dataset.ready = "yes";
await sweep();
keepEmptying();
keepShell().catch(() => {}); // not everywhere: the app works without it, except when opened without a network
