"use strict";
// While a form is filled in: each answer is checked, everything is saved as a draft, a lost connection loses nothing.
//
// Until the server has confirmed a draft, what was typed is kept in sessionStorage: it outlives a reload and a lost
// connection, and dies with the tab. localStorage would leave it in plain on a computer that others use.
{
  const JSON_PLEASE = { Accept: "application/json" };
  const WAIT = 1200;

  for (const form of document.querySelectorAll("form[data-form][data-check-url]")) {
    form.checkQuestion = (name, strict) => check(form, name, strict);
    watchAnswers(form);
    if ("fill" in form.dataset) keep(form);
  }

  function values(form) {
    const data = new FormData(form);
    for (const key of [...data.keys()]) if (data.get(key) instanceof File) data.delete(key);
    return data;
  }

  // --- checking -----------------------------------------------------------------------------------------

  function watchAnswers(form) {
    const place = form.querySelector("[data-questions]");
    const touched = new WeakSet();
    place.addEventListener("input", (event) => touched.add(event.target));
    place.addEventListener("focusout", (event) => {
      const field = event.target.closest("[data-question]");
      // Going from one box of a question to the next is not leaving it.
      if (!field || !touched.has(event.target) || field.contains(event.relatedTarget)) return;
      check(form, field.dataset.question, false);
    });
    let pause;
    place.addEventListener("input", (event) => {
      const field = event.target.closest("[data-question]");
      if (!field) return;
      clearTimeout(pause);
      // While one types, a mistake may go, and danger is met; a new mistake waits until one leaves the field.
      const mend = field.classList.contains("wrong");
      const story = event.target.tagName === "TEXTAREA";
      const chosen = event.target.matches("[type=radio], [type=checkbox]");
      if (mend || story || chosen) pause = setTimeout(() => check(form, field.dataset.question, false, !mend), chosen ? 0 : 700);
    });
    place.addEventListener("chosen", (event) => {
      const field = event.target.closest("[data-question]");
      if (field && field.classList.contains("wrong")) check(form, field.dataset.question, false);
    });
  }

  async function check(form, name, strict, quiet = false) {
    const field = form.querySelector(`[data-question="${name}"]`);
    if (!field) return true;
    const data = values(form);
    data.set("_question", name);
    if (strict) data.set("_strict", "1");
    let found;
    try {
      const answer = await fetch(form.dataset.checkUrl, { method: "POST", body: data, headers: JSON_PLEASE });
      if (!answer.ok) return true;
      found = await answer.json();
    } catch {
      return true; // offline: it is checked again when the form is sent
    }
    const met = danger(field, found.call);
    if (!(quiet && found.wrong)) show(form, field, found.wrong);
    // Whoever is to call is stopped once, at the number.
    return !found.wrong && !(strict && met);
  }

  function show(form, field, wrong) {
    const box = field.matches("fieldset") ? field : field.querySelector("input:not([type=hidden]), textarea, select");
    const id = `${(box || field).id}-mistake`;
    let line = document.getElementById(id);
    field.classList.toggle("wrong", Boolean(wrong));
    if (!wrong) {
      if (line) line.remove();
      if (box) { box.removeAttribute("aria-invalid"); box.removeAttribute("aria-describedby"); }
      return;
    }
    if (!line) {
      line = document.createElement("p");
      line.className = "mistake";
      line.id = id;
      const last = [...field.querySelectorAll(":scope > legend, :scope > label:not(.choice), :scope > .hint, :scope > .why")].pop();
      last.after(line);
    }
    line.textContent = wrong;
    if (box) {
      if (!field.matches("fieldset")) box.setAttribute("aria-invalid", "true");
      box.setAttribute("aria-describedby", id);
    }
    const title = field.querySelector("legend, label").firstChild.textContent.trim();
    document.getElementById("check-status").textContent = `${form.dataset.wordWrong} ${title}: ${wrong}`;
  }

  // Returns whether a danger was met that was not told yet.
  function danger(field, calls) {
    const old = field.querySelector(".danger");
    const said = calls.map((each) => each.text).join();
    if (old && old.dataset.said === said) return false;
    if (old) old.remove();
    if (!calls.length) return false;
    const panel = document.getElementById("danger-template").content.firstElementChild.cloneNode(true);
    const row = panel.querySelector(".danger-row");
    for (const each of calls) {
      const copy = row.cloneNode(true);
      const [numbers, words] = copy.children;
      words.textContent = each.text;
      for (const number of each.number) {
        const link = document.createElement("a");
        link.className = "danger-call";
        link.href = `tel:${number}`;
        link.textContent = number;
        numbers.append(link);
      }
      row.before(copy);
    }
    row.remove();
    panel.dataset.said = said;
    panel.setAttribute("role", "alert");
    field.append(panel);
    return true;
  }

  // --- keeping ------------------------------------------------------------------------------------------

  function keep(form) {
    const place = `zhuoli.form.${location.pathname}`;
    const status = document.getElementById("save-status");
    const drop = document.querySelector("form[data-drop]");
    const own = document.querySelector("form[data-own] input[type=checkbox]");
    let timer = null, wait = WAIT, changes = 0, saved = 0, sending = false;

    function remember() {
      const entries = [...values(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
      try { sessionStorage.setItem(place, JSON.stringify(entries)); } catch { /* full or forbidden */ }
    }
    function changed() {
      changes += 1;
      remember();
      // Not put off by each further key: at most this long after the first.
      timer ??= setTimeout(save, wait);
    }
    async function save() {
      clearTimeout(timer);
      timer = null;
      if (sending) { timer = setTimeout(save, WAIT); return; }
      sending = true;
      const upTo = changes;
      try {
        const answer = await fetch(form.dataset.saveUrl, { method: "POST", body: values(form), headers: JSON_PLEASE });
        if (!answer.ok) throw new Error(answer.statusText);
        const kept = await answer.json();
        saved = upTo;
        wait = WAIT;
        if (saved === changes) sessionStorage.removeItem(place);
        if (kept.saved) {
          status.textContent = `${form.dataset.wordSaved} ${kept.saved}`;
          drop.action = form.dataset.dropUrl.replace("DRAFT", kept.draft);
          drop.hidden = false;
          const here = new URL(location.href);
          here.searchParams.set("draft", kept.draft);
          history.replaceState(history.state, "", here);
        }
      } catch {
        status.textContent = form.dataset.wordUnsaved;
        wait = Math.min(wait * 2, 60000);
        timer ??= setTimeout(save, wait);
      } finally {
        sending = false;
      }
    }
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("chosen", changed);
    window.addEventListener("online", () => { if (saved !== changes) { wait = WAIT; save(); } });
    // Leaving the page or putting the phone away: what is not saved yet is saved now.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && saved !== changes && navigator.onLine && !sent) {
        navigator.sendBeacon(form.dataset.saveUrl, values(form));
      }
    });
    drop.addEventListener("submit", () => { clearTimeout(timer); sessionStorage.removeItem(place); });
    own.addEventListener("change", async () => {
      const data = new FormData(own.form);
      await fetch(form.dataset.ownUrl, { method: "POST", body: data, headers: JSON_PLEASE }).catch(() => {});
    });

    // What is sent stays in this tab until the receipt is there, in case the connection breaks on the way.
    let sent = false;
    document.addEventListener("submit", (event) => {
      if (event.target !== form) return;
      remember();
      if (!navigator.onLine) return; // page.js says so and does not send
      sent = true;
      clearTimeout(timer);
    }, true);

    // What a lost connection has left in this tab is put back, if this is the same form or a fresh one; a form that came
    // back from the server with its mistakes holds all of it already.
    let left = null;
    try { left = JSON.parse(sessionStorage.getItem(place) || "null"); } catch { /* not ours */ }
    const key = left && (left.find(([name]) => name === "_key") || [])[1];
    const answered = document.getElementById("problem");
    const fresh = ![...values(form)].some(([name, value]) => name.startsWith("a-") && value);
    if (!answered && left && left.some(([name, value]) => name.startsWith("a-") && value) && (fresh || key === form.elements._key.value)) {
      const data = values(form);
      for (const name of new Set([...data.keys(), ...left.map(([name]) => name)])) if (name !== "csrfmiddlewaretoken") data.delete(name);
      for (const [name, value] of left) data.append(name, value);
      form.ask(data).then((drawn) => {
        if (!drawn) return;
        form.elements._key.value = key;
        status.textContent = form.dataset.wordRestored;
        changed();
      }).catch(() => {});
    } else if (left) {
      sessionStorage.removeItem(place);
    }
  }
}
