/** The photos: taken or chosen, made small before they are hashed and kept. */

import { announce, drawing, fill, h } from "./dom.mjs";
import { keepWithPhoto, keepWithoutPhoto } from "./draft.mjs";
import { ICONS } from "./icons.mjs";
import { newId, sha256 } from "./ids.mjs";
import { get } from "./store.mjs";
import { t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */
/** @typedef {import("./draft.mjs").Draft} Draft */

const WANTED_BYTES = 500_000;
const QUALITIES = [0.75, 0.6, 0.45];
const YEAR_MS = 365 * 86_400_000;

/**
 * The block's content, and `idle`: when no photo is being worked on any more.
 * @param {Draft} draft
 * @param {Schemas["Config"]["limits"]} limits
 * @param {() => void} changed
 */
export function camera(draft, limits, changed) {
  const shots = h("ul", { class: "shots" });
  const more = h("div", { class: "shutters" });
  const fault = h("p", { class: "fault", role: "alert", hidden: true });
  let working = Promise.resolve();

  /** @param {Event} event @param {"camera" | "album"} capture */
  function chosen(event, capture) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const files = [...(input.files ?? [])].slice(0, limits.photos - draft.photos.length);
    input.value = "";
    fault.hidden = true;
    working = working.then(async () => {
      for (const file of files) await add(file, capture);
      show();
    });
  }

  /** @param {File} file @param {"camera" | "album"} capture */
  async function add(file, capture) {
    announce(t("photo_working"));
    try {
      const { photo, kept } = await shrunk(file, capture, limits.shrink_to_px);
      await keepWithPhoto({ ...draft, photos: [...draft.photos, photo] }, kept);
      draft.photos = [...draft.photos, photo];
      announce(t("photo_added", draft.photos.length));
      changed();
    } catch {
      fault.textContent = t("photo_broken", file.name);
      fault.hidden = false;
    }
  }

  /** @param {string} id */
  async function take(id) {
    draft.photos = draft.photos.filter((each) => each.id !== id);
    await keepWithoutPhoto(draft, id);
    announce(t("photo_removed"));
    show();
    more.querySelector("input")?.focus();
    changed();
  }

  function show() {
    const first = draft.photos.length === 0;
    fill(shots, draft.photos.map((photo, index) => shot(photo, index, () => take(photo.id))));
    shots.hidden = first;
    fill(more, draft.photos.length >= limits.photos ? [h("p", { class: "hint" }, t("photo_full"))] : [
      shutter(first ? "shutter shutter-first" : "shutter", t(first ? "photo_take" : "photo_more"), { capture: "environment" }, (event) => chosen(event, "camera")),
      shutter("album", t("photo_album"), { multiple: true }, (event) => chosen(event, "album")),
    ]);
  }

  show();
  return { inside: [more, shots, fault], idle: () => working };
}

/** @param {string} kind @param {string} label @param {Record<string, any>} facts @param {(event: Event) => void} chosen */
function shutter(kind, label, facts, chosen) {
  const input = h("input", { type: "file", accept: "image/jpeg,image/png,image/webp", class: "unseen", ...facts, onchange: chosen });
  return h("label", { class: kind }, input, kind === "album" ? null : drawing(ICONS.camera), h("span", {}, label));
}

/** @param {Schemas["PhotoIn"]} photo @param {number} index @param {() => void} gone */
function shot(photo, index, gone) {
  const picture = /** @type {HTMLImageElement} */ (h("img", { alt: t("photo_alt", index + 1), width: 96, height: 96 }));
  get("photos", photo.id).then((kept) => {
    if (!kept) return;
    picture.src = URL.createObjectURL(new Blob([kept.data], { type: kept.type }));
    picture.onload = () => URL.revokeObjectURL(picture.src);
  });
  return h("li", {}, picture, h("button", { type: "button", class: "remove", onclick: gone, "aria-label": t("photo_remove", index + 1) }, "×"));
}

/**
 * The photo as it is sent: upright, no side longer than asked, JPEG without what the camera wrote into it.
 * @param {File} file
 * @param {"camera" | "album"} capture
 * @param {number} longest
 */
export async function shrunk(file, capture, longest) {
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, longest / Math.max(whole.width, whole.height));
  const [width, height] = [Math.round(whole.width * scale), Math.round(whole.height * scale)];
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas"));
  Object.assign(canvas, { width, height });
  canvas.getContext("2d")?.drawImage(whole, 0, 0, width, height);
  whole.close();
  const data = await (await smallest(canvas)).arrayBuffer();
  const id = newId();
  const taken = capture === "camera" ? Date.now() : file.lastModified;
  const known = taken > Date.now() - YEAR_MS && taken <= Date.now();
  /** @type {Schemas["PhotoIn"]} */
  const photo = {
    id, sha256: await sha256(data), bytes: data.byteLength, width, height, capture,
    ...(known && { taken_at: new Date(taken).toISOString() }),
  };
  return { photo, kept: { id, data, type: "image/jpeg" } };
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
async function smallest(canvas) {
  /** @type {Blob | null} */
  let made = null;
  for (const quality of QUALITIES) {
    made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (made && made.size <= WANTED_BYTES) break;
  }
  if (!made) throw new Error("no picture");
  return made;
}
