/** What this device holds, in IndexedDB: a transaction is kept whole or not at all, and outlives a closed page. */

/** @typedef {"kept" | "outbox" | "photos" | "mine"} Shelf */

const KEYS = { kept: "name", outbox: "id", photos: "id", mine: "id" };
const PUBLIC = ["config", "towns"];
/** @type {Promise<IDBDatabase> | undefined} */
let opening;

/** @returns {Promise<IDBDatabase>} */
function opened() {
  opening ??= new Promise((done, failed) => {
    const request = indexedDB.open("jingzhong", 1);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(KEYS)) request.result.createObjectStore(name, { keyPath });
    };
    request.onerror = () => failed(request.error);
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      request.result.onclose = () => (opening = undefined);
      done(request.result);
    };
  });
  opening.catch(() => (opening = undefined));
  return opening;
}

/**
 * The answer to one request of a transaction.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function asked(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

/**
 * Do all of this, or none of it. Nothing but `asked` may be waited for inside. Resolves once it is on the disk.
 * @template T
 * @param {Shelf[]} names
 * @param {(shelf: (name: Shelf) => IDBObjectStore) => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function together(names, work) {
  const transaction = (await opened()).transaction(names, "readwrite", { durability: "strict" });
  return new Promise((done, failed) => {
    /** @type {T} */
    let result;
    transaction.oncomplete = () => done(result);
    transaction.onabort = () => failed(transaction.error);
    Promise.resolve(work((name) => transaction.objectStore(name))).then(
      (value) => (result = value),
      (error) => { failed(error); transaction.abort(); },
    );
  });
}

/** One row, or undefined. @param {Shelf} name @param {string} key @returns {Promise<any>} */
export async function get(name, key) {
  return asked((await opened()).transaction(name).objectStore(name).get(key));
}

/** All rows. @param {Shelf} name @returns {Promise<any[]>} */
export async function all(name) {
  return asked((await opened()).transaction(name).objectStore(name).getAll());
}

/** @param {Shelf} name @param {Record<string, any>} row */
export function put(name, row) {
  return together([name], (shelf) => void shelf(name).put(row));
}

/** @param {Shelf} name @param {string} key */
export function remove(name, key) {
  return together([name], (shelf) => void shelf(name).delete(key));
}

/** What is kept under a name, or undefined. @param {string} name */
export async function kept(name) {
  return (await get("kept", name))?.value;
}

/** @param {string} name @param {any} value */
export function keep(name, value) {
  return put("kept", { name, value });
}

/** Forget everything of a person that this device holds; what is public stays for the next report. */
export function forgetAll() {
  const names = /** @type {Shelf[]} */ (Object.keys(KEYS));
  return together(names, async (shelf) => {
    const open = await Promise.all(PUBLIC.map((name) => asked(shelf("kept").get(name))));
    for (const name of names) shelf(name).clear();
    for (const row of open) if (row) shelf("kept").put(row);
  });
}
