/** Days and moments as people write them, in the district's time. */

import { language } from "./words.mjs";

const ZONE = "Asia/Shanghai";

/** @param {string | number} at */
export function moment(at) {
  return new Intl.DateTimeFormat(language(), { timeZone: ZONE, dateStyle: "long", timeStyle: "short", hourCycle: "h23" }).format(new Date(at));
}

/** A day as the contract tells it, `2026-11-24`. @param {string} day */
export function dayOf(day) {
  return new Intl.DateTimeFormat(language(), { timeZone: "UTC", dateStyle: "long" }).format(new Date(`${day}T00:00:00Z`));
}
