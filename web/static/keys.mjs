/**
 * Keys of the console: J and K walk through a list, Enter opens, N goes to what is due next, / to the search, ? tells.
 * A page offers more with `data-key="a"`. They rest inside fields, with modifiers, and where they were switched off,
 * which this device remembers (WCAG 2.1.4).
 */

const SWITCH = "jz-desk-keys";
const FIELDS = "input, select, textarea, [contenteditable]";
const OWN = [
  ["J / K", "下一条 / 上一条"],
  ["Enter", "打开"],
  ["N", "最急的一件"],
  ["/", "查找和筛选"],
  ["Esc", "离开输入框"],
  ["?", "本说明"],
];

const isOn = () => localStorage.getItem(SWITCH) !== "off";

/** @param {boolean} on */
const turn = (on) => localStorage.setItem(SWITCH, on ? "on" : "off");

/** @returns {HTMLAnchorElement[]} */
const rows = () => [...document.querySelectorAll("[data-rows] a[data-open]")];

/** @param {number} by */
function step(by) {
  const all = rows();
  const at = all.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
  const row = all[next];
  if (row) {
    row.focus();
    row.closest("li, tr")?.scrollIntoView({ block: "nearest" });
  } else if (at >= 0) {
    document.querySelector(by > 0 ? ".pager [rel=next]" : ".pager [rel=first]")?.focus();
  }
}

function next() {
  const onward = document.querySelector("a[data-next]");
  if (onward) onward.click();
  else rows()[0]?.focus();
}

function seek() {
  document.querySelector("[data-search], .filter select, .filter input:not([type=hidden])")?.focus();
}

/** @param {string} key */
function offered(key) {
  const found = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
  if (!found) return false;
  if (found.matches(`${FIELDS}, form button`)) found.focus(); // what a form does is done by Enter, never by a slip
  else found.click();
  return true;
}

/** @param {string} name @param {string} [text] */
function made(name, text = "") {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

function told() {
  const dialog = made("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = made("h2", "快捷键");
  title.id = "keys-title";
  const list = made("dl");
  const more = [...document.querySelectorAll("[data-key]")].map((each) => [
    (each.dataset.key ?? "").toUpperCase(),
    each.dataset.keyName ?? each.textContent?.trim() ?? "",
  ]);
  for (const [key, name] of [...OWN, ...more]) {
    const term = made("dt");
    term.append(made("kbd", key));
    list.append(term, made("dd", name));
  }
  const label = made("label", "使用快捷键（只对这台电脑）");
  label.className = "check";
  const box = made("input");
  box.type = "checkbox";
  box.checked = isOn();
  box.addEventListener("change", () => turn(box.checked));
  label.prepend(box);
  const shut = made("button", "关闭");
  shut.addEventListener("click", () => dialog.close());
  dialog.append(title, list, label, shut);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const KEYS = { j: () => step(1), k: () => step(-1), n: next, "/": seek, "?": told };

/** @param {KeyboardEvent} event */
function heard(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const where = /** @type {HTMLElement} */ (event.target);
  if (where.matches(FIELDS)) {
    if (event.key === "Escape") where.blur();
    return;
  }
  if (!isOn() || event.repeat && !"jk".includes(event.key)) return;
  const key = event.key.toLowerCase();
  const own = KEYS[key];
  if (own) own();
  if (own || (key.length === 1 && offered(key))) event.preventDefault();
}

/** Whoever comes back to a list stands where they left it. */
const here = () => `jz-desk-at ${location.pathname}${location.search}`;

function returned() {
  const left = sessionStorage.getItem(here());
  rows().find((each) => each.pathname === left)?.focus();
}

document.addEventListener("keydown", heard);
document.addEventListener("click", (event) => {
  const open = event.target instanceof Element && event.target.closest("a[data-open]");
  if (open) sessionStorage.setItem(here(), open.pathname);
  if (event.target instanceof Element && event.target.closest("[data-tell-keys]")) told();
});
for (const each of document.querySelectorAll("[data-tell-keys], [data-keys-switch]")) each.removeAttribute("hidden");
const box = document.querySelector("[data-keys-switch] input");
if (box instanceof HTMLInputElement) {
  box.checked = isOn();
  box.addEventListener("change", () => turn(box.checked));
}
returned();
