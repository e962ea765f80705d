"use strict";
// Uploads that survive a broken line and a closed tab: the tus protocol 1.0.0 (core and creation), with a queue in IndexedDB.
// What is queued has a key of its own; the server makes one upload of one key, so nothing arrives twice.
const tus = (() => {
  const PIECE = 1 << 20;
  const AGAIN = [1000, 2000, 5000, 10000, 20000];
  const VERSION = { "Tus-Resumable": "1.0.0" };
  let opened;

  function base() {
    opened ||= new Promise((resolve, reject) => {
      const request = indexedDB.open("zhuoli.evidence", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("queue", { keyPath: "key" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opened;
  }

  async function store(mode, act) {
    const db = await base();
    return new Promise((resolve, reject) => {
      const change = db.transaction("queue", mode);
      const request = act(change.objectStore("queue"));
      change.oncomplete = () => resolve(request.result);
      change.onabort = change.onerror = () => reject(change.error || request.error);
    });
  }

  const put = (item) => store("readwrite", (queue) => queue.put(item));
  const drop = (key) => store("readwrite", (queue) => queue.delete(key));
  const waiting = async (page) => (await store("readonly", (queue) => queue.getAll())).filter((each) => each.page === page).sort((a, b) => a.added - b.added);

  const coded = (said) => btoa(String.fromCharCode(...new TextEncoder().encode(said)));

  async function ask(url, method, csrf, headers, body) {
    const answer = await fetch(url, { method, body, credentials: "same-origin", redirect: "error", headers: { ...VERSION, "X-CSRFToken": csrf, ...headers } });
    return { status: answer.status, outcome: answer.headers.get("Upload-Outcome"), sha256: answer.headers.get("Upload-Sha256"), offset: Number(answer.headers.get("Upload-Offset") || 0), location: answer.headers.get("Location") };
  }

  // Sends one item to its end; tells how far it is. Returns {outcome, sha256}; throws what is to be tried again.
  async function send(item, csrf, tell) {
    let now;
    if (item.location) {
      now = await ask(item.location, "HEAD", csrf, {});
      if (now.status === 404 || now.status === 410) { item.location = null; await put(item).catch(() => {}); }
    }
    if (!item.location) {
      now = await ask(item.page, "POST", csrf, { "Upload-Length": String(item.blob.size), "Upload-Metadata": `key ${coded(item.key)},shot ${coded(item.shot)},filename ${coded(item.name)}` });
      if (now.status !== 201) return ended(now);
      item.location = now.location;
      await put(item).catch(() => {});
    }
    while (!now.outcome) {
      if (now.offset >= item.blob.size) tell(1);
      const piece = item.blob.slice(now.offset, now.offset + PIECE);
      if (now.offset + piece.size >= item.blob.size) tell(1); else tell(now.offset / item.blob.size);
      const from = now.offset;
      now = await ask(item.location, "PATCH", csrf, { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(from) }, piece);
      if (now.status === 409 || now.status === 423) { await pause(500); now = await ask(item.location, "HEAD", csrf, {}); }
      if (now.status === 404 || now.status === 410) { item.location = null; throw new Error("forgotten"); }
      if (now.status >= 400) return ended(now);
    }
    return now;
  }

  function ended(now) {
    if (now.status >= 500 || now.status === 429 || !now.outcome) throw new Error(String(now.status));
    return now;
  }

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  return { put, drop, waiting, send, pause, AGAIN };
})();
