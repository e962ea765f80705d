"use strict";
// The desk by keyboard, and what has changed put in its place. Every link and form works without this file.
(() => {

const byId = (id) => document.getElementById(id);
const rowLinks = () => [...document.querySelectorAll("[data-rows] .row:not(.leaving) .row-link")];
const rowBox = (link) => link && link.parentElement.querySelector("input[name=row]");
const chosen = () => [...document.querySelectorAll("[data-rows] input[name=row]:checked")];
const panes = () => byId("panes");
let lastRow = "";
let lastBox = null;

// The row that the keys are about: the focused one, else the last one, else the open one.
function currentRow() {
  const focused = document.activeElement && document.activeElement.closest(".row");
  const row = focused || byId(lastRow) || (document.querySelector(".row-link[aria-current]") || {}).parentElement;
  return row && !row.classList.contains("leaving") ? row.querySelector(".row-link") : null;
}
function goTo(link) {
  if (!link) return;
  lastRow = link.parentElement.id;
  link.focus({ preventScroll: true });
  const list = link.closest(".pane");
  const head = list && list.querySelector(".list-head");
  const top = head && getComputedStyle(head).position === "sticky" ? head.getBoundingClientRect().bottom : 0;
  const foot = byId("bulk") ? byId("bulk").getBoundingClientRect().top : innerHeight;
  const box = link.getBoundingClientRect();
  const scroller = list && list.scrollHeight > list.clientHeight + 1 ? list : document.scrollingElement;
  if (box.top < top) scroller.scrollBy(0, box.top - top);
  else if (box.bottom > foot) scroller.scrollBy(0, box.bottom - foot);
}
function move(step) {
  const links = rowLinks();
  if (!links.length) return;
  const at = links.indexOf(currentRow());
  goTo(links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + step))]);
}

// Choosing rows.
function told() {
  const bulk = byId("bulk");
  if (!bulk) return;
  const n = chosen().length;
  const count = bulk.querySelector("[data-chosen]");
  if (!count.dataset.idle) count.dataset.idle = count.textContent;
  count.textContent = n ? count.dataset.chosenText.replace("#", n) : count.dataset.idle;
  bulk.classList.toggle("idle", !n);
  bulk.querySelector("[data-choose-none]").hidden = !n;
}
function choose(box, on, range) {
  if (!box) return;
  const boxes = [...document.querySelectorAll("[data-rows] input[name=row]")];
  if (range && lastBox && boxes.includes(lastBox)) {
    const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const each of boxes.slice(from, to + 1)) each.checked = true;
  } else box.checked = on;
  lastBox = box;
  told();
}
function bulk(what) {
  const form = byId("bulk");
  const button = form && form.querySelector(`button[value=${what}]`);
  if (!button) return;
  if (!chosen().length) {
    const box = rowBox(currentRow());
    if (!box) return;
    choose(box, true, false);
  }
  if (what === "assign" && !form.elements.post.value) form.elements.post.focus();
  else button.click();
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.matches("[data-rows] input[name=row]")) choose(target, target.checked, event.shiftKey);
  if (target.closest("[data-keys]")) byId("keys").showModal();
  if (target.closest("[data-choose-none]")) { for (const box of chosen()) box.checked = false; told(); goTo(currentRow()); }
});

// Keys. A letter does nothing while somebody types, or while the help is open.
let went = false;
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, dialog");
  if (event.key === "Escape" && event.target.matches("#q, #bulk select")) { goTo(currentRow()); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
  const key = event.key;
  if (went) {
    went = false;
    const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  const act = {
    j: () => move(1),
    k: () => move(-1),
    o: () => { const link = currentRow(); if (link) link.click(); },
    x: () => { const box = rowBox(currentRow()); choose(box, box && !box.checked, false); },
    X: () => choose(rowBox(currentRow()), true, true),
    c: () => bulk("claim"),
    a: () => bulk("assign"),
    u: () => { const form = document.querySelector("#toast [data-undo], #bulk-result [data-undo]"); if (form) form.requestSubmit(); },
    "/": () => { const q = byId("q"); if (q) { q.focus(); q.select(); } },
    "?": () => byId("keys") && byId("keys").showModal(),
    g: () => { went = true; setTimeout(() => { went = false; }, 1500); },
    Escape: () => {
      const back = document.querySelector("#case [data-back]");
      if (back && back.offsetParent) back.click();
      else goTo(currentRow());
    },
  }[key];
  if (!act) return;
  if (key !== "Escape") event.preventDefault();
  act();
});
document.addEventListener("focusin", (event) => {
  const row = event.target.closest(".row");
  if (row) lastRow = row.id;
});

