/** Emptying the outbox: one hand over all pages and the service worker, and each row settled by what the server said. */

import { tell, upload } from "./contract.mjs";
import { newId } from "./ids.mjs";
import { changed, due, item, waiting } from "./queue.mjs";
import { asked, get, together } from "./store.mjs";
import { solve } from "./work.mjs";

/** @typedef {import("./queue.mjs").Item} Item */
/** @typedef {import("./contract.mjs").Answer} Answer */

const AT_ONCE = 3;
const SLOWEST_S = 300;
const CHECKSUM_TRIES = 3;

/** @type {Promise<void>} */
let turn = Promise.resolve();

/** Send whatever is due, until nothing is. Safe to call at any time, from anywhere. @returns {Promise<void>} */
export function flush() {
  turn = turn.then(alone, alone);
  return turn;
}

/** One hand over all pages, where the browser can tell. @returns {Promise<void>} */
async function alone() {
  if (!navigator.locks) return empty();
  await navigator.locks.request("jingzhong-send", empty);
}

async function empty() {
  for (;;) {
    const rows = navigator.onLine === false ? [] : await due(Date.now());
    if (!rows.length) return;
    const photos = rows[0].kind === "photo" ? rows.slice(0, AT_ONCE) : rows.slice(0, 1);
    await Promise.all(photos.map(one));
    changed();
  }
}

/** @param {Item} row */
function one(row) {
  return { report: sendReport, answer: sendAnswer, photo: sendPhoto, work: sendWork }[row.kind](row);
}

/** @param {Item} row */
async function sendReport(row) {
  const answer = await tell("/m/v1/reports", row.body);
  if (answer.ok) return received(row, answer.data);
  const code = answer.problem?.code;
  if (code === "report.id_reused") return underNewId(row);
  if (code === "time.out_of_range" && Number.isFinite(answer.date) && !row.retimed) return onTime(row, answer.date);
  return later(row, answer);
}

/**
 * The server has it: from now on the device holds its receipt instead.
 * @param {Item} row
 * @param {import("./contract.mjs").Schemas["Receipt"]} receipt
 */
function received(row, receipt) {
  const { category, position } = row.body;
  return together(["outbox", "mine"], async (shelf) => {
    if (!(await asked(shelf("outbox").get(row.id)))) return; // the person has deleted all that was here
    shelf("mine").put({ id: row.id, receipt, category, position, madeAt: row.madeAt });
    shelf("outbox").delete(row.id);
    if (receipt.work) shelf("outbox").put(item({ id: `work-${row.id}`, kind: "work", report: row.id, after: null, body: receipt.work }));
  });
}

/** The same report once more, under an id that no other has. @param {Item} row */
function underNewId(row) {
  const id = newId();
  return together(["outbox"], async (shelf) => {
    for (const each of await asked(shelf("outbox").getAll())) {
      if (each.report === row.id && each.kind === "photo") shelf("outbox").put({ ...each, report: id, after: id });
    }
    shelf("outbox").delete(row.id);
    shelf("outbox").put({ ...row, id, report: id, body: { ...row.body, id } });
  });
}

/** The phone's clock is wrong: set the report's time by the server's, and claim no other. @param {Item} row @param {number} date */
function onTime(row, date) {
  const { position, photos, ...rest } = row.body;
  const body = {
    ...rest,
    observed_at: new Date(date).toISOString(),
    ...(position && { position: { ...position, captured_at: undefined } }),
    photos: photos.map((/** @type {object} */ photo) => ({ ...photo, taken_at: undefined })),
  };
  return together(["outbox"], (shelf) => void shelf("outbox").put({ ...row, body, retimed: true }));
}

/** @param {Item} row */
async function sendAnswer(row) {
  const answer = await tell("/m/v1/answers", row.body);
  if (!answer.ok) return later(row, answer);
  return together(["outbox"], (shelf) => void shelf("outbox").delete(row.id));
}

/** @param {Item} row */
async function sendPhoto(row) {
  const photo = await get("photos", row.id);
  if (!photo) return drop(row);
  const form = new FormData();
  form.append("photo_id", row.id);
  form.append("report_id", row.report);
  form.append("sha256", row.body.sha256);
  form.append("file", new Blob([photo.data], { type: photo.type }), "photo.jpg");
  const answer = await upload("/m/v1/photos", form);
  if (answer.ok || answer.problem?.code === "report.withdrawn") return drop(row);
  if (answer.problem?.code === "photo.checksum" && row.tries + 1 >= CHECKSUM_TRIES) answer.problem.retryable = false;
  return later(row, answer);
}

/** @param {Item} row */
async function sendWork(row) {
  const payload = await solve(row.body);
  if (!payload) return drop(row);
  const answer = await tell("/m/v1/works", { report_id: row.report, payload });
  return answer.ok || answer.problem?.retryable === false ? drop(row) : later(row, answer);
}

/** @param {Item} row */
function drop(row) {
  return together(["outbox", "photos"], (shelf) => {
    shelf("outbox").delete(row.id);
    shelf("photos").delete(row.id);
  });
}

/**
 * Not taken: for good, or until later. Whatever is no clear refusal stays in the queue.
 * @param {Item} row
 * @param {Answer & {ok: false}} answer
 */
function later(row, { problem, wait }) {
  const refused = problem && !problem.retryable ? problem : null;
  const pause = wait ?? Math.min(SLOWEST_S, 2 ** (row.tries + 1)) * (0.75 + Math.random() / 2);
  const next = { ...row, tries: row.tries + 1, notBefore: Date.now() + pause * 1000, told: wait !== null, refused };
  return together(["outbox", "photos"], async (shelf) => {
    if (!(await asked(shelf("outbox").get(row.id)))) return; // discarded meanwhile
    shelf("outbox").put(next);
    if (refused && row.kind === "photo") shelf("photos").delete(row.id);
  });
}

/** Whether anything waits that is worth another try. */
export async function hasWaiting() {
  return (await waiting()).some((row) => !row.refused);
}
