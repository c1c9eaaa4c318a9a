/** Speaking the mobile contract: what is asked, and whether what comes back ends the matter or is to be tried again. */

import { language } from "./words.mjs";

/** @typedef {import("./contract.d.ts").components["schemas"]} Schemas */
/** @typedef {{code: string, title: string, retryable: boolean, errors: {pointer: string, message: string}[]}} Problem */
/**
 * `problem` is null where nothing that can be read came back: the network is gone, or something on the way answered.
 * @typedef {{ok: true, data: any, date: number} | {ok: false, problem: Problem | null, wait: number | null, date: number}} Answer
 */

export const CLIENT = "pwa/0.1.0";
const LONGEST_MS = 60_000;

/** @param {string} path @param {Record<string, unknown>} body @returns {Promise<Answer>} */
export function tell(path, body) {
  return send(path, JSON.stringify(body), { "Content-Type": "application/json" });
}

/** @param {string} path @param {FormData} form @returns {Promise<Answer>} */
export function upload(path, form) {
  return send(path, form, {});
}

/**
 * @param {string} path
 * @param {BodyInit} body
 * @param {Record<string, string>} headers
 * @returns {Promise<Answer>}
 */
async function send(path, body, headers) {
  const options = { method: "POST", body, headers: { ...headers, "Accept-Language": language() }, signal: deadline() };
  try {
    return await read(await fetch(path, { ...options, credentials: "omit", cache: "no-store" }));
  } catch {
    return { ok: false, problem: null, wait: null, date: NaN };
  }
}

/** Ends what takes too long; phones from before AbortSignal.timeout are still in use. */
function deadline() {
  const ending = new AbortController();
  setTimeout(() => ending.abort(), LONGEST_MS);
  return ending.signal;
}

/** @param {Response} answer @returns {Promise<Answer>} */
async function read(answer) {
  const date = Date.parse(answer.headers.get("Date") ?? "");
  const kind = answer.headers.get("Content-Type") ?? "";
  if (answer.ok && kind.startsWith("application/json")) return { ok: true, data: await answer.json(), date };
  const wait = Number(answer.headers.get("Retry-After")) || null;
  if (!kind.startsWith("application/problem+json")) return { ok: false, problem: null, wait, date };
  const told = await answer.json();
  return { ok: false, problem: { errors: [], ...told }, wait: told.retry_after_s ?? wait, date };
}

/**
 * Something public, with what was kept of it where it has not changed or cannot be had.
 * @param {string} path
 * @param {{tag: string | null, data: any} | undefined} had
 * @returns {Promise<{tag: string | null, data: any} | undefined>}
 */
export async function look(path, had) {
  const headers = /** @type {Record<string, string>} */ (had?.tag ? { "If-None-Match": had.tag } : {});
  try {
    const answer = await fetch(path, { headers, credentials: "omit", signal: deadline() });
    return answer.status === 200 ? { tag: answer.headers.get("ETag"), data: await answer.json() } : had;
  } catch {
    return had;
  }
}