// What an answer brings beside its own place: rows as they are now, rows that are gone.
function putInPlace(root) {
  let next = null;
  for (const fresh of root.querySelectorAll("template[data-row]")) {
    const row = byId(fresh.dataset.row);
    if (row) {
      const focused = row.contains(document.activeElement);
      const now = fresh.content.firstElementChild;
      now.classList.add("changed");
      row.replaceWith(now);
      window.htmx.process(now);
      if (focused) goTo(now.querySelector(".row-link"));
    }
    fresh.remove();
  }
  for (const gone of root.querySelectorAll("template[data-gone]")) {
    const row = byId(gone.dataset.gone);
    if (row) {
      const links = rowLinks();
      const at = links.indexOf(row.querySelector(".row-link"));
      next = links.slice(at + 1).find((link) => !root.querySelector(`[data-gone="${link.parentElement.id}"]`)) || links[at - 1] || null;
      const note = document.createElement("p");
      note.textContent = gone.innerHTML.trim();
      row.classList.add("leaving");
      row.replaceChildren(note);
      setTimeout(() => { row.remove(); emptied(); }, 1600);
    }
    gone.remove();
  }
  told();
  return next;
}
function emptied() {
  const end = document.querySelector("[data-all-done]");
  if (end && !document.querySelector("[data-rows] .row")) end.hidden = false;
}

document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target;
  enhance();
  if (!target || !target.matches("#case, #panes, #bulk-result, #more")) return;
  const posted = event.detail.requestConfig && event.detail.requestConfig.verb === "post";
  if (target.id === "case") {
    mark();
    if (posted) panes().className = "panes showing-case";
    target.scrollTop = 0;
    const next = putInPlace(target);
    const problem = target.querySelector("#problem");
    if (problem) problem.focus();
    else if (next && next.offsetParent) goTo(next);
    else if (byId("case-title")) byId("case-title").focus({ preventScroll: true });
    else target.focus({ preventScroll: true });
  } else if (target.id === "bulk-result") {
    const next = putInPlace(target);
    goTo(next || currentRow() || rowLinks()[0]);
    if (!target.querySelector(".bulk-some")) for (const box of chosen()) box.checked = false;
    told();
  } else if (target.id === "panes") {
    mark();
    if (lastRow && byId(lastRow)) goTo(byId(lastRow).querySelector(".row-link"));
  }
});
// The address says which case is open: its row is marked, and a narrow screen shows that or the list.
function mark() {
  const open = new URLSearchParams(location.search).get("case");
  for (const link of document.querySelectorAll(".row-link")) {
    if (open && link.id === `go-${open}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (panes()) panes().className = `panes showing-${open ? "case" : "list"}`;
}
document.addEventListener("htmx:historyRestore", () => { enhance(); mark(); const row = byId(lastRow); if (row) goTo(row.querySelector(".row-link")); });

// A whole page came where a part was asked for (signed out, not ours): only its main part is shown.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status >= 400 && /<!doctype html/i.test(xhr.responseText.slice(0, 100))) event.detail.selectOverride = "#main > *";
});
// A form can be used again after whatever answer; without any answer nothing that was typed is lost.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (!form) return;
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("button:disabled")) button.disabled = false;
});
const silent = (is) => { const told = document.querySelector("[data-offline]"); if (told) told.hidden = !is; };
document.addEventListener("htmx:sendError", () => silent(true));
document.addEventListener("htmx:beforeSwap", () => silent(false));

// A note goes by itself, unless somebody is about to use it.
const SHOWN = 10000;
function watchToast() {
  const toast = document.querySelector(".desk-panes [data-toast]");
  if (!toast || toast.dataset.watched) return;
  toast.dataset.watched = "1";
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000);
    else toast.remove();
  };
  setTimeout(leave, SHOWN);
}
new MutationObserver(watchToast).observe(document.body, { childList: true, subtree: true });

function enhance() {
  for (const element of document.querySelectorAll("[data-script], [data-keys]")) element.hidden = false;
  for (const element of document.querySelectorAll("[data-noscript]")) element.hidden = true;
  const fold = document.querySelector(".queues-fold");
  if (fold && matchMedia("(max-width: 59.99rem)").matches && !fold.dataset.seen) { fold.dataset.seen = "1"; fold.open = false; }
  told();
}
enhance();
watchToast();
})();
