"use strict";
// Everything works without this file. It only saves steps.

// Going to the summary of what went wrong, as a reload would not.
const problem = document.getElementById("problem");
if (problem) problem.focus();

// Printing.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Without a network: say so, and keep what is typed instead of sending it into nothing.
const offline = document.querySelector("[data-offline]");
function tellNetwork() {
  if (offline) offline.hidden = navigator.onLine;
}
window.addEventListener("online", tellNetwork);
window.addEventListener("offline", tellNetwork);
tellNetwork();

// A menu that is longer than a phone is wide: the page's own entry is in sight, and so is the beginning of the next.
const entry = document.querySelector(".top nav [aria-current]");
if (entry) {
  const bar = entry.closest("nav");
  bar.scrollLeft += Math.max(0, entry.getBoundingClientRect().right + 28 - bar.getBoundingClientRect().right);
}

// Dialogs: a button names the one that it opens. The browser keeps the focus inside and closes on Escape.
for (const button of document.querySelectorAll("[data-dialog]")) {
  const dialog = document.getElementById(button.dataset.dialog);
  if (!dialog || !dialog.showModal) continue;
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}

// A form is sent once; coming back by the browser's button makes it usable again.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      tellNetwork();
      offline.scrollIntoView({ block: "start" });
      return;
    }
    form.setAttribute("aria-busy", "true");
    setTimeout(() => form.querySelectorAll("button:enabled").forEach((button) => {
      button.disabled = true;
      button.dataset.sent = "";
    }), 0);
  });
}
window.addEventListener("pageshow", () => {
  document.querySelectorAll("button[data-sent]").forEach((button) => {
    button.disabled = false;
    delete button.dataset.sent;
  });
});

// The receipt's QR code carries the secret behind the #, which never reaches a server.
const check = document.querySelector("[data-check]");
if (check && /^#[0-9A-Z]{8}$/.test(location.hash)) {
  check.elements.code.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
}

// A menu closes by Escape, and when one looks elsewhere.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
}
