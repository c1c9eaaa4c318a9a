/** The report that is being made: kept on the device at every change, so that a reload or a dead battery loses nothing. */

import { CLIENT } from "./contract.mjs";
import { deviceMark, newId } from "./ids.mjs";
import { all, asked, kept, together } from "./store.mjs";
import { language } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */
/**
 * @typedef {object} Draft
 * @property {string} id
 * @property {"none" | "happening" | "trapped" | null} emergency
 * @property {boolean} deaths
 * @property {Schemas["PhotoIn"][]} photos
 * @property {Schemas["PositionIn"] | null} position
 * @property {string} address
 * @property {string | null} category
 * @property {string} text
 * @property {{name: string, phone: string, real_name: boolean}} contact
 * @property {string | null} source
 * @property {string} startedAt
 */

/** How well a place must be known to need no words. */
export const GOOD_ENOUGH_M = 100;
const LEAST_TEXT = 10;
const SOURCE = /^[A-Za-z0-9:._-]{1,64}$/;

/** @returns {Draft} */
function blank() {
  return {
    id: newId(), emergency: null, deaths: false, photos: [], position: null, address: "", category: null, text: "",
    contact: { name: "", phone: "", real_name: false }, source: null, startedAt: new Date().toISOString(),
  };
}

/** The draft of this device, or a new one. @returns {Promise<Draft>} */
export async function draft() {
  return (await kept("draft")) ?? blank();
}

/** @param {Draft} now */
export function keepDraft(now) {
  return write(now, () => {});
}

/** The photo and the draft that names it, together. @param {Draft} now @param {{id: string, data: ArrayBuffer, type: string}} photo */
export function keepWithPhoto(now, photo) {
  return write(now, (photos) => void photos.put(photo));
}

/** @param {Draft} now @param {string} photo */
export function keepWithoutPhoto(now, photo) {
  return write(now, (photos) => void photos.delete(photo));
}

/** What another page has sent meanwhile is no draft any more. @param {Draft} now @param {(photos: IDBObjectStore) => void} also */
function write(now, also) {
  const value = { ...now };
  return together(["kept", "photos", "outbox", "mine"], async (shelf) => {
    const [waits, there] = await Promise.all([asked(shelf("outbox").get(value.id)), asked(shelf("mine").get(value.id))]);
    if (waits || there) throw new Error("sent already");
    also(shelf("photos"));
    shelf("kept").put({ name: "draft", value });
  });
}

/** Start again, without the photos of this one. @param {Draft} old */
export async function startAgain(old) {
  await together(["kept", "photos"], (shelf) => {
    for (const photo of old.photos) shelf("photos").delete(photo.id);
    shelf("kept").delete("draft");
  });
  return blank();
}

/** Photos that neither a draft nor the outbox names any more (the page was closed between two steps). */
export async function sweep() {
  const [photos, rows, now] = await Promise.all([all("photos"), all("outbox"), kept("draft")]);
  const named = new Set([...rows.map((row) => row.id), ...(now?.photos ?? []).map((/** @type {{id: string}} */ each) => each.id)]);
  await together(["photos"], (shelf) => photos.forEach((photo) => named.has(photo.id) || void shelf("photos").delete(photo.id)));
}

/** A refused report becomes the draft again, under a new id, with the photos it had. @param {string} report */
export function reopen(report) {
  return together(["outbox", "kept"], async (shelf) => {
    /** @type {import("./queue.mjs").Item[]} */
    const rows = await asked(shelf("outbox").getAll());
    const body = /** @type {Schemas["ReportIn"]} */ (rows.find((row) => row.id === report)?.body);
    for (const row of rows) if (row.report === report) shelf("outbox").delete(row.id);
    const value = {
      ...blank(), photos: body.photos ?? [], position: body.position ?? null, address: body.address ?? "", text: body.text ?? "",
      emergency: body.emergency.answer, deaths: body.emergency.deaths ?? false, category: body.category, source: body.source ?? null,
      startedAt: body.observed_at,
    };
    shelf("kept").put({ name: "draft", value });
  });
}

/** What brought the person here, out of the address; the address forgets it. @param {Draft} now */
export function noteSource(now) {
  const source = new URLSearchParams(location.search).get("source");
  if (location.search) history.replaceState(null, "", location.pathname + location.hash);
  if (!source || !SOURCE.test(source)) return false;
  now.source = source;
  return true;
}

/** What is still missing, in the order of the page. @param {Draft} now @param {boolean} accepted */
export function missing(now, accepted) {
  /** @type {("danger" | "photo" | "place" | "kind" | "consent")[]} */
  const found = [];
  if (now.emergency === null) found.push("danger");
  if (!now.photos.length && now.text.trim().length < LEAST_TEXT) found.push("photo");
  if (!isPlaced(now)) found.push("place");
  if (!now.category) found.push("kind");
  if (!accepted) found.push("consent");
  return found;
}

/** A point that is known well enough, or words that lead there. @param {Draft} now */
export function isPlaced(now) {
  return now.address.trim().length >= 2 || (now.position !== null && now.position.accuracy_m <= GOOD_ENOUGH_M);
}

/** The draft as the contract has it. @param {Draft} now @param {string} notice @returns {Promise<Schemas["ReportIn"]>} */
export async function asReport(now, notice) {
  const { name, phone, real_name } = now.contact;
  const contact = { ...(name.trim() && { name: name.trim() }), ...(phone.trim() && { phone: phone.trim() }) };
  const full = Boolean(contact.name && contact.phone);
  return {
    id: now.id, category: now.category ?? "unsure", text: now.text.trim(), observed_at: now.startedAt, photos: now.photos,
    ...(now.position && { position: now.position }),
    ...(now.address.trim().length >= 2 && { address: now.address.trim() }),
    emergency: { answer: now.emergency ?? "none", deaths: now.deaths && now.emergency !== "none" },
    ...(Object.keys(contact).length && { contact: { ...contact, real_name: real_name && full } }),
    notice_version: notice, client: CLIENT, locale: language(), device: await deviceMark(),
    ...(now.source && { source: now.source }),
  };
}
