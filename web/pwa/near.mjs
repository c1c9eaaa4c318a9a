/** What may be the same: only what is public already, or was reported from this device (promise 7, X42, X44). */

import { look } from "./contract.mjs";
import { fill, h } from "./dom.mjs";
import { all, keep, kept } from "./store.mjs";
import { t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */
/** @typedef {import("./draft.mjs").Draft} Draft */

const WITHIN_M = 60;
const SHOWN_AT_MOST = 3;
const FRESH_MS = 600_000;
const DEGREE_M = 111_320;
let turn = 0;

/** Metres between two points that are near each other. @param {{lon: number, lat: number}} one @param {{lon: number, lat: number}} other */
export function metres(one, other) {
  const east = (one.lon - other.lon) * Math.cos((one.lat * Math.PI) / 180);
  return Math.hypot(east, one.lat - other.lat) * DEGREE_M;
}

/**
 * @param {Draft} draft
 * @param {Schemas["Config"]} config
 * @param {HTMLElement} into
 * @param {(words: string) => void} add
 */
export async function near(draft, config, into, add) {
  const mine = ++turn;
  const { position, category } = draft;
  if (!position || !category) return fill(into, []);
  const group = config.categories.find((each) => each.code === category)?.group;
  const [told, shown] = await Promise.all([all("mine"), exposures()]);
  if (mine !== turn) return;
  const alike = (/** @type {string} */ code) => category === "unsure" || config.categories.find((each) => each.code === code)?.group === group;
  const close = (/** @type {{lon: number, lat: number} | null | undefined} */ at) => Boolean(at && metres(position, at) <= WITHIN_M + position.accuracy_m);
  const own = told.filter((each) => each.position && close(each.position) && alike(each.category)).slice(-1);
  const open = shown.filter((each) => each.point && close(each.point) && each.progress !== "rectified" && alike(each.category.code)).slice(0, SHOWN_AT_MOST);
  if (!own.length && !open.length) return fill(into, []);
  fill(into, [h("div", { class: "seen" }, h("h3", {}, t("near_title")),
    own.map((each) => h("p", {}, t("near_own", each.receipt.reference), " ", h("a", { class: "more", href: `#/p/${each.id}` }, t("near_add")))),
    open.map((each) => h("p", {}, each.title, " ", h("button", { type: "button", class: "quiet", onclick: () => add(t("near_same", each.title, each.id)) }, t("near_too")))))]);
}

/** What is published, not older than some minutes. @returns {Promise<any[]>} */
async function exposures() {
  const had = await kept("exposures");
  if (had && Date.now() - had.at < FRESH_MS) return had.items;
  if (navigator.onLine === false) return had?.items ?? [];
  const got = await look("/open/exposures?limit=100", undefined);
  const items = (got?.data.items ?? had?.items ?? []).filter((/** @type {any} */ each) => each.point);
  if (got) await keep("exposures", { at: Date.now(), items });
  return items;
}
