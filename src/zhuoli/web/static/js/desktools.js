"use strict";
// Keys of the desk's tools: a button with data-key is pressed by that letter. Everything works without this file.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (button && button.checkVisibility()) {
    event.preventDefault();
    button.click();
  }
});

// The phone desk: what is typed is answered while one listens; focus and what is being typed stay where they are.
const phone = document.querySelector("[data-phone]");
if (phone) {
  let timer = 0;
  const ask = (ms) => { clearTimeout(timer); timer = setTimeout(() => phone.dispatchEvent(new Event("phone")), ms); };
  document.querySelectorAll(".noscript-only").forEach((each) => { each.hidden = true; });
  phone.addEventListener("input", (event) => { if (event.target.matches("#said, #where") && !event.isComposing) ask(350); });
  phone.addEventListener("compositionend", () => ask(350));
  phone.addEventListener("change", (event) => {
    if (event.target.matches("[data-matter]")) phone.querySelector("[data-auto]").value = "0";
    if (!event.target.matches("#said, #where, [type=file]")) ask(50);
  });
  phone.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    if (event.key === "Enter") { event.preventDefault(); phone.querySelector("[data-send]").click(); }
    if (event.key === "s") { event.preventDefault(); phone.querySelector("[data-keep]").click(); }
  });
  let kept = new Map();
  let focused = null;
  // What was chosen after a question was sent off is not in its answer yet, and must outlast it.
  const chosen = new Map();
  phone.addEventListener("change", (event) => {
    const { name, type, value, checked } = event.target;
    if (name && /^(radio|checkbox|select-one)$/.test(type)) chosen.set(type === "checkbox" ? `${name}=${value}` : name, { name, type, value, checked });
  });
  phone.addEventListener("htmx:configRequest", () => chosen.clear());
  const choose = () => {
    for (const { name, type, value, checked } of chosen.values()) {
      const field = `[name="${CSS.escape(name)}"]`;
      const again = phone.querySelector(type === "select-one" ? `select${field}` : `${field}[value="${CSS.escape(value)}"]`);
      if (!again) continue;
      if (type === "select-one") again.value = value;
      else again.checked = checked;
      if (again.matches("[data-matter]")) phone.querySelector("[data-auto]").value = "0";
    }
  };
  const selector = (element) => element && element.name
    ? `[name="${CSS.escape(element.name)}"]` + (/^(radio|checkbox)$/.test(element.type) ? `[value="${CSS.escape(element.value)}"]` : "") : "";
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const target = event.detail.target;
    if (!target || !phone.contains(target)) return;
    if (target.contains(document.activeElement)) focused = selector(document.activeElement);
    for (const each of target.querySelectorAll("input[type=text], input[type=tel], input[type=email], textarea")) kept.set(each.name, each.value);
  });
  document.body.addEventListener("htmx:oobAfterSwap", () => {
    for (const [name, value] of kept) {
      const again = phone.querySelector(`[name="${CSS.escape(name)}"]`);
      if (again && value && again.value !== value) again.value = value;
    }
    kept = new Map();
    choose();
    if (focused) {
      const again = phone.querySelector(focused);
      if (again) { again.focus(); focused = null; }
    }
  });
}
