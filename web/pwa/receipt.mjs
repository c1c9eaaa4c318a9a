/** After sending: first that it is safe on this device, then the receipt with its number, its code and what comes next. */

import { announce, calls, fill, h } from "./dom.mjs";
import { reopen } from "./draft.mjs";
import { emptyNow } from "./emptying.mjs";
import { savePicture } from "./picture.mjs";
import { drawQr, modules, trackingLink } from "./qr.mjs";
import { discard, standing, whenChanged } from "./queue.mjs";
import { moment } from "./times.mjs";
import { t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas["Receipt"]} Receipt */
/** @typedef {import("./queue.mjs").Item} Item */

/** @param {string} id */
export async function receiptPage(id) {
  const page = h("div", { "aria-live": "polite" });
  let shown = "";
  async function show() {
    const { mine, unsent, rows } = await standing(id);
    const now = JSON.stringify([Boolean(mine), unsent?.refused, unsent?.tries, rows.map((row) => [row.id, row.refused?.code])]);
    if (now === shown) return;
    shown = now;
    if (mine) fill(page, taken(mine.receipt, rows, id));
    else if (unsent?.refused) fill(page, refused(unsent));
    else fill(page, unsent ? onTheWay(unsent) : [h("h1", { tabindex: "-1" }, t("receipt_gone")), h("p", {}, t("receipt_gone_text"))]);
  }
  const stop = whenChanged(() => (page.isConnected ? show() : shown && stop()));
  await show();
  return [page];
}

/** @param {Item} unsent */
function onTheWay(unsent) {
  return [
    h("p", { class: "eyebrow" }, t("way_kept")),
    h("h1", { tabindex: "-1" }, t(navigator.onLine ? "way_title" : "way_offline")),
    h("p", { class: "lead" }, t("way_text")),
    unsent.tries > 0 && h("p", { class: "hint" }, t("way_tries", unsent.tries)),
    h("p", {}, h("button", { type: "button", class: "quiet", onclick: emptyNow }, t("way_now"))),
  ];
}

/** @param {Item} unsent */
function refused(unsent) {
  const problem = /** @type {import("./contract.mjs").Problem} */ (unsent.refused);
  return [
    h("h1", { tabindex: "-1" }, t("refused_title")),
    h("p", { class: "fault" }, problem.title),
    h("ul", {}, problem.errors.map((each) => h("li", {}, each.message))),
    h("p", {}, t("refused_text")),
    h("div", { class: "row" },
      h("button", { type: "button", class: "main", onclick: async () => { await reopen(unsent.id); location.hash = "#/"; } }, t("refused_edit")),
      h("button", { type: "button", class: "plain", onclick: async () => { if (confirm(t("refused_sure"))) { await discard(unsent.id); location.hash = "#/mine"; } } }, t("refused_discard"))),
  ];
}

/** @param {Receipt} receipt @param {Item[]} rows @param {string} id */
function taken(receipt, rows, id) {
  const photos = rows.filter((row) => row.kind === "photo");
  const lost = photos.filter((row) => row.refused);
  const left = photos.length - lost.length;
  return [
    receipt.emergency_call.length > 0 && h("div", { class: "alarm" }, h("p", {}, h("strong", {}, t("receipt_call"))), calls(receipt.emergency_call)),
    h("p", { class: "taken" }, t("receipt_taken")),
    h("h1", { tabindex: "-1" }, t("receipt_title")),
    h("section", { class: "card ticket", "aria-label": t("receipt_title") },
      h("p", { class: "label" }, t("receipt_reference")), h("p", { class: "number" }, receipt.reference),
      h("p", { class: "label" }, t("receipt_code")), h("p", { class: "spelled code" }, receipt.tracking_code),
      qr(receipt.tracking_code),
      h("div", { class: "row" },
        h("button", { type: "button", class: "main", onclick: () => savePicture(receipt) }, t("receipt_save")),
        h("button", { type: "button", class: "quiet", onclick: () => copy(receipt.tracking_code) }, t("receipt_copy"))),
      h("p", { class: "note" }, t("receipt_lost"))),
    h("section", {}, h("h2", {}, t("receipt_next")),
      h("p", { class: "lead" }, receipt.next.text),
      h("dl", { class: "facts" },
        receipt.next.due_at && fact(t("receipt_by"), moment(receipt.next.due_at)),
        fact(t("receipt_town"), receipt.town_words), fact(t("receipt_at"), moment(receipt.received_at)),
        photos.length > 0 && fact(t("receipt_photos"), t("receipt_photos_left", left)))),
    lost.length > 0 && h("p", { class: "fault" }, t("receipt_photos_lost", lost.length, /** @type {any} */ (lost[0].refused).title)),
    h("div", { class: "row" }, h("a", { class: "main", href: `#/p/${id}` }, t("receipt_progress")), h("a", { class: "more", href: "#/" }, t("receipt_again"))),
    h("details", { class: "more-acts" }, h("summary", {}, t("receipt_secret")),
      h("p", {}, t("receipt_secret_text")), h("p", { class: "spelled" }, receipt.claim_secret)),
  ];
}

/** @param {string} name @param {string} value */
export function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

/** @param {string} code */
function qr(code) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { class: "qr", role: "img", "aria-label": t("receipt_qr") }));
  Object.assign(canvas, { width: 400, height: 400 });
  modules(trackingLink(code)).then(
    (made) => drawQr(/** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")), made, { x: 0, y: 0, side: 400 }),
    () => canvas.remove(),
  );
  return h("figure", {}, canvas, h("figcaption", { class: "hint" }, t("receipt_qr")));
}

/** @param {string} code */
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code);
    announce(t("receipt_copied"));
  } catch {
    announce(t("receipt_copy_by_hand"));
  }
}
