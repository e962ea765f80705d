"use strict";
// Forms that help while one fills them in. Everything works without this file.
{
  const language = location.pathname.split("/")[1];

  // Boxes of the place picker fill themselves. `picker.choose(code)` chooses a place from elsewhere.
  function watchPlaces(root) {
    for (const picker of root.querySelectorAll("[data-places]")) {
      const button = picker.querySelector("button");
      if (!button || picker.choose) continue;
      button.parentElement.hidden = true;
      const name = picker.querySelector("select").name;
      const id = picker.querySelector("select").id.replace(/-[a-z]+$/, "");
      picker.choose = async (code, focused = "") => {
        const answer = await fetch(`/${language}/places/?of=${code}`);
        if (!answer.ok) throw new Error(answer.statusText);
        draw(picker, await answer.json(), name, id, focused);
        picker.dispatchEvent(new Event("chosen", { bubbles: true }));
      };
      picker.addEventListener("change", (event) => {
        const boxes = [...picker.querySelectorAll("select")];
        const at = boxes.indexOf(event.target);
        const chosen = event.target.value || (at > 0 ? boxes[at - 1].value : "");
        picker.choose(chosen, event.target.id).catch(() => { button.parentElement.hidden = false; });
      });
    }
  }
  function draw(picker, levels, name, id, focused) {
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
    const again = focused && document.getElementById(focused);
    if (again) again.focus();
  }

  // Questions that depend on an answer appear when it is given.
  function watchQuestions(form) {
    const place = form.querySelector("[data-questions]");
    const more = form.querySelector("button[value=more]");
    if (!place) return;
    if (more) more.parentElement.hidden = true;
    // `form.ask()` asks the server which questions there are now; `given` are other values than those in the form.
    form.ask = async (given) => {
      const data = given || withoutFiles(form);
      data.set("_again", "more");
      const answer = await fetch(location.href, { method: "POST", body: data });
      if (!answer.ok) return false;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-questions]");
      if (!fresh) return false;
      if (given) place.replaceChildren(...fresh.children); else merge(place, fresh);
      watchPlaces(place);
      watchLocation(place);
      form.dispatchEvent(new CustomEvent("drawn"));
      return true;
    };
    place.addEventListener("change", (event) => {
      if (event.target.closest("[data-controls]")) form.ask().catch(() => {});
    });
  }
  // Questions of an act that depend on its outcome, or on another answer, appear when that is chosen.
  document.addEventListener("change", (event) => {
    const act = event.target.closest("details.act");
    const place = act && act.querySelector("[data-depends]");
    if (!place || (event.target.name !== "outcome" && !event.target.closest("[data-controls]"))) return;
    askAct(event.target.form, act.id, place).catch(() => {});
  });
  let asked = 0;
  async function askAct(form, id, place) {
    const mine = ++asked;
    const data = withoutFiles(form);
    data.set("_again", "more");
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      if (!answer.ok || mine !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const act = page.getElementById(id);
      const fresh = act && act.querySelector("[data-depends]");
      if (!fresh || mine !== asked) return;
      merge(place, fresh);
      watchPlaces(place);
    } finally {
      place.removeAttribute("aria-busy");
    }
  }
  function withoutFiles(form) {
    const data = new FormData(form);
    for (const key of [...data.keys()]) if (data.get(key) instanceof File) data.delete(key);
    return data;
  }
  // Keep what is there (and what is typed into it), take away what is no longer asked, put in what is new.
  function merge(place, fresh) {
    const key = (element) => element.id || (element.querySelector("[id]") || {}).id || element.textContent;
    const old = new Map([...place.children].map((element) => [key(element), element]));
    place.replaceChildren(...[...fresh.children].map((element) => ("fresh" in element.dataset ? element : old.get(key(element)) || element)));
  }

  function watchLocation(root) {
    if (!navigator.geolocation) return;
    for (const button of root.querySelectorAll("[data-locate]")) {
      button.hidden = false;
      button.onclick = () => navigator.geolocation.getCurrentPosition(({ coords }) => {
        const box = document.getElementById(button.dataset.locate);
        box.value = `${coords.longitude.toFixed(6)},${coords.latitude.toFixed(6)}`;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
  }

  // Words with which an answer can begin are put behind what is there, and edited there.
  document.addEventListener("toggle", (event) => {
    if (event.target.matches(".templates")) event.target.querySelectorAll("[data-template]").forEach((button) => { button.hidden = false; });
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-template]");
    const box = button && document.getElementById(button.dataset.template);
    if (!box) return;
    const words = button.closest("li").querySelector("[data-words]").textContent.trim();
    box.value = box.value.trim() ? `${box.value.trim()}\n${words}` : words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });

  // The seconds until another code may be sent run down where they stand.
  setInterval(() => {
    for (const place of document.querySelectorAll("[data-wait]")) {
      const left = Number(place.dataset.wait) - 1;
      place.textContent = left > 0 ? place.textContent.replace(/\d+/, left) : "";
      if (left > 0) place.dataset.wait = left; else place.removeAttribute("data-wait");
    }
  }, 1000);

  // What is only for browsers without script goes.
  for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
  watchPlaces(document);
  watchLocation(document);
  document.querySelectorAll("form[data-form]").forEach(watchQuestions);

  // Once a form has arrived, this tab forgets what it had kept of it (see fill.js).
  if (document.querySelector("[data-sent]")) {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("zhuoli.form.")) sessionStorage.removeItem(key);
  }
}
