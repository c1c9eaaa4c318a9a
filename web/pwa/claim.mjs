/** Claiming a reward with both secrets of the report; a second claim gets the same vouchers, so it needs no queue (C11). */

import { isWellTyped } from "./code.mjs";
import { tell } from "./contract.mjs";
import { fill, h } from "./dom.mjs";
import { moment } from "./times.mjs";
import { t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */

/** @param {Schemas["RewardOffer"]} reward @param {Schemas["Receipt"]} receipt */
export function claim(reward, receipt) {
  const open = reward.state === "notified" || reward.state === "claimed";
  const told = h("div", { "aria-live": "polite" });
  const fault = h("p", { class: "fault", role: "alert", hidden: true });
  const secret = field("claim-secret", t("claim_secret"), receipt.claim_secret ?? "");
  const number = field("claim-number", t("claim_number"), "");
  const declared = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));

  /** @param {string} words @param {HTMLElement} at */
  function tellFault(words, at) {
    fault.textContent = words;
    fault.hidden = false;
    at.focus();
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    fault.hidden = true;
    if (!isWellTyped(secret.input.value)) return tellFault(t("claim_mistyped"), secret.input);
    if (!declared.checked) return tellFault(t("claim_undeclared"), declared);
    /** @type {Schemas["ClaimIn"]} */
    const body = { tracking_code: receipt.tracking_code, claim_secret: secret.input.value, declares_no_duty: true };
    if (number.input.value.trim()) body.id_number = number.input.value.trim();
    const answer = await tell("/m/v1/claims", body);
    if (!answer.ok) return tellFault(answer.problem?.title ?? t("claim_offline"), secret.input);
    fill(told, vouchers(answer.data));
    form.hidden = true;
  }

  const form = h("form", { class: "act", novalidate: true, onsubmit: submit, hidden: !open }, fault,
    h("p", {}, t("progress_reward_until", moment(reward.claim_until))),
    secret.both, number.both, h("p", { class: "hint" }, t("claim_number_hint")),
    h("label", { class: "choice" }, declared, t("claim_declare")), h("button", { type: "submit" }, t("claim")));
  return h("section", { class: "card" }, h("h2", {}, t("progress_reward", reward.amount_yuan)),
    !open && h("p", {}, t(reward.state === "paid" ? "claim_paid" : "claim_over")), form, told);
}

/** @param {string} id @param {string} label @param {string} value */
function field(id, label, value) {
  const input = /** @type {HTMLInputElement} */ (h("input", { id, class: "code", type: "text", value, maxlength: 40, autocomplete: "off", spellcheck: "false" }));
  return { input, both: [h("label", { for: id }, label), input] };
}

/** @param {Schemas["ClaimReceipt"]} got */
function vouchers(got) {
  return [
    h("p", { class: "taken" }, t("claim_done", got.where)),
    h("ul", {}, got.vouchers.map((each) => h("li", {}, h("p", {}, t("claim_voucher", each.amount_yuan)),
      h("p", { class: "spelled" }, each.number), h("p", { class: "spelled" }, each.collection_code)))),
  ];
}
