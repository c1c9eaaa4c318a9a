/** Names that this device makes: ids that make a second try the same report, and its mark behind a shared address. */

import { keep, kept } from "./store.mjs";

/** A UUID of version 4. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** This device's random mark, made at its first start. @returns {Promise<string>} */
export async function deviceMark() {
  const had = await kept("device");
  if (had) return had;
  const made = hex(crypto.getRandomValues(new Uint8Array(12)));
  await keep("device", made);
  return made;
}

/** @param {ArrayBuffer | Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(new Uint8Array(bytes), (each) => each.toString(16).padStart(2, "0")).join("");
}

/** @param {string} text */
export function unhex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** SHA-256 in hexadecimal. @param {ArrayBuffer} bytes */
export async function sha256(bytes) {
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}
