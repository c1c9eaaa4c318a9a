/** Elements without templates: every text becomes a text node, so nothing a person or a server wrote is read as markup. */

/** @typedef {Node | string | null | undefined | false | 0} Leaf */
/** @typedef {Leaf | Leaf[] | (Leaf | Leaf[])[]} Inside */

/**
 * An element with attributes and listeners. `onX` is a listener; `value` and `checked` are set as properties.
 * @param {string} tag
 * @param {Record<string, any>} [facts]
 * @param {...Inside} inside
 * @returns {HTMLElement}
 */
export function h(tag, facts = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, fact] of Object.entries(facts)) {
    if (typeof fact === "function") made.addEventListener(name.slice(2), fact);
    else if (name === "value" || name === "checked" || name === "hidden") Object.assign(made, { [name]: fact });
    else if (fact !== null && fact !== undefined && fact !== false) made.setAttribute(name, fact === true ? "" : fact);
  }
  fill(made, inside);
  return made;
}

/**
 * Put this inside the element, instead of what is there.
 * @param {Element} element
 * @param {Inside[]} inside
 */
export function fill(element, inside) {
  element.replaceChildren(.../** @type {(Node | string)[]} */ (inside.flat(9).filter((each) => each || each === "")));
}

/**
 * A drawing of strokes on a field of 24 by 24, hidden from those who listen.
 * @param {string} path
 */
export function drawing(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("drawing");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/**
 * Say something to those who listen, and show it for a moment.
 * @param {string} words
 */
export function announce(words) {
  const place = document.getElementById("status");
  if (!place) return;
  place.textContent = words;
  place.classList.add("shown");
  clearTimeout(Number(place.dataset.timer));
  place.dataset.timer = String(setTimeout(() => place.classList.remove("shown"), 4000));
}

/** Numbers to dial, as large links. @param {{number: string, label: string}[]} rows */
export function calls(rows) {
  return h("ul", { class: "calls" }, rows.map((row) =>
    h("li", {}, h("a", { href: `tel:${row.number}` }, h("b", {}, row.number), " ", h("span", {}, row.label)))));
}
