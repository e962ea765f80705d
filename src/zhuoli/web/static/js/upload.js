"use strict";
// Files are sent one by one as soon as they are chosen: with a small picture, progress, and what is wrong beside each.
{
  const PICTURE = 72;

  for (const form of document.querySelectorAll("form[data-files-url]")) {
    watch(form, form);
    form.addEventListener("drawn", () => watch(form, form.querySelector("[data-questions]")));
    document.addEventListener("submit", (event) => {
      if (event.target !== form || !form.querySelector(".filelist .sending-file")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      document.getElementById("check-status").textContent = form.dataset.wordBusy;
      form.querySelector(".sending-file").scrollIntoView({ block: "center" });
    }, true);
  }

  function watch(form, root) {
    for (const box of root.querySelectorAll("[data-upload]")) {
      if (box.watched) continue;
      box.watched = true;
      const input = box.querySelector("input[type=file]:not([data-camera])");
      const pick = box.querySelector("[data-pick]");
      pick.hidden = false;
      input.classList.add("visually-hidden");
      const camera = box.querySelector("[data-camera]");
      if (camera && window.matchMedia("(pointer: coarse)").matches) camera.closest("label").hidden = false;
      for (const source of [input, camera]) {
        if (!source) continue;
        source.addEventListener("change", (event) => {
          event.stopPropagation();
          const files = [...source.files];
          source.value = "";
          for (const file of files) add(form, box, input.name, file);
        });
      }
      box.addEventListener("click", (event) => {
        const button = event.target.closest("[data-remove]");
        if (!button) return;
        event.preventDefault();
        remove(form, box, button.closest("li"));
      });
    }
  }

  function add(form, box, name, file) {
    const words = box.dataset;
    const line = document.createElement("li");
    const thumb = document.createElement("canvas");
    thumb.className = "preview";
    thumb.width = thumb.height = PICTURE;
    thumb.setAttribute("aria-hidden", "true");
    const title = document.createElement("span");
    title.className = "file-name";
    title.textContent = `${file.name} `;
    const size = document.createElement("span");
    size.className = "quiet small";
    size.textContent = readable(file.size);
    line.dataset.name = file.name;
    title.append(size);
    line.append(thumb, title);
    box.querySelector(".filelist").append(line);
    preview(file, thumb);
    const held = form.querySelectorAll("input[name=_file], .sending-file").length;
    if (file.size > Number(words.limit) * 1024 * 1024) return fail(form, box, line, file, words.wordLarge);
    if (held >= Number(words.most)) return fail(form, box, line, file, words.wordMany);
    return send(form, box, name, file, line);
  }

  function send(form, box, name, file, line) {
    line.classList.add("sending-file");
    const progress = document.createElement("progress");
    progress.max = 1;
    progress.value = 0;
    progress.setAttribute("aria-label", file.name);
    line.append(progress);
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("_key", form.elements._key.value);
    for (const token of form.querySelectorAll("input[name=_file]")) data.append("_file", token.value);
    data.set(name, file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.filesUrl);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress.value = event.loaded / event.total; });
    request.addEventListener("loadend", () => {
      progress.remove();
      line.classList.remove("sending-file");
      const answer = request.response || {};
      if (request.status === 200 && answer.files && answer.files.length) return done(form, box, line, answer.files[0]);
      return fail(form, box, line, file, answer.wrong ? answer.wrong.join(" ") : box.dataset.wordLost, request.status === 422 ? null : () => send(form, box, name, file, line));
    });
    request.send(data);
  }

  function done(form, box, line, kept) {
    line.querySelectorAll(".mistake, button").forEach((each) => each.remove());
    const token = document.createElement("input");
    token.type = "hidden";
    token.name = "_file";
    token.value = kept.token;
    line.append(token, removal(box, kept.name));
    box.querySelector("[data-upload-status]").textContent = `${box.dataset.wordDone} ${kept.name}`;
    changed(box);
  }

  function fail(form, box, line, file, why, again) {
    line.querySelectorAll(".mistake, button").forEach((each) => each.remove());
    const mistake = document.createElement("span");
    mistake.className = "mistake";
    mistake.textContent = why;
    line.append(mistake);
    if (again) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      button.textContent = box.dataset.wordAgain;
      button.addEventListener("click", () => { mistake.remove(); button.remove(); again(); });
      line.append(button);
    }
    line.append(removal(box, file.name));
    box.querySelector("[data-upload-status]").textContent = `${file.name}: ${why}`;
  }

  function removal(box, name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.dataset.remove = "";
    button.textContent = box.dataset.wordRemove;
    const of = document.createElement("span");
    of.className = "visually-hidden";
    of.textContent = ` ${name}`;
    button.append(of);
    return button;
  }

  function remove(form, box, line) {
    const next = line.nextElementSibling || line.previousElementSibling;
    line.remove();
    (next?.querySelector("[data-remove]") || box.querySelector("input[type=file]")).focus();
    changed(box);
  }

  function changed(box) {
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function preview(file, canvas) {
    if (!file.type.startsWith("image/")) return;
    try {
      const picture = await createImageBitmap(file);
      const side = Math.min(picture.width, picture.height);
      canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, PICTURE, PICTURE);
    } catch { /* a kind that this browser cannot draw */ }
  }

  function readable(size) {
    return size < 1e6 ? `${Math.max(1, Math.round(size / 1000))} KB` : `${(size / 1e6).toFixed(1)} MB`;
  }
}
