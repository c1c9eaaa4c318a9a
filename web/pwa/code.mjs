/** Looking up a report by its code, typed or scanned; the device keeps it only when asked to. */

import { tell } from "./contract.mjs";
import { fill, h } from "./dom.mjs";
import { newId } from "./ids.mjs";
import { all, put } from "./store.mjs";
import { t } from "./words.mjs";

const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Whether a code can be one: its last symbol checks the others (Luhn mod 32). @param {string} typed */
export function isWellTyped(typed) {
  const plain = typed.normalize("NFKC").toUpperCase().replace(/[ -]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  const values = [...plain].reverse().map((symbol, place) => SYMBOLS.indexOf(symbol) * (1 + (place % 2)));
  if (plain.length !== 16 || values.some((value) => value < 0)) return false;
  return values.reduce((sum, value) => sum + Math.floor(value / 32) + (value % 32), 0) % 32 === 0;
}

/** @param {string} [scanned] */
export async function codePage(scanned = "") {
  const fault = h("p", { class: "fault", role: "alert", id: "code-fault", hidden: true });
  const input = /** @type {HTMLInputElement} */ (h("input", {
    id: "code", type: "text", value: scanned, maxlength: 40, autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    placeholder: "XXXX-XXXX-XXXX-XXXX", "aria-describedby": "code-hint code-fault",
  }));

  /** @param {string} words */
  function tellFault(words) {
    fill(fault, [words]);
    fault.hidden = false;
    input.setAttribute("aria-invalid", "true");
    input.focus();
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const typed = input.value.normalize("NFKC").trim();
    if (!isWellTyped(typed)) return tellFault(t("code_mistyped"));
    const answer = await tell("/m/v1/tracking", { tracking_code: typed });
    if (!answer.ok) return tellFault(answer.problem?.title ?? t("offline"));
    location.hash = `#/p/${await remembered(typed, answer.data)}`;
  }

  return [
    h("h1", { tabindex: "-1" }, t("code_title")),
    h("form", { class: "card track", novalidate: true, onsubmit: submit },
      h("label", { for: "code" }, t("receipt_code")), h("p", { class: "hint", id: "code-hint" }, t("code_hint")), fault,
      h("div", { class: "track-row" }, input, h("button", { type: "submit" }, t("code_find")))),
    h("p", { class: "hint" }, t("receipt_lost")),
  ];
}

/** The row of this report, made when the device did not have it. @param {string} code @param {import("./contract.mjs").Schemas["Progress"]} found */
async function remembered(code, found) {
  const had = (await all("mine")).find((row) => row.receipt.reference === found.reference);
  if (had) return had.id;
  const id = newId();
  await put("mine", { id, receipt: { reference: found.reference, tracking_code: code }, category: null, position: null, madeAt: Date.now() });
  return id;
}
