/** When the outbox is emptied: at the start, when the network or the page comes back, when a pause is over. */

import { flush, hasWaiting } from "./send.mjs";
import { nextDue, waitNoLonger } from "./queue.mjs";

const MOST_MS = 60_000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Try now, and come back when the next pause is over. */
export async function empty() {
  clearTimeout(timer);
  await flush();
  const at = await nextDue();
  if (at !== null) timer = setTimeout(empty, Math.min(MOST_MS, Math.max(1000, at - Date.now())));
}

/** The person or the network has come: what waits for no word of the server goes at once. */
export async function emptyNow() {
  await waitNoLonger();
  await empty();
  if (await hasWaiting()) await askToBeWoken();
}

/** Empty it from now on by itself. */
export function keepEmptying() {
  addEventListener("online", emptyNow);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && emptyNow());
  return emptyNow();
}

/** Where the browser can, it empties the outbox after the page is closed. */
async function askToBeWoken() {
  try {
    const worker = /** @type {any} */ (await navigator.serviceWorker?.getRegistration("/app/"));
    await worker?.sync?.register("outbox");
  } catch {
    // not allowed here: the page does it alone
  }
}
