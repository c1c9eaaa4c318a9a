/** The tracking link as a picture that a phone reads. The code stands behind #, which no browser ever sends. */

/** @typedef {{getModuleCount: () => number, isDark: (row: number, column: number) => boolean}} Modules */

/** The link that opens the progress of a report in this app. @param {string} code */
export function trackingLink(code) {
  return `${location.origin}/app/#c=${code}`;
}

/** @param {string} text @returns {Promise<Modules>} */
export async function modules(text) {
  const { qrcode } = await import(/** @type {string} */ (document.body.dataset.qr));
  const made = qrcode(0, "M");
  made.addData(text);
  made.make();
  return made;
}

/**
 * Draw it with the quiet edge that readers need.
 * @param {CanvasRenderingContext2D} on
 * @param {Modules} made
 * @param {{x: number, y: number, side: number}} at
 */
export function drawQr(on, made, { x, y, side }) {
  const count = made.getModuleCount();
  const step = Math.floor(side / (count + 8));
  const edge = Math.floor((side - step * count) / 2);
  on.fillStyle = "#ffffff";
  on.fillRect(x, y, side, side);
  on.fillStyle = "#000000";
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (made.isDark(row, column)) on.fillRect(x + edge + column * step, y + edge + row * step, step, step);
    }
  }
}
