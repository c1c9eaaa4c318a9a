/** What kind of hazard: eight drawings, then the kinds of one; or a search by words or pinyin initials; or not sure. */

import { emergencyRows, said } from "./catalogue.mjs";
import { calls, drawing, fill, h } from "./dom.mjs";
import { ICONS } from "./icons.mjs";
import { t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */
/** @typedef {Schemas["Category"]} Category */
/** @typedef {import("./draft.mjs").Draft} Draft */

export const UNSURE = "unsure";
const SHOWN_AT_MOST = 8;

/** The kinds that a typed word may mean. @param {Category[]} categories @param {string} typed */
export function found(categories, typed) {
  const word = typed.trim().toLowerCase();
  if (!word) return [];
  return categories.filter((each) =>
    each.zh.includes(word) || each.en.toLowerCase().includes(word) || (each.initials ?? "").includes(word)).slice(0, SHOWN_AT_MOST);
}

/** @param {Draft} draft @param {Schemas["Config"]} config @param {() => void} changed */
export function kinds(draft, config, changed) {
  /** @type {string | null} */
  let group = config.categories.find((each) => each.code === draft.category)?.group ?? null;
  const groups = h("div", { class: "groups" });
  const list = h("div", { class: "kinds", id: "kinds" });
  const warning = h("div", { "aria-live": "polite" });
  const search = /** @type {HTMLInputElement} */ (h("input", {
    type: "search", id: "kind-search", autocomplete: "off", autocapitalize: "none", enterkeyhint: "search", oninput: searched,
  }));

  function searched() {
    group = null;
    show();
  }

  /** @param {string} code */
  function open(code) {
    group = code;
    search.value = "";
    show();
    const first = list.querySelector("input");
    first?.focus({ preventScroll: true });
    list.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} code */
  function choose(code) {
    draft.category = code;
    warn();
    changed();
  }

  function unsure() {
    group = null;
    search.value = "";
    choose(UNSURE);
    show();
  }

  /** @param {string} code @param {string} name */
  const kind = (code, name) => h("label", { class: "option" },
    h("input", { type: "radio", name: "category", value: code, checked: draft.category === code, onchange: () => choose(code) }),
    h("span", {}, name));

  function show() {
    fill(groups, [
      ...config.groups.map((each) => h("button", {
        type: "button", class: "group", "aria-expanded": String(group === each.code), "aria-controls": "kinds", onclick: () => open(each.code),
      }, drawing(ICONS[each.icon ?? "other"] ?? ICONS.other), h("span", {}, said(each)))),
      h("button", { type: "button", class: "group group-unsure", "aria-pressed": String(draft.category === UNSURE), onclick: unsure }, t("kind_unsure")),
    ]);
    const rows = group ? config.categories.filter((each) => each.group === group) : found(config.categories, search.value);
    const chosen = config.categories.find((each) => each.code === draft.category);
    if (!rows.length && chosen && !search.value) rows.push(chosen);
    fill(list, rows.map((each) => kind(each.code, said(each))));
    if (!rows.length && search.value.trim()) fill(list, [h("p", { class: "hint" }, t("kind_none"))]);
  }

  function warn() {
    const chosen = config.categories.find((each) => each.code === draft.category);
    fill(warning, chosen?.danger ? [h("div", { class: "alarm" },
      h("p", {}, h("strong", {}, said(chosen.safety_text) || t("kind_danger"))), calls(emergencyRows(config).slice(0, 3)))] : []);
  }

  show();
  warn();
  return [groups, list, warning, h("div", { class: "search" }, h("label", { for: "kind-search" }, t("kind_search")), search)];
}
