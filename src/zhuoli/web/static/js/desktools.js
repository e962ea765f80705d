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
