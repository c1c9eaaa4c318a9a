/** What a reporter may do, as the contract says it of this report: each goes through the outbox, so none is lost. */

import { shrunk } from "./camera.mjs";
import { announce, h } from "./dom.mjs";
import { emptyNow } from "./emptying.mjs";
import { newId } from "./ids.mjs";
import { takeAnswer } from "./queue.mjs";
import { t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */
/** @typedef {Schemas["AnswerIn"]["kind"]} Kind */
/** @typedef {Awaited<ReturnType<typeof shrunk>>} Made */
/** @typedef {(said: Omit<Schemas["AnswerIn"], "id" | "tracking_code">, made?: Made[]) => Promise<void>} Send */

const SPOKEN = /** @type {Record<string, Kind>} */ ({ supplement: "supplement", message: "message", ask_review: "review_request", retaliation: "retaliation" });
const LONGEST_PX = 1600;
const PHOTOS = 9;

/** @param {Schemas["Progress"]} found @param {any} row @param {string} id @returns {import("./dom.mjs").Inside[]} */
export function acts(found, row, id) {
  const can = new Set(found.can);
  const code = row.receipt.tracking_code;

  /** @type {Send} */
  async function send(said, made = []) {
    const photos = made.map(({ photo }) => photo);
    await takeAnswer(id, { id: newId(), tracking_code: code, ...said, ...(made.length && { photos }) }, made.map(({ kept }) => kept));
    announce(t("acts_taken"));
    emptyNow();
  }

  const closed = Object.keys(SPOKEN).filter((each) => can.has(each) && each !== "ask_review");
  return [
    found.question && can.has("answer") && h("section", { class: "note" }, h("h2", {}, t("acts_question")),
      h("p", { class: "as-written" }, found.question.text), spoken("answer", "answer", send, { question_id: found.question.id })),
    can.has("rate") && h("section", { class: "card" }, h("h2", {}, t("acts_solved")), rating(found, can.has("ask_review"), send)),
    can.has("ask_review") && h("section", { class: "card", id: "again" }, h("h2", { tabindex: "-1" }, t("acts_ask_review")),
      h("p", {}, t("acts_ask_review_text")), spoken("ask_review", "review_request", send)),
    (closed.length > 0 || can.has("withdraw")) && h("section", { class: "more-acts" }, h("h2", {}, t("acts_title")),
      closed.map((each) => h("details", {}, h("summary", {}, t(`acts_${each}`)), h("p", { class: "hint" }, t(`acts_${each}_text`)), spoken(each, SPOKEN[each], send))),
      can.has("withdraw") && h("details", {}, h("summary", {}, t("acts_withdraw")), h("p", {}, t("acts_withdraw_text")),
        h("button", { type: "button", class: "quiet", onclick: () => confirm(t("acts_withdraw_sure")) && send({ kind: "withdrawal", text: "" }) }, t("acts_withdraw")))),
  ];
}

/**
 * @param {string} name
 * @param {Kind} kind
 * @param {Send} send
 * @param {Record<string, string>} [also]
 */
function spoken(name, kind, send, also = {}) {
  const text = /** @type {HTMLTextAreaElement} */ (h("textarea", { id: `act-${name}`, rows: 4, maxlength: 2000 }));
  const photos = /** @type {HTMLInputElement} */ (h("input", { id: `act-${name}-photos`, type: "file", accept: "image/jpeg,image/png,image/webp", multiple: true }));
  const pictured = kind === "supplement" || kind === "answer";

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const files = pictured ? [...(photos.files ?? [])].slice(0, PHOTOS) : [];
    if (!text.value.trim() && !files.length) {
      text.focus();
      return announce(t("acts_unsaid"));
    }
    const form = /** @type {HTMLFormElement} */ (event.target);
    form.inert = true;
    try {
      await send({ kind, text: text.value.trim(), ...also }, await readied(files));
    } catch {
      form.inert = false;
      announce(t("photo_broken", ""));
    }
  }

  return h("form", { class: "act", novalidate: true, onsubmit: submit },
    h("label", { for: `act-${name}` }, t(`acts_${name}_label`)), text,
    pictured && [h("label", { for: `act-${name}-photos` }, t("acts_photos")), photos],
    h("button", { type: "submit" }, t("acts_send")));
}

/** One after the other: a phone has little room. @param {File[]} files */
async function readied(files) {
  /** @type {Made[]} */
  const made = [];
  for (const file of files) made.push(await shrunk(file, "album", LONGEST_PX));
  return made;
}

/** 解决了吗: yes or no, how satisfied, and for a no the way to a second look. @param {Schemas["Progress"]} found @param {boolean} again @param {Send} send */
function rating(found, again, send) {
  const given = found.outcome?.satisfaction;
  const stars = h("fieldset", {}, h("legend", {}, t("acts_how")), [5, 4, 3, 2, 1].map((each) => h("label", { class: "choice" },
    h("input", { type: "radio", name: "satisfaction", value: String(each), checked: each === given }), t(`satisfied_${each}`))));
  const enough = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const chosen = /** @type {HTMLInputElement | null} */ (stars.querySelector("input:checked"));
    if (!chosen) {
      stars.querySelector("input")?.focus();
      return announce(t("acts_how"));
    }
    await send({ kind: "rating", satisfaction: Number(chosen.value), enough: enough.checked });
  }

  function notSolved() {
    document.getElementById("again")?.scrollIntoView();
    /** @type {HTMLElement | null} */ (document.querySelector("#again textarea"))?.focus({ preventScroll: true });
  }

  return h("form", { class: "act", novalidate: true, onsubmit: submit },
    given ? h("p", { class: "hint" }, t("acts_rated", t(`satisfied_${given}`))) : null,
    again && h("button", { type: "button", class: "quiet", onclick: notSolved }, t("acts_not_solved")),
    stars, h("label", { class: "choice" }, enough, t("acts_enough")), h("button", { type: "submit" }, t("acts_rate")));
}
