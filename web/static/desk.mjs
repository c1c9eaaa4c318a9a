/** What scripts add to the console: keys, and that nothing fails in silence or loses its place. */

import "./keys.mjs";

/** What could not be had as a part of a page is opened as a whole one, where the browser or the server says why. */
for (const failed of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failed, (event) => {
    const { requestConfig, pathInfo } = /** @type {CustomEvent} */ (event).detail;
    if (requestConfig.verb === "get") location.assign(pathInfo.finalRequestPath ?? location.href);
  });
}

/** Whoever followed a link that is no longer there goes on from the beginning of what has come. */
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement === document.body) document.getElementById("main")?.focus({ preventScroll: true });
});
