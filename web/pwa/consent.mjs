/** The notice on what is done with a report's data, with its version; accepted once for each version. */

import { said } from "./catalogue.mjs";
import { h } from "./dom.mjs";
import { keep, kept } from "./store.mjs";
import { t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas["Notice"]} Notice */

/** @param {Notice} notice @returns {Promise<boolean>} */
export async function isAccepted(notice) {
  return (await kept("consent"))?.version === notice.version;
}

/** @param {Notice} notice */
export function accept(notice) {
  return keep("consent", { version: notice.version, at: new Date().toISOString() });
}

/** Take the acceptance back: the notice is shown again before the next report. */
export function takeBack() {
  return keep("consent", null);
}

/**
 * @param {Notice} notice
 * @param {boolean} before accepted before
 * @param {(accepted: boolean) => void} decided
 */
export function consent(notice, before, decided) {
  const text = h("p", { class: "as-written" }, said(notice.text));
  const version = h("p", { class: "hint" }, t("consent_version", notice.version, notice.effective_on));
  if (before) return [h("details", { class: "more-acts" }, h("summary", {}, t("consent_read", notice.version)), text, version)];
  const box = h("input", { type: "checkbox", id: "consent", onchange: (/** @type {Event} */ event) => decided(/** @type {HTMLInputElement} */ (event.target).checked) });
  return [text, version, h("label", { class: "choice" }, box, h("strong", {}, t("consent_accept")))];
}
