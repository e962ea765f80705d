"use strict";
// Leads through the shots: looks at each photo before it is sent (too dark, blurred, the same again), and sends it by tus.js.
{
  const root = document.querySelector("[data-evidence]");
  const SMALL = 192;
  const DARK = 32;
  const BLURRED = 45;
  const SAME = 6;
  const seen = [];
  const live = new Map();
  let busy = false, asked = false;
  if (root && window.indexedDB) begin();

  function begin() {
    for (const shot of root.querySelectorAll("[data-shot]")) {
      const file = shot.querySelector("[data-file]");
      const camera = shot.querySelector("[data-camera]");
      shot.querySelector(".shot-pick").hidden = true;
      shot.querySelector(".shot-buttons").hidden = false;
      if (!window.matchMedia("(pointer: coarse)").matches) camera.closest("label").hidden = true;
      shot.querySelector("[data-pick]").addEventListener("click", () => file.click());
      for (const source of [file, camera]) {
        source.addEventListener("change", () => {
          const chosen = [...source.files];
          source.value = "";
          for (const each of chosen) consider(shot, each);
        });
      }
    }
    window.addEventListener("online", pump);
    pump();
  }

  async function consider(shot, file) {
    const small = file.type.startsWith("image/") ? await smallCopy(file) : null;
    const doubt = small && look(small);
    if (!doubt) return queue(shot, file, small);
    const box = shot.querySelector("[data-check]");
    const why = document.createElement("p");
    why.textContent = root.dataset[`word${doubt[0].toUpperCase()}${doubt.slice(1)}`];
    const buttons = document.createElement("div");
    buttons.className = "buttons";
    const again = button(root.dataset.wordAgain, "", () => { box.replaceChildren(); (shot.querySelector("label.camera:not([hidden]) input") || shot.querySelector("[data-file]")).click(); });
    const keep = button(root.dataset.wordKeep, "second", () => { box.replaceChildren(); queue(shot, file, small); });
    buttons.append(again, keep);
    box.replaceChildren(small.canvas, why, buttons);
    again.focus();
  }

  function button(words, kind, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = kind;
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  async function smallCopy(file) {
    try {
      const picture = await createImageBitmap(file);
      const share = SMALL / Math.max(picture.width, picture.height);
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(16, Math.round(picture.width * share));
      canvas.height = Math.max(16, Math.round(picture.height * share));
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
      const grey = new Float32Array(canvas.width * canvas.height);
      for (let at = 0; at < grey.length; at += 1) grey[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
      return { canvas, grey, width: canvas.width, height: canvas.height };
    } catch { return null; /* a kind that this browser cannot draw: the server looks at it */ }
  }

  // Says what is doubtful: mean brightness, variance of the Laplacian, distance of difference hashes.
  function look(small) {
    const { grey, width, height } = small;
    const mean = grey.reduce((sum, each) => sum + each, 0) / grey.length;
    if (mean < DARK) return "dark";
    let sum = 0, squares = 0, count = 0;
    for (let y = 1; y < height - 1; y += 1) for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const edge = 4 * grey[at] - grey[at - 1] - grey[at + 1] - grey[at - width] - grey[at + width];
      sum += edge; squares += edge * edge; count += 1;
    }
    if (squares / count - (sum / count) ** 2 < BLURRED) return "blurred";
    small.hash = hash(small);
    return seen.some((other) => distance(other, small.hash) <= SAME) ? "same" : "";
  }

  function hash({ grey, width, height }) {
    const bits = [];
    const cell = (x, y) => {
      let sum = 0, count = 0;
      for (let v = Math.floor(y * height / 8); v < Math.floor((y + 1) * height / 8); v += 1) for (let u = Math.floor(x * width / 9); u < Math.floor((x + 1) * width / 9); u += 1) { sum += grey[v * width + u]; count += 1; }
      return sum / Math.max(1, count);
    };
    for (let y = 0; y < 8; y += 1) for (let x = 0; x < 8; x += 1) bits.push(cell(x, y) < cell(x + 1, y) ? 1 : 0);
    return bits;
  }

  const distance = (one, other) => one.reduce((sum, bit, place) => sum + (bit === other[place] ? 0 : 1), 0);

  async function queue(shot, file, small) {
    if (small) seen.push(small.hash || hash(small));
    const item = { key: crypto.randomUUID ? crypto.randomUUID() : fallback(), page: root.dataset.evidence, shot: shot.dataset.shot, name: file.name, blob: file, added: Date.now(), location: null };
    // Kept first, shown then: what the page says is waiting survives it.
    const kept = await tus.put(item).then(() => true, () => false);
    live.set(item.key, item);
    if (!lineOf(item)) show(item);
    if (!kept) say(item, root.dataset.wordFull);
    pump();
  }

  function fallback() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    return [...bytes].map((each, place) => (place === 4 || place === 6 || place === 8 || place === 10 ? "-" : "") + each.toString(16).padStart(2, "0")).join("");
  }

  // One tab at a time sends; what another tab has queued is found by it.
  async function pump() {
    asked = true;
    if (busy) return;
    busy = true;
    try {
      while (asked) {
        asked = false;
        if (navigator.locks) await navigator.locks.request("zhuoli.evidence", all); else await all();
      }
    } finally { busy = false; }
  }

  async function all() {
    let tries = 0;
    for (;;) {
      const kept = await tus.waiting(root.dataset.evidence).catch(() => []);
      for (const each of kept) if (!live.has(each.key)) { live.set(each.key, each); show(each); }
      const item = [...live.values()][0];
      if (!item) return;
      try {
        say(item, root.dataset.wordSending);
        const done = await tus.send(item, document.querySelector("[name=csrfmiddlewaretoken]").value, (share) => progress(item, share));
        tries = 0;
        await finish(item, done);
      } catch {
        if (!live.has(item.key)) continue;
        say(item, root.dataset.wordWaiting);
        await tus.pause(tus.AGAIN[Math.min(tries, tus.AGAIN.length - 1)]);
        tries += 1;
      }
    }
  }

  async function finish(item, done) {
    live.delete(item.key);
    await tus.drop(item.key).catch(() => {});
    const line = lineOf(item);
    line.querySelectorAll("progress, button").forEach((each) => each.remove());
    if (done.outcome === "taken") {
      say(item, `✓ ${root.dataset.wordTaken} SHA-256 ${done.sha256}`);
      const shot = root.querySelector(`[data-shot="${CSS.escape(item.shot)}"]`);
      if (shot) {
        shot.classList.add("shot-done");
        const count = shot.querySelector(".shot-count");
        count.dataset.count = String(Number(count.dataset.count) + 1);
        count.textContent = `✓ ${count.dataset.count}`;
      }
      await received().catch(() => {});
    } else {
      line.classList.add("wrong");
      say(item, root.getAttribute(`data-not-${done.outcome}`) || done.outcome);
    }
    root.querySelector("[data-said]").textContent = `${item.name}: ${line.querySelector(".state").textContent}`;
  }

  // What has arrived stands in its list without loading the page anew, which would stop what is still being sent.
  async function received() {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-brought]");
    if (fresh) document.querySelector("[data-brought]").replaceWith(document.adoptNode(fresh));
  }

  function show(item) {
    root.querySelector("[data-queue]").hidden = false;
    const line = document.createElement("li");
    line.id = `q-${item.key}`;
    const name = document.createElement("span");
    name.textContent = item.name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", item.name);
    const state = document.createElement("span");
    state.className = "state";
    state.textContent = root.dataset.wordWaiting;
    const stop = button(root.dataset.wordDrop, "plain", async () => { live.delete(item.key); await tus.drop(item.key); line.remove(); });
    line.append(name, stop, bar, state);
    root.querySelector(".queued").append(line);
  }

  const lineOf = (item) => document.getElementById(`q-${item.key}`);
  function say(item, words) { const line = lineOf(item); if (line) line.querySelector(".state").textContent = words; }
  function progress(item, share) {
    const bar = lineOf(item)?.querySelector("progress");
    if (bar) bar.value = share;
    if (share >= 1) say(item, root.dataset.wordSealing);
  }
}
