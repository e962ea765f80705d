"use strict";
// Forms that help while one fills them in. Everything works without this file.

// Boxes of the place picker fill themselves.
const language = location.pathname.split("/")[1];
function watchPlaces(root) {
  for (const picker of root.querySelectorAll("[data-places]")) {
    const button = picker.querySelector("button");
    if (!button) continue;
    button.parentElement.hidden = true;
    picker.addEventListener("change", async (event) => {
      const boxes = [...picker.querySelectorAll("select")];
      const at = boxes.indexOf(event.target);
      const chosen = event.target.value || (at > 0 ? boxes[at - 1].value : "");
      const answer = await fetch(`/${language}/places/?of=${chosen}`);
      if (!answer.ok) { button.parentElement.hidden = false; return; }
      drawPlaces(picker, await answer.json(), boxes[0].name, boxes[0].id.replace(/-[a-z]+$/, ""), event.target.id);
    });
  }
}
function drawPlaces(picker, levels, name, id, focused) {
  const end = picker.lastElementChild;
  const empty = picker.querySelector("option").textContent;
  picker.querySelectorAll(":scope > div:not(.buttons)").forEach((box) => box.remove());
  for (const level of levels) {
    const box = document.createElement("div");
    const label = document.createElement("label");
    const select = document.createElement("select");
    select.id = `${id}-${level.level}`;
    select.name = name;
    label.htmlFor = select.id;
    label.textContent = level.label;
    select.append(new Option(empty, ""));
    for (const [code, title] of level.options) select.append(new Option(title, code, false, code === level.chosen));
    box.append(label, select);
    picker.insertBefore(box, end);
  }
  const again = document.getElementById(focused);
  if (again) again.focus();
}

// Questions that depend on an answer appear when it is given.
function watchQuestions(form) {
  const place = form.querySelector("[data-questions]");
  const more = form.querySelector("button[value=more]");
  if (!place) return;
  if (more) more.parentElement.hidden = true;
  place.addEventListener("change", async (event) => {
    if (!event.target.closest("[data-controls]")) return;
    const data = new FormData(form);
    for (const key of [...data.keys()]) if (data.get(key) instanceof File) data.delete(key);
    data.set("_again", "more");
    const answer = await fetch(location.href, { method: "POST", body: data });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-questions]");
    if (fresh) merge(place, fresh);
  });
}
// Keep what is there (and what is typed into it), take away what is no longer asked, put in what is new.
function merge(place, fresh) {
  const key = (element) => element.id || (element.querySelector("[id]") || {}).id || element.textContent;
  const old = new Map([...place.children].map((element) => [key(element), element]));
  place.replaceChildren(...[...fresh.children].map((element) => old.get(key(element)) || element));
  watchPlaces(place);
  watchLocation(place);
}

function watchLocation(root) {
  if (!navigator.geolocation) return;
  for (const button of root.querySelectorAll("[data-locate]")) {
    button.hidden = false;
    button.onclick = () => navigator.geolocation.getCurrentPosition(({ coords }) => {
      document.getElementById(button.dataset.locate).value = `${coords.longitude.toFixed(6)},${coords.latitude.toFixed(6)}`;
    });
  }
}

watchPlaces(document);
watchLocation(document);
document.querySelectorAll("form[data-form]").forEach(watchQuestions);
