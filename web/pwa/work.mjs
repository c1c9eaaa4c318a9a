/** The work that a receipt may ask for (ALTCHA, PBKDF2): the counter whose key begins as wanted. */

import { hex, unhex } from "./ids.mjs";

/** @typedef {import("./contract.mjs").Schemas["WorkWanted"]} WorkWanted */

/**
 * What `prove_work` takes: base64 of the challenge and its solution. Null for work that cannot be done, or is too late.
 * @param {WorkWanted} wanted
 */
export async function solve(wanted) {
  const { algorithm, nonce, salt, cost, keyLength, keyPrefix, expiresAt } = wanted.parameters;
  if (algorithm !== "PBKDF2/SHA-256") return null;
  const password = new Uint8Array(nonce.length / 2 + 4);
  password.set(unhex(nonce));
  const counted = new DataView(password.buffer, nonce.length / 2);
  const rule = { name: "PBKDF2", hash: "SHA-256", salt: unhex(salt), iterations: cost };
  for (let counter = 0; Date.now() / 1000 < expiresAt; counter += 1) {
    counted.setUint32(0, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(await crypto.subtle.deriveBits(rule, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) return btoa(JSON.stringify({ challenge: wanted, solution: { counter, derivedKey } }));
  }
  return null;
}
