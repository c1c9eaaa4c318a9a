/** The first question: is it happening now? Whoever is in danger is shown whom to call before anything else (R2). */

import { emergencyRows, said } from "./catalogue.mjs";
import { calls, fill, h } from "./dom.mjs";
import { t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */
/** @typedef {import("./draft.mjs").Draft} Draft */

const ANSWERS = /** @type {const} */ (["none", "happening", "trapped"]);

/** @param {Draft} draft @param {Schemas["Config"]} config @param {() => void} changed */
export function danger(draft, config, changed) {
  const warning = h("div", { "aria-live": "assertive" });

  function show() {
    const urgent = draft.emergency !== null && draft.emergency !== "none";
    fill(warning, urgent ? [h("div", { class: "alarm" },
      h("p", {}, h("strong", {}, said(config.emergency_text))),
      calls(emergencyRows(config)),
      h("label", { class: "choice" },
        h("input", { type: "checkbox", checked: draft.deaths, onchange: deathsChanged }), t("danger_deaths")),
    )] : []);
  }

  /** @param {Event} event */
  function deathsChanged(event) {
    draft.deaths = /** @type {HTMLInputElement} */ (event.target).checked;
    changed();
  }

  /** @param {typeof ANSWERS[number]} answer */
  const choice = (answer) => h("label", { class: `option option-${answer}` },
    h("input", {
      type: "radio", name: "emergency", value: answer, checked: draft.emergency === answer,
      onchange: () => { draft.emergency = answer; show(); changed(); },
    }), h("span", {}, t(`danger_${answer}`)));

  show();
  return [h("div", { class: "options" }, ANSWERS.map(choice)), warning];
}
