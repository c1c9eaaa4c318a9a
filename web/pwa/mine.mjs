/** The reports of this device, newest first, and what it holds besides: all of it can be deleted here. */

import { categoryName } from "./catalogue.mjs";
import { takeBack } from "./consent.mjs";
import { announce, fill, h } from "./dom.mjs";
import { all, forgetAll, together } from "./store.mjs";
import { waiting, whenChanged } from "./queue.mjs";
import { moment } from "./times.mjs";
import { t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */

/** @param {Schemas["Config"]} config */
export async function minePage(config) {
  const list = h("div", { "aria-live": "polite" });
  const show = async () => fill(list, rows(config, await all("mine"), await waiting()));
  const stop = whenChanged(() => (list.isConnected ? show() : stop()));
  await show();
  return [
    h("h1", { tabindex: "-1" }, t("mine_title")),
    list,
    h("p", {}, h("a", { class: "more", href: "#/code" }, t("mine_by_code"))),
    h("section", {}, h("h2", {}, t("device_title")), h("p", {}, t("device_text")),
      h("div", { class: "row" },
        h("button", { type: "button", class: "quiet", onclick: async () => { await takeBack(); announce(t("device_consent_back")); } }, t("device_consent")),
        h("button", { type: "button", class: "quiet", onclick: clear }, t("device_clear")))),
  ];
}

/** @param {Schemas["Config"]} config @param {any[]} mine @param {import("./queue.mjs").Item[]} outbox */
function rows(config, mine, outbox) {
  const unsent = outbox.filter((row) => row.kind === "report");
  if (!mine.length && !unsent.length) return [h("p", { class: "empty" }, t("mine_none"))];
  const byTime = [
    ...unsent.map((row) => ({ id: row.id, at: row.madeAt, name: categoryName(config, row.body.category), number: "", state: row.refused ? "refused" : "waiting", left: 0 })),
    ...mine.map((row) => ({
      id: row.id, at: row.madeAt, name: row.category ? categoryName(config, row.category) : t("mine_by_code_row"), number: row.receipt.reference, state: "taken",
      left: outbox.filter((each) => each.report === row.id && !each.refused).length,
    })),
  ].sort((one, other) => other.at - one.at);
  return [h("ul", { class: "board" }, byTime.map((row) => h("li", { class: "entry" },
    h("p", { class: "entry-head" }, h("span", { class: `badge badge-${row.state}` }, t(`mine_${row.left ? "left" : row.state}`, row.left))),
    h("h2", {}, h("a", { href: row.state === "taken" ? `#/p/${row.id}` : `#/r/${row.id}` }, row.name === "unsure" ? t("kind_unsure") : row.name)),
    h("p", { class: "hint" }, [row.number, moment(row.at)].filter(Boolean).join(" · ")))))];
}

async function clear() {
  const unsent = (await waiting()).filter((row) => row.kind === "report" && !row.refused).length;
  if (!confirm(unsent ? t("device_clear_unsent", unsent) : t("device_clear_sure"))) return;
  await forgetAll();
  announce(t("device_cleared"));
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Take one report off this device; the server keeps it. @param {string} id */
export async function forget(id) {
  await together(["mine"], (shelf) => void shelf("mine").delete(id));
}
