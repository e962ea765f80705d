"use strict";
// A round on a phone with a poor signal. Everything works without this file; with it, what cannot be sent waits on the
// phone (places and hazards only, see docs/decisions/0015) and goes out by itself as soon as there is a network.
{
  const STORE = "zhuoli.village.waiting";
  const AGAIN = 15000;
  const form = document.querySelector("form[data-round]");
  let busy = false;
  const waits = document.querySelector("[data-waits]");
  if (waits) setTimeout(() => location.reload(), 3000);

  const read = () => { try { return JSON.parse(localStorage.getItem(STORE)) || []; } catch { return []; } };
  const write = (list) => { if (list.length) localStorage.setItem(STORE, JSON.stringify(list)); else localStorage.removeItem(STORE); };

  if (form) {
    offer(form);
    document.addEventListener("submit", (event) => {
      if (event.target !== form || event.defaultPrevented || form.dataset.plain) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      send(event.submitter);
    }, true);
    window.addEventListener("online", flush);
    show();
    flush();
    setInterval(flush, AGAIN);
  }

  async function send(button) {
    const data = new FormData(form);
    data.set("_at", String(Date.now()));
    if (button && button.name) data.set(button.name, button.value);
    for (const key of [...data.keys()]) if (data.get(key) instanceof File) data.delete(key);
    form.setAttribute("aria-busy", "true");
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    } catch {
      keep(data);
      return;
    } finally {
      form.removeAttribute("aria-busy");
    }
    if (answer.ok && (answer.headers.get("Content-Type") || "").includes("json")) {
      location.assign((await answer.json()).url);
      return;
    }
    // Something is to be said about it: the page says it, as it does without script.
    form.dataset.plain = "1";
    form.elements._at.value = data.get("_at");
    if (button && button.name) form.append(hidden(button.name, button.value));
    form.submit();
  }

  function hidden(name, value) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    return input;
  }

  // --- what waits for a network ---------------------------------------------------------------------------

  function keep(data) {
    const fields = [...data.entries()].filter(([name]) => name !== "csrfmiddlewaretoken");
    write([...read(), { post: form.dataset.post, fields }]);
    form.reset();
    form.elements._key.value = crypto.randomUUID ? crypto.randomUUID() : uuid();
    show();
    document.querySelector("[data-queue]").scrollIntoView({ block: "start" });
  }

  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  async function flush() {
    const list = read();
    const mine = list.filter((each) => each.post === form.dataset.post && !each.wrong);
    if (busy || !mine.length || !navigator.onLine) return;
    busy = true;
    let sent = 0;
    try {
      for (const each of mine) {
        const data = new FormData();
        for (const [name, value] of each.fields) data.append(name, value);
        data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
        const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
        const said = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : null;
        if (answer.ok && said && said.url) { write(read().filter((other) => !same(other, each))); sent += 1; }
        else if (answer.status === 422 && said) write(read().map((other) => (same(other, each) ? { ...other, wrong: [...said.wrong, ...said.call.map((row) => `${row.number} ${row.text}`)].join(" ") } : other)));
        else break;
      }
    } catch { /* the network is gone again */ }
    busy = false;
    show();
    if (sent && !form.querySelector("[name=a-duty]:checked")) location.reload();
  }
  function keyOf(each) { return (each.fields.find(([name]) => name === "_key") || [])[1]; }
  function same(one, other) { return keyOf(one) === keyOf(other); }

  function show() {
    const box = document.querySelector("[data-queue]");
    const list = read().filter((each) => each.post === form.dataset.post);
    box.hidden = !list.length;
    const lines = [];
    const waiting = list.filter((each) => !each.wrong).length;
    if (waiting) lines.push(line(box.dataset.wordKept.replace("{n}", waiting)));
    for (const each of list.filter((one) => one.wrong)) {
      const note = (each.fields.find(([name]) => name === "a-note") || ["", ""])[1];
      const told = line(`${box.dataset.wordWrong} ${note} ${each.wrong} `);
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "plain";
      drop.textContent = box.dataset.wordDrop;
      drop.addEventListener("click", () => { write(read().filter((other) => !same(other, each))); show(); });
      told.append(drop);
      lines.push(told);
    }
    box.replaceChildren(...lines);
  }
  function line(text) {
    const made = document.createElement("p");
    made.textContent = text;
    return made;
  }

  // --- fewer taps -------------------------------------------------------------------------------------------

  function offer(round) {
    round.addEventListener("change", (event) => {
      if (event.target.name === "a-duty") document.getElementById("how").scrollIntoView({ block: "start" });
      if (event.target.name === "a-found") document.getElementById("details").scrollIntoView({ block: "start" });
      if (event.target.name === "a-kind") kind();
    });
    for (const box of round.querySelectorAll("[data-fill]")) {
      box.addEventListener("click", (event) => {
        const chip = event.target.closest("button");
        if (!chip) return;
        const field = document.getElementById(box.dataset.fill);
        field.value = chip.textContent;
        box.querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", String(each === chip)));
      });
    }
    kind();
  }
  function kind() {
    const chosen = form.querySelector("[name=a-kind]:checked");
    for (const each of form.querySelectorAll("[data-kind]")) each.hidden = !chosen || each.dataset.kind !== chosen.value;
    const same = document.getElementById("a-same");
    // What is not shown is not meant.
    if (same && same.querySelector(".same[hidden] input:checked")) same.querySelector("input[value='']").checked = true;
    if (same) same.hidden = ![...same.querySelectorAll("[data-kind]")].some((each) => !each.hidden);
  }
}
