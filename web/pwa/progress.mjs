/** How a report is doing: what has happened, what is asked, the reply; and what its reporter may do now. */

import { acts } from "./acts.mjs";
import { claim } from "./claim.mjs";
import { tell } from "./contract.mjs";
import { announce, fill, h } from "./dom.mjs";
import { forget } from "./mine.mjs";
import { standing, whenChanged } from "./queue.mjs";
import { fact } from "./receipt.mjs";
import { get, put } from "./store.mjs";
import { dayOf, moment } from "./times.mjs";
import { t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas["Progress"]} Progress */

/** @param {string} id */
export async function progressPage(id) {
  const row = await get("mine", id);
  if (!row) return [h("h1", { tabindex: "-1" }, t("receipt_gone")), h("p", {}, t("receipt_gone_text"))];
  const page = h("div");
  const doing = h("p", { class: "hint", "aria-live": "polite" });
  let answers = -1;

  async function show() {
    const { rows } = await standing(id);
    const left = rows.filter((each) => each.kind === "answer" && !each.refused).length;
    fill(doing, left ? [t("acts_waiting", left)] : []);
    if (left === answers && answers !== -1) return;
    if (left < answers || answers === -1) await ask(rows.filter((each) => each.kind === "answer" && each.refused));
    answers = left;
  }

  /** @param {import("./queue.mjs").Item[]} refused */
  async function ask(refused) {
    const answer = await tell("/m/v1/tracking", { tracking_code: row.receipt.tracking_code });
    if (answer.ok) await put("mine", { ...row, last: answer.data });
    const found = answer.ok ? answer.data : row.last;
    fill(page, [
      !answer.ok && h("p", { class: "note" }, answer.problem?.title ?? t("offline")),
      ...refused.map((each) => h("p", { class: "fault", role: "alert" }, t("acts_refused", /** @type {any} */ (each.refused).title))),
      ...(found ? told(found, row, id) : []),
    ]);
  }

  const stop = whenChanged(() => (page.isConnected ? show() : answers !== -1 && stop()));
  fill(page, [h("p", { class: "lead" }, t("progress_looking"))]);
  show().then(() => page.querySelector("h1")?.focus({ preventScroll: true }));
  return [page, doing, device(row, id)];
}

/** @param {Progress} found @param {any} row @param {string} id */
function told(found, row, id) {
  const { outcome, redirected_to: other, not_accepted: no } = found;
  return [
    h("p", { class: "eyebrow" }, `${t("receipt_reference")} ${found.reference}`),
    h("h1", { tabindex: "-1" }, found.state_text),
    found.next && h("p", { class: "lead" }, found.next.text, found.next.due_at ? t("progress_by", moment(found.next.due_at)) : ""),
    other && h("section", { class: "card" }, h("h2", {}, t("progress_other")), h("p", {}, other.reason),
      h("p", {}, other.body, other.phone && h("a", { class: "way", href: `tel:${other.phone}` }, other.phone)), other.text && h("p", { class: "as-written" }, other.text)),
    no && h("section", { class: "card" }, h("h2", {}, t("progress_not")), h("p", {}, no.reason), h("p", { class: "as-written" }, no.text)),
    outcome && !other && !no && h("section", { class: "card" }, h("h2", {}, outcome.verdict ? t("progress_reply", verdict(outcome.verdict)) : t("progress_replied")),
      h("p", { class: "as-written" }, outcome.text), h("p", { class: "hint" }, dayOf(outcome.replied_on))),
    found.reward && claim(found.reward, row.receipt),
    ...acts(found, row, id),
    found.thread.length > 0 && h("section", { class: "card" }, h("h2", {}, t("progress_thread")), h("ol", { class: "line" },
      found.thread.map((line) => h("li", {}, h("span", {}, h("strong", {}, t(`sender_${line.sender}`)), " ", line.text, line.photos ? t("progress_thread_photos", line.photos) : ""), h("time", {}, moment(line.sent_at)))))),
    h("section", {}, h("h2", {}, t("progress_line")), h("ol", { class: "line" },
      found.timeline.map((line) => h("li", {}, h("span", {}, line.text), h("time", { datetime: line.day }, dayOf(line.day)))))),
    h("dl", { class: "facts" }, fact(t("receipt_town"), found.town_words), fact(t("receipt_at"), dayOf(found.received_on)),
      found.photos.length > 0 && fact(t("receipt_photos"), t("progress_photos", found.photos.length, found.photos.filter((each) => each.state === "stored").length))),
  ];
}

/** @param {string} code */
function verdict(code) {
  return { true: t("verdict_true"), partly_true: t("verdict_partly"), not_true: t("verdict_not"), cannot_verify: t("verdict_cannot") }[code] ?? code;
}

/** @param {any} row @param {string} id */
function device(row, id) {
  async function drop() {
    if (!confirm(t("forget_sure"))) return;
    await forget(id);
    announce(t("forgotten"));
    location.hash = "#/mine";
  }
  return h("section", {}, h("h2", {}, t("progress_device")), h("div", { class: "row" },
    row.receipt.claim_secret && h("a", { class: "more", href: `#/r/${id}` }, t("progress_receipt")),
    h("button", { type: "button", class: "plain", onclick: drop }, t("forget"))));
}
