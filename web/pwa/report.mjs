/** The report on one page: danger, photos, place, kind, words; and one button, always there, that says what is missing. */

import { camera } from "./camera.mjs";
import { consent, accept, isAccepted } from "./consent.mjs";
import { danger } from "./danger.mjs";
import { announce, fill, h } from "./dom.mjs";
import { asReport, draft as theDraft, keepDraft, missing, noteSource, startAgain } from "./draft.mjs";
import { emptyNow } from "./emptying.mjs";
import { kinds } from "./kinds.mjs";
import { near } from "./near.mjs";
import { contact, note } from "./note.mjs";
import { place } from "./place.mjs";
import { takeReport } from "./queue.mjs";
import { said } from "./catalogue.mjs";
import { t } from "./words.mjs";

/** @typedef {import("./catalogue.mjs").Catalogue} Catalogue */

const PHONE = /^\+?[0-9][0-9 ()-]{5,19}$/;

/** @param {Catalogue} known @returns {Promise<HTMLElement[]>} */
export async function reportPage({ config, towns }) {
  let draft = await theDraft();
  if (noteSource(draft)) await keepDraft(draft);
  const before = await isAccepted(config.notice);
  let accepted = before;
  const bar = h("p", { id: "missing", class: "missing" });
  const seen = h("div", { "aria-live": "polite" });
  const words = note(draft, config, changed);
  const photos = camera(draft, config.limits, changed);
  let compared = "";

  function changed() {
    keepDraft(draft).catch(() => announce(t("full_device")));
    tellMissing();
    compare();
  }

  function compare() {
    const { position, category } = draft;
    const matter = `${position?.lon} ${position?.lat} ${category}`;
    if (matter === compared) return;
    compared = matter;
    words.suit();
    near(draft, config, seen, words.add);
  }

  function tellMissing() {
    const left = missing(draft, accepted);
    bar.classList.toggle("ready", !left.length);
    bar.textContent = left.length ? t("missing", left.map((each) => t(`missing_${each}`)).join(t("listed"))) : t("missing_nothing");
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    await photos.idle();
    const [first] = missing(draft, accepted);
    if (first) return pointTo(first);
    if (draft.contact.phone.trim() && !PHONE.test(draft.contact.phone.trim())) return pointTo("contact");
    form.inert = true;
    try {
      await accept(config.notice);
      await keepDraft(draft);
      await takeReport(await asReport(draft, config.notice.version));
      navigator.storage?.persist?.();
      location.hash = `#/r/${draft.id}`;
      emptyNow();
    } catch {
      form.inert = false;
      announce(t("full_device"));
    }
  }

  /** @param {string} name */
  function pointTo(name) {
    const block = document.getElementById(`block-${name}`);
    block?.closest("details")?.setAttribute("open", "");
    block?.scrollIntoView({ block: "start" });
    block?.querySelector("h2")?.focus({ preventScroll: true });
    announce(name === "contact" ? t("contact_wrong") : t("missing", t(`missing_${name}`)));
  }

  async function clear() {
    if (!confirm(t("clear_sure"))) return;
    draft = await startAgain(draft);
    dispatchEvent(new HashChangeEvent("hashchange"));
  }

  const form = h("form", { class: "report", novalidate: true, onsubmit: submit },
    block("danger", t("danger_title"), ...danger(draft, config, changed)),
    block("photo", t("photo_title"), h("p", { class: "hint" }, said(config.photo_guidance)), ...photos.inside),
    block("place", t("place_title"), ...place(draft, towns, changed)),
    block("kind", t("kind_title"), ...kinds(draft, config, changed), seen),
    block("note", t("note_title"), ...words.inside),
    h("section", { class: "block", id: "block-contact" }, contact(draft, changed)),
    block("consent", t("consent_title"), ...consent(config.notice, before, (yes) => { accepted = yes; tellMissing(); })),
    h("p", {}, h("button", { type: "button", class: "plain", onclick: clear }, t("clear"))),
    h("div", { class: "bar" }, h("div", { class: "wide column bar-row" }, bar,
      h("button", { type: "submit", class: "main", "aria-describedby": "missing" }, t("submit")))));
  tellMissing();
  compare();
  const banner = config.banner && h("p", { class: "note", role: "note" }, said(config.banner.text));
  return [
    h("h1", { tabindex: "-1" }, t("report_title")),
    h("p", { class: "lead" }, t("report_lead")),
    ...(banner ? [banner] : []),
    form,
  ];
}

/** @param {string} name @param {string} title @param {...import("./dom.mjs").Inside} inside */
function block(name, title, ...inside) {
  const section = h("section", { class: "block", id: `block-${name}`, "aria-labelledby": `title-${name}` });
  fill(section, [h("h2", { id: `title-${name}`, tabindex: "-1" }, title), ...inside]);
  return section;
}
