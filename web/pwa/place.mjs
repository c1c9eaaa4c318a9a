/** Where it is: found by the phone, in words with how sure that is; corrected on the map or in words. */

import { announce, drawing, fill, h } from "./dom.mjs";
import { GOOD_ENOUGH_M } from "./draft.mjs";
import { ICONS } from "./icons.mjs";
import { language, t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */
/** @typedef {import("./draft.mjs").Draft} Draft */

const PATIENCE_MS = 20_000;

/**
 * The town that a point most likely lies in; the server knows for sure.
 * @param {Schemas["Town"][]} towns
 * @param {{lon: number, lat: number}} at
 */
export function townNear(towns, at) {
  const inside = towns.filter(({ bbox, kind }) => kind !== "zone" && bbox
    && bbox.west <= at.lon && at.lon <= bbox.east && bbox.south <= at.lat && at.lat <= bbox.north);
  const off = (/** @type {Schemas["Town"]} */ { label_point: to }) => ((to.lon - at.lon) * Math.cos((at.lat * Math.PI) / 180)) ** 2 + (to.lat - at.lat) ** 2;
  return inside.sort((one, other) => off(one) - off(other))[0] ?? null;
}

/** A point in words. @param {Schemas["Town"][]} towns @param {Schemas["PositionIn"]} position */
export function inWords(towns, position) {
  const town = townNear(towns, position);
  const name = town ? t("place_near", town.name) : t("place_point", position.lon.toFixed(5), position.lat.toFixed(5));
  if (position.method === "pin") return t("place_pinned", name);
  return t("place_within", name, new Intl.NumberFormat(language()).format(Math.round(position.accuracy_m)));
}

/** @param {Draft} draft @param {Schemas["Town"][]} towns @param {() => void} changed */
export function place(draft, towns, changed) {
  const where = h("p", { class: "where", "aria-live": "polite" });
  const pinned = h("div", { class: "pin", hidden: true });
  const find = h("button", { type: "button", class: "quiet", onclick: () => locate(false) }, t("place_find"));
  const map = h("button", { type: "button", class: "quiet", "aria-expanded": "false", onclick: openMap }, t("place_map"));
  const address = h("input", {
    type: "text", id: "address", maxlength: 200, autocomplete: "off", value: draft.address, oninput: typed, "aria-describedby": "address-hint",
  });
  /** @type {import("./pin.mjs").Pin | null} */
  let pin = null;

  /** @param {Event} event */
  function typed(event) {
    draft.address = /** @type {HTMLInputElement} */ (event.target).value;
    changed();
  }

  /** @param {string} words @param {boolean} [weak] */
  function tell(words, weak = false) {
    where.classList.toggle("weak", weak);
    fill(where, [drawing(ICONS.place), h("span", {}, words)]);
  }

  function show() {
    if (!draft.position) return tell(t("place_unknown"), true);
    const vague = draft.position.accuracy_m > GOOD_ENOUGH_M;
    tell(inWords(towns, draft.position) + (vague ? t("place_vague") : ""), vague);
  }

  /** @param {Schemas["PositionIn"]} position */
  function moved(position) {
    draft.position = position;
    show();
    changed();
  }

  /** @param {boolean} quietly */
  function locate(quietly) {
    if (!navigator.geolocation) return quietly || tell(t("place_cannot"), true);
    tell(t("place_looking"));
    navigator.geolocation.getCurrentPosition(({ coords, timestamp }) => {
      if (quietly && draft.position?.method === "pin") return show();
      moved({
        lon: rounded(coords.longitude), lat: rounded(coords.latitude), crs: "wgs84", method: "gps",
        accuracy_m: Math.min(50_000, Math.round(coords.accuracy)), captured_at: new Date(timestamp).toISOString(),
      });
      pin?.show(draft.position);
    }, () => (draft.position ? show() : tell(t("place_cannot"), true)), { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 30_000 });
  }

  async function openMap() {
    const open = pinned.hidden;
    pinned.hidden = !open;
    map.setAttribute("aria-expanded", String(open));
    if (!open || pin) return;
    try {
      const { openPin } = await import("./pin.mjs");
      pin = await openPin(pinned, towns, draft.position, moved);
    } catch {
      fill(pinned, [h("p", { class: "hint" }, t("map_cannot"))]);
      announce(t("map_cannot"));
    }
  }

  show();
  begin(draft, locate);
  return [where, h("div", { class: "row" }, find, map), pinned,
    h("label", { for: "address" }, t("place_words")), h("p", { class: "hint", id: "address-hint" }, t("place_words_hint")), address];
}

/** Where the person has allowed it before, the place is sought at once. @param {Draft} draft @param {(quietly: boolean) => void} locate */
async function begin(draft, locate) {
  if (draft.position) return;
  try {
    const { state } = await navigator.permissions.query({ name: "geolocation" });
    if (state === "granted") locate(true);
  } catch {
    // cannot be asked here: the person presses the button
  }
}

/** To a tenth of a metre. @param {number} degrees */
export const rounded = (degrees) => Math.round(degrees * 1e6) / 1e6;
