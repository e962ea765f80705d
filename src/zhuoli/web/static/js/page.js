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

// A form is sent once; coming back by the browser's button makes it usable again.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", () => {
    form.setAttribute("aria-busy", "true");
    setTimeout(() => form.querySelectorAll("button").forEach((button) => { button.disabled = true; }), 0);
  });
}
window.addEventListener("pageshow", () => {
  document.querySelectorAll("button:disabled").forEach((button) => { button.disabled = false; });
});

// The receipt's QR code carries the secret behind the #, which never reaches a server.
const check = document.querySelector("[data-check]");
if (check && /^#[0-9A-Z]{8}$/.test(location.hash)) {
  check.elements.code.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
}
