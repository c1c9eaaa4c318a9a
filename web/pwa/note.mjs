/** Words to add, by typing or by tapping what others often say; and, for who wants it, how to be reached. */

import { fill, h } from "./dom.mjs";
import { phrases, t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */
/** @typedef {import("./draft.mjs").Draft} Draft */

/** @param {Draft} draft @param {Schemas["Config"]} config @param {() => void} changed */
export function note(draft, config, changed) {
  const text = /** @type {HTMLTextAreaElement} */ (h("textarea", {
    id: "note-text", rows: 3, maxlength: config.limits.text_chars, value: draft.text, oninput: written, "aria-describedby": "note-hint",
  }));
  const taps = h("div", { class: "taps" });

  function written() {
    draft.text = text.value;
    changed();
  }

  /** @param {string} words */
  function add(words) {
    if (!text.value.includes(words)) text.value = text.value ? `${text.value.replace(/[，,。. ]+$/, "")}${t("comma")}${words}` : words;
    written();
  }

  /** The phrases that fit what was chosen. */
  function suit() {
    const group = config.categories.find((each) => each.code === draft.category)?.group ?? "other";
    fill(taps, phrases(group).map((words) => h("button", { type: "button", class: "tap", onclick: () => add(words) }, words)));
  }

  suit();
  const label = h("label", { for: "note-text", class: "unseen" }, t("note_title"));
  return { inside: [label, h("p", { class: "hint", id: "note-hint" }, t("note_hint")), taps, text], suit, add };
}

/** @param {Draft} draft @param {() => void} changed */
export function contact(draft, changed) {
  /** @param {"name" | "phone"} name @param {string} type */
  const field = (name, type) => [
    h("label", { for: `contact-${name}` }, t(`contact_${name}`)),
    h("input", {
      id: `contact-${name}`, type, autocomplete: name === "name" ? "name" : "tel", maxlength: name === "name" ? 50 : 20, value: draft.contact[name],
      oninput: (/** @type {Event} */ event) => { draft.contact[name] = /** @type {HTMLInputElement} */ (event.target).value; changed(); },
    }),
  ];
  return h("details", { class: "more-acts" }, h("summary", {}, t("contact_title")),
    h("p", { class: "hint" }, t("contact_hint")), field("phone", "tel"), field("name", "text"),
    h("label", { class: "choice" }, h("input", {
      type: "checkbox", checked: draft.contact.real_name,
      onchange: (/** @type {Event} */ event) => { draft.contact.real_name = /** @type {HTMLInputElement} */ (event.target).checked; changed(); },
    }), t("contact_real")));
}
