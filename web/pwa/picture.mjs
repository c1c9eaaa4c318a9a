/** The receipt as a picture to keep in the album: number, code and QR, and never the second secret. */

import { drawQr, modules, trackingLink } from "./qr.mjs";
import { t } from "./words.mjs";

const [WIDTH, HEIGHT] = [720, 1080];
const FONT = 'system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif';

/** Save it under the reference's name. @param {import("./contract.mjs").Schemas["Receipt"]} receipt */
export async function savePicture(receipt) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const on = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  on.fillStyle = "#ffffff";
  on.fillRect(0, 0, WIDTH, HEIGHT);
  on.fillStyle = "#b3261e";
  on.fillRect(0, 0, WIDTH, 120);
  /** @param {string} text @param {number} y @param {string} font @param {string} [ink] */
  const line = (text, y, font, ink = "#211c18") => {
    on.fillStyle = ink;
    on.font = `${font} ${FONT}`;
    on.fillText(text, 60, y, WIDTH - 120);
  };
  line(t("picture_title"), 78, "bold 44px", "#ffffff");
  line(t("receipt_reference"), 190, "28px", "#5d544c");
  line(receipt.reference, 250, "bold 52px");
  line(t("receipt_code"), 330, "28px", "#5d544c");
  line(receipt.tracking_code, 388, "bold 46px");
  drawQr(on, await modules(trackingLink(receipt.tracking_code)), { x: 160, y: 430, side: 400 });
  line(t("picture_how"), 890, "28px", "#5d544c");
  line(t("picture_lost"), 940, "28px", "#97221b");
  line(location.host, 1010, "28px", "#5d544c");
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(/** @type {Blob} */ (blob));
  link.download = `${receipt.reference}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
