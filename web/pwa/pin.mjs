/** The pin on a map of our own boundaries, loaded when it is first opened: by tap, arrow keys, buttons, or my location. */

import { announce, h } from "./dom.mjs";
import { inWords, rounded } from "./place.mjs";
import { t } from "./words.mjs";

/** @typedef {import("./contract.mjs").Schemas} Schemas */
/** @typedef {{show: (position: Schemas["PositionIn"] | null) => void}} Pin */

const STEP_PX = 24;
const CLOSE = 14;
const PIXEL_M = 78_271; // metres of a pixel of 512-pixel tiles at zoom 0 on the equator
const MOVES = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] });
const NAMES = { ArrowUp: "map_north", ArrowLeft: "map_west", ArrowRight: "map_east", ArrowDown: "map_south" };

/**
 * @param {HTMLElement} into
 * @param {Schemas["Town"][]} towns
 * @param {Schemas["PositionIn"] | null} position
 * @param {(position: Schemas["PositionIn"]) => void} moved
 * @returns {Promise<Pin>}
 */
export async function openPin(into, towns, position, moved) {
  const { map: script, mapSheet } = document.body.dataset;
  document.head.append(h("link", { rel: "stylesheet", href: mapSheet }));
  const field = h("div", { class: "pin-map", tabindex: "0", role: "application", "aria-label": t("map_label"), onkeydown: pressed });
  into.replaceChildren(h("p", { class: "hint" }, t("map_hint")), field, h("div", { class: "row pin-moves" },
    Object.entries(NAMES).map(([key, name]) => h("button", { type: "button", class: "quiet", onclick: () => step(key) }, t(name)))));
  const { Map: Drawn, Marker, NavigationControl, ScaleControl } = await import(/** @type {string} */ (script));
  const map = new Drawn({
    container: field, style: style(towns), bounds: bounds(towns), fitBoundsOptions: { padding: 16 }, keyboard: false,
    attributionControl: { compact: false, customAttribution: t("map_note") }, localIdeographFontFamily: "sans-serif", dragRotate: false, pitchWithRotate: false,
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.addControl(new ScaleControl());
  const marker = new Marker({ color: "#b3261e" });
  map.on("click", tapped);
  map.on("idle", () => (field.dataset.map = "ready"));
  show(position);

  /** The first tap on the whole district comes nearer, for a second one that says it well. @param {any} event */
  function tapped({ lngLat }) {
    move(lngLat);
    if (map.getZoom() < CLOSE) map.jumpTo({ center: lngLat, zoom: CLOSE });
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (!MOVES[event.key]) return;
    event.preventDefault();
    step(event.key);
  }

  /** @param {string} key */
  function step(key) {
    const from = map.project(marker.getLngLat() ?? map.getCenter());
    move(map.unproject([from.x + MOVES[key][0] * STEP_PX, from.y + MOVES[key][1] * STEP_PX]));
    map.panTo(marker.getLngLat(), { animate: false });
  }

  /** As near as a finger on this picture can say. @param {{lng: number, lat: number}} to */
  function move(to) {
    const metres = (PIXEL_M / 2 ** map.getZoom()) * Math.cos((to.lat * Math.PI) / 180) * STEP_PX;
    /** @type {Schemas["PositionIn"]} */
    const chosen = { lon: rounded(to.lng), lat: rounded(to.lat), crs: "wgs84", method: "pin", accuracy_m: Math.max(5, Math.round(metres)) };
    marker.setLngLat(to).addTo(map);
    announce(inWords(towns, chosen));
    moved(chosen);
  }

  /** @param {Schemas["PositionIn"] | null} at */
  function show(at) {
    if (!at) return;
    marker.setLngLat([at.lon, at.lat]).addTo(map);
    map.jumpTo({ center: [at.lon, at.lat], zoom: CLOSE });
  }

  return { show };
}

/** The smallest box around all towns. @param {Schemas["Town"][]} towns */
function bounds(towns) {
  const boxes = towns.flatMap((town) => town.bbox ?? []);
  const least = (/** @type {"west" | "south"} */ side) => Math.min(...boxes.map((box) => box[side]));
  const most = (/** @type {"east" | "north"} */ side) => Math.max(...boxes.map((box) => box[side]));
  return boxes.length ? [least("west"), least("south"), most("east"), most("north")] : undefined;
}

/** Our own boundaries and names, drawn with the fonts of the system; nothing is asked outside. @param {Schemas["Town"][]} towns */
function style(towns) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const [paper, land, line, ink] = dark ? ["#171310", "#2a241f", "#8a7c6e", "#f3ece3"] : ["#efeae3", "#ffffff", "#8d7f71", "#211c18"];
  const features = (/** @type {(town: Schemas["Town"]) => object | null} */ geometry) => ({
    type: "geojson",
    data: { type: "FeatureCollection", features: towns.flatMap((town) => {
      const drawn = geometry(town);
      return drawn ? [{ type: "Feature", properties: { name: town.name }, geometry: drawn }] : [];
    }) },
  });
  return {
    version: 8,
    sources: {
      areas: features((town) => (town.outline ? { type: "MultiPolygon", coordinates: town.outline } : null)),
      names: features(({ label_point: at }) => ({ type: "Point", coordinates: [at.lon, at.lat] })),
    },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": paper } },
      { id: "areas", type: "fill", source: "areas", paint: { "fill-color": land } },
      { id: "lines", type: "line", source: "areas", paint: { "line-color": line, "line-width": 1.5 } },
      { id: "names", type: "symbol", source: "names", layout: { "text-field": ["get", "name"], "text-size": 14, "text-font": ["sans-serif"] }, paint: { "text-color": ink, "text-halo-color": land, "text-halo-width": 1.5 } },
    ],
  };
}
