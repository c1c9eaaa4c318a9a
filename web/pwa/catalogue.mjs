/** What this district offers: kinds, limits, notice, numbers and towns. The last that was heard serves without a network. */

import { look } from "./contract.mjs";
import { keep, kept } from "./store.mjs";
import { language } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */
/** @typedef {{config: Schemas["Config"], towns: Schemas["Town"][]}} Catalogue */

/**
 * The catalogue, from this device at once when it is there; the news is fetched beside it for the next time.
 * @returns {Promise<Catalogue | null>}
 */
export async function catalogue() {
  const [config, towns] = await Promise.all([one("config", "/m/v1/config"), one("towns", "/m/v1/towns")]);
  return config ? { config, towns: towns?.items ?? [] } : null;
}

/** @param {string} name @param {string} path */
async function one(name, path) {
  const had = await kept(name);
  const news = look(path, had).then(async (got) => {
    if (got && got !== had) await keep(name, got);
    return got;
  });
  return (had ?? (await news))?.data ?? null;
}

/** A text in the person's language. @param {{zh: string, en: string} | null | undefined} both */
export function said(both) {
  return both ? (language() === "en" ? both.en : both.zh) : "";
}

/** What a category is called. @param {Schemas["Config"]} config @param {string} code */
export function categoryName(config, code) {
  return said(config.categories.find((each) => each.code === code)) || code;
}

/** @param {Schemas["Config"]} config */
export function emergencyRows(config) {
  return config.emergency_numbers.map((row) => ({ number: row.number, label: said(row) }));
}
