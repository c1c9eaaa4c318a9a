/** The outbox: what the person has sent, until the server has it. A row goes only when an answer has settled it. */

import { all, asked, get, together } from "./store.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */
/** @typedef {import("./contract.mjs").Problem} Problem */
/**
 * `after` is the row that must be gone first; `report` is the report's id; `told` means that the server named the wait, and
 * `retimed` that its clock has corrected ours.
 * @typedef {object} Item
 * @property {string} id
 * @property {"report" | "answer" | "photo" | "work"} kind
 * @property {string} report
 * @property {string | null} after
 * @property {any} body
 * @property {number} tries
 * @property {number} notBefore
 * @property {boolean} told
 * @property {boolean} retimed
 * @property {Problem | null} refused
 * @property {number} madeAt
 */

const others = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("jingzhong");
/** Listeners of this page, which a BroadcastChannel does not call for its own messages. */
const here = /** @type {Set<() => void>} */ (new Set());
if (others) others.onmessage = () => here.forEach((each) => each());

/** Call this whenever anything in the outbox or among the reports has changed. @param {() => void} listener */
export function whenChanged(listener) {
  here.add(listener);
  return () => here.delete(listener);
}

/** Tell every page that something has changed. */
export function changed() {
  others?.postMessage("changed");
  here.forEach((each) => each());
}

/** @param {Pick<Item, "id" | "kind" | "report" | "after" | "body">} facts @returns {Item} */
export function item(facts) {
  return { ...facts, tries: 0, notBefore: 0, told: false, retimed: false, refused: null, madeAt: Date.now() };
}

/**
 * Take the report and its photos, and let go of the draft: all at once, or not at all.
 * @param {Schemas["ReportIn"]} body
 */
export async function takeReport(body) {
  await together(["outbox", "kept"], async (shelf) => {
    if ((await asked(shelf("kept").get("draft")))?.value.id !== body.id) throw new Error("sent already");
    shelf("outbox").put(item({ id: body.id, kind: "report", report: body.id, after: null, body }));
    for (const photo of body.photos ?? []) shelf("outbox").put(photoItem(photo, body.id, body.id));
    shelf("kept").delete("draft");
  });
  changed();
}

/**
 * Take an addition and its photos.
 * @param {string} report
 * @param {Schemas["AnswerIn"]} body
 * @param {{id: string, data: ArrayBuffer, type: string}[]} photos
 */
export async function takeAnswer(report, body, photos) {
  await together(["outbox", "photos"], (shelf) => {
    for (const photo of photos) shelf("photos").put(photo);
    shelf("outbox").put(item({ id: body.id, kind: "answer", report, after: null, body }));
    for (const photo of body.photos ?? []) shelf("outbox").put(photoItem(photo, report, body.id));
  });
  changed();
}

/** @param {Schemas["PhotoIn"]} photo @param {string} report @param {string} after */
function photoItem(photo, report, after) {
  return item({ id: photo.id, kind: "photo", report, after, body: { sha256: photo.sha256 } });
}

/** Everything that waits or was refused. @returns {Promise<Item[]>} */
export function waiting() {
  return all("outbox");
}

/** @param {Item} row */
const rank = (row) => {
  if (row.kind === "report") return row.body.emergency.answer === "none" ? 1 : 0;
  return { answer: 2, work: 3, photo: 4 }[row.kind];
};

/** What may be sent now, the most urgent first. @param {number} now @returns {Promise<Item[]>} */
export async function due(now) {
  const rows = await waiting();
  const there = new Set(rows.map((row) => row.id));
  const ready = rows.filter((row) => !row.refused && row.notBefore <= now && !(row.after && there.has(row.after)));
  return ready.sort((one, other) => rank(one) - rank(other) || one.madeAt - other.madeAt);
}

/** When something can next be sent, or null when nothing waits. */
export async function nextDue() {
  const rows = (await waiting()).filter((row) => !row.refused);
  return rows.length ? Math.min(...rows.map((row) => row.notBefore)) : null;
}

/** The network is back: what waited for it alone need not wait longer. */
export async function waitNoLonger() {
  await together(["outbox"], async (shelf) => {
    for (const row of await asked(shelf("outbox").getAll())) {
      if (row.notBefore && !row.told) shelf("outbox").put({ ...row, notBefore: 0 });
    }
  });
}

/** Take out a report that was refused, with its photos. @param {string} report */
export async function discard(report) {
  await together(["outbox", "photos"], async (shelf) => {
    for (const row of await asked(shelf("outbox").getAll())) {
      if (row.report !== report) continue;
      shelf("outbox").delete(row.id);
      shelf("photos").delete(row.id);
    }
  });
  changed();
}

/** How a report is on this device. @param {string} id */
export async function standing(id) {
  const rows = (await waiting()).filter((row) => row.report === id);
  const unsent = rows.find((row) => row.kind === "report") ?? null;
  return { mine: await get("mine", id), unsent, rows };
}
