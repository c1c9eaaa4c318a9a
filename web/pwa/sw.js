/* The shell without a network, kept under the hash of its content; and the outbox, where the browser wakes us for it.
   The server writes SHELL above this line, and the shell's version into the import. */

import { flush, hasWaiting } from "./send.mjs";

/* global SHELL */
const CACHE = `shell-${SHELL.version}`;
const FILES = new Set(SHELL.files);

self.addEventListener("install", (event) => {
  const fetched = SHELL.files.map((path) => new Request(path, { cache: "no-cache", credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fetched)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("shell-") && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === "/app/") event.respondWith(fromShell("/app/", request));
  else if (FILES.has(pathname)) event.respondWith(fromShell(pathname, request));
  else if (pathname.startsWith("/static/")) event.respondWith(andKept(request));
});

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(flush().then(hasWaiting).then((left) => left && Promise.reject(new Error("later"))));
});

async function fromShell(path, request) {
  return (await (await caches.open(CACHE)).match(path)) ?? fetch(request);
}

/* The map and the maker of QR codes are fetched when they are first needed, and then kept with the shell. */
async function andKept(request) {
  const cache = await caches.open(CACHE);
  const had = await cache.match(request);
  if (had) return had;
  const answer = await fetch(request);
  if (answer.ok && answer.headers.get("Cache-Control")?.includes("immutable")) await cache.put(request, answer.clone());
  return answer;
}
