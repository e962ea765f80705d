"use strict";
// The board keeps itself up to date. Without this file it is a page that one refreshes.
const board = document.querySelector("[data-board]");
const poll = document.getElementById("board-poll");
const find = (name) => board.querySelector(`[data-${name}]`);
const every = Number(board.dataset.every) * 1000;
let timer = 0;
let paused = false;
let failures = 0;
let said = "";

const marks = () => [...board.querySelectorAll("[data-mark]")].map((part) => part.dataset.mark).join(".");
const ask = () => {
  clearTimeout(timer);
  htmx.trigger(poll, "board-poll");
};
const later = () => {
  clearTimeout(timer);
  // After a failure it asks less and less often, up to two minutes apart.
  if (!paused && !document.hidden) timer = setTimeout(ask, Math.min(every * 2 ** Math.min(failures, 3), 120000));
};

poll.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["If-None-Match"] = `"${marks()}"`;
});
poll.addEventListener("htmx:afterRequest", (event) => {
  const answer = event.detail.xhr;
  if (answer.status === 200 || answer.status === 304) {
    failures = 0;
    find("as-of").textContent = find("since").textContent = answer.getResponseHeader("X-As-Of");
    find("stale").hidden = true;
    board.classList.remove("old");
    const news = board.querySelector("[data-said]").textContent;
    if (said && news !== said) find("news").textContent = news;
    said = news;
  } else {
    failures += 1;
    find("stale").hidden = false;
    board.classList.add("old");
  }
  later();
});

// A part that somebody is using waits; what was opened, scrolled or focused stays so.
let kept = null;
const busy = (part) => part.querySelector(".slot form") !== null;
document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
  const part = event.detail.target;
  if (busy(part)) {
    event.detail.shouldSwap = false;
    const held = part.querySelector("[data-held]");
    if (held) held.hidden = false;
    return;
  }
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  kept = {
    href: focused && focused.getAttribute("href"),
    id: focused && focused.id,
    open: [...part.querySelectorAll("details[open]")].map((each) => each.id),
    scroll: [...part.querySelectorAll("[id$=-scroll]")].map((each) => [each.id, each.scrollTop]),
  };
});
document.body.addEventListener("htmx:oobAfterSwap", (event) => {
  const part = document.getElementById(event.detail.target.id);
  if (!part) return;
  if (part.id === "told" && part.firstElementChild) part.firstElementChild.focus();
  if (!kept) return;
  for (const id of kept.open) if (document.getElementById(id)) document.getElementById(id).open = true;
  for (const [id, top] of kept.scroll) if (document.getElementById(id)) document.getElementById(id).scrollTop = top;
  const again = (kept.id && document.getElementById(kept.id)) ||
    (kept.href && [...part.querySelectorAll("a[href]")].find((each) => each.getAttribute("href") === kept.href));
  if (again) again.focus({ preventScroll: true });
  kept = null;
});

// One order at a time: its form opens below its case and can be put away again.
document.body.addEventListener("htmx:afterSwap", (event) => {
  const slot = event.detail.target;
  if (!slot.classList.contains("slot")) return;
  for (const other of board.querySelectorAll(".slot")) if (other !== slot) other.replaceChildren();
  const first = slot.querySelector("#problem, textarea, select, input:not([type=hidden]), button");
  if (first) first.focus();
  slot.scrollIntoView({ block: "nearest" });
});
board.addEventListener("click", (event) => {
  if (event.target.matches("[data-cancel]")) close(event.target.closest(".slot"));
});
board.addEventListener("keydown", (event) => {
  const slot = event.target.closest(".slot");
  if (slot && event.key === "Escape") close(slot);
});
const close = (slot) => {
  slot.replaceChildren();
  slot.closest("li").querySelector(".orders a").focus();
  ask();
};
document.body.addEventListener("board-changed", () => ask());

// Pausing, hiding, coming back, losing the network.
const pause = find("pause");
pause.hidden = false;
find("again").hidden = true;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  find("paused").hidden = !paused;
  if (paused) clearTimeout(timer);
  else ask();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) clearTimeout(timer);
  else if (!paused) ask();
});
window.addEventListener("online", () => { if (!paused) ask(); });
window.addEventListener("offline", () => { find("stale").hidden = false; board.classList.add("old"); });

const wall = find("wall");
if (document.fullscreenEnabled) {
  wall.hidden = false;
  wall.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
}
said = board.querySelector("[data-said]").textContent;
later();
