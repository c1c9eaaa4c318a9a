/** What the app says, in the person's language: 简体中文 or English. */

import { EN, EN_PHRASES } from "./words.en.mjs";
import { ZH, ZH_PHRASES } from "./words.zh.mjs";

const CHOSEN = typeof localStorage === "undefined" ? null : localStorage.getItem("language");
/** @type {"zh-CN" | "en"} */
let now = CHOSEN === "en" || CHOSEN === "zh-CN" ? CHOSEN : /^zh/i.test(navigator.language) ? "zh-CN" : "en";

/** The language now. */
export function language() {
  return now;
}

/** @param {"zh-CN" | "en"} chosen */
export function setLanguage(chosen) {
  now = chosen;
  localStorage.setItem("language", chosen);
}

/** The words of this name, with these facts in their places. @param {string} name @param {...(string | number)} facts */
export function t(name, ...facts) {
  const words = (now === "en" ? EN : ZH)[name];
  if (words === undefined) throw new Error(`no words for ${name}`);
  return words.replace(/\{(\d)\}/g, (_, place) => String(facts[Number(place)] ?? ""));
}

/** What people often say of hazards of this group. @param {string} group */
export function phrases(group) {
  const all = now === "en" ? EN_PHRASES : ZH_PHRASES;
  return all[group] ?? all.other;
}
