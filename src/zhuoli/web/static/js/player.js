"use strict";
// Steps through playback copies picture by picture, two of them side by side in time; and takes points of a sketch.
{
  const FRAME = 1 / 25;
  const player = document.querySelector("[data-player]");
  if (player) begin(player);
  const board = document.querySelector("[data-sketch]");
  if (board) draw(board);

  function begin(root) {
    root.hidden = false;
    const sides = [...root.querySelectorAll(".screen")].map((box) => ({ box, video: box.querySelector("video"), choice: box.querySelector("select"), time: box.querySelector("[data-time]") }));
    const [left, right] = sides;
    let apart = 0;
    for (const side of sides) {
      side.choice.addEventListener("change", () => load(side));
      side.video.addEventListener("timeupdate", () => tell(side));
      side.video.addEventListener("seeked", () => tell(side));
      load(side);
    }
    if (left.choice.options.length > 1) { right.choice.selectedIndex = 2; load(right); }
    const both = () => sides.filter((side) => side.video.src);

    function load(side) {
      const chosen = side.choice.selectedOptions[0];
      if (chosen && chosen.dataset.src) side.video.src = chosen.dataset.src; else { side.video.removeAttribute("src"); side.video.load(); }
      const two = Boolean(left.video.src && right.video.src);
      root.querySelector("[data-do=align]").hidden = !two;
      root.querySelector("[data-align-how]").hidden = !two;
      apart = 0;
      root.querySelector("[data-aligned]").textContent = "";
    }

    function tell(side) {
      const at = side.video.currentTime;
      side.time.textContent = `${Math.floor(at / 60)}:${(at % 60).toFixed(2).padStart(5, "0")}`;
    }

    function seek(at) {
      both().forEach((side) => side.video.pause());
      left.video.currentTime = Math.max(0, Math.min(left.video.duration || 0, at));
      if (right.video.src) right.video.currentTime = Math.max(0, Math.min(right.video.duration || 0, left.video.currentTime + apart));
    }

    // A step ends in the middle of a picture, so that rounding never shows the one before.
    const step = (pictures) => seek((Math.floor(left.video.currentTime / FRAME + 0.01) + pictures + 0.5) * FRAME);
    const acts = {
      "-1": () => seek(left.video.currentTime - 1),
      "+1": () => seek(left.video.currentTime + 1),
      "-f": () => step(-1),
      "+f": () => step(1),
      play: () => {
        const stopped = left.video.paused;
        for (const side of both()) { side.video.playbackRate = root.querySelector("[data-slow]").checked ? 0.25 : 1; if (stopped) side.video.play(); else side.video.pause(); }
        if (stopped && right.video.src) right.video.currentTime = Math.max(0, left.video.currentTime + apart);
      },
      align: () => {
        apart = right.video.currentTime - left.video.currentTime;
        root.querySelector("[data-aligned]").textContent = root.dataset.wordAligned.replace("{s}", apart.toFixed(2));
      },
    };
    root.addEventListener("click", (event) => { const button = event.target.closest("[data-do]"); if (button) acts[button.dataset.do](); });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, button, summary, video, a")) return;
      const name = { " ": "play", ",": "-f", ".": "+f", "[": "-1", "]": "+1" }[event.key];
      if (!name) return;
      event.preventDefault();
      acts[name]();
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-at]");
      if (!link) return;
      event.preventDefault();
      const file = link.closest("[data-piece]").dataset.piece;
      const side = sides.find((each) => each.choice.value === file) || left;
      if (side.choice.value !== file) { side.choice.value = file; load(side); }
      const at = Number(link.dataset.at) + FRAME / 2;
      const go = () => { if (side === left) seek(at); else seek(at - apart); };
      if (side.video.readyState) go(); else side.video.addEventListener("loadedmetadata", go, { once: true });
      root.scrollIntoView({ block: "nearest" });
    });
  }

  function draw(root) {
    const form = root.querySelector("form");
    root.querySelector("[data-target]").hidden = false;
    const over = root.querySelector(".sketch-over");
    const now = () => form.elements._now.value;
    const roads = () => root.querySelectorAll("[data-road]").forEach((each) => { each.hidden = each.dataset.road !== form.elements.road.value; });
    const fields = () => root.querySelectorAll("[data-only]").forEach((each) => { each.hidden = each.dataset.only !== form.elements.road.value; });
    form.elements.road.addEventListener("change", () => { roads(); fields(); });
    roads();
    fields();
    over.addEventListener("click", (event) => {
      const box = over.getBoundingClientRect();
      const point = `${Math.round((event.clientX - box.left) / box.width * 160)} ${Math.round(10 + (event.clientY - box.top) / box.height * 100)}`;
      const field = form.elements[now()];
      field.value = field.value && now() !== "hit" ? `${field.value}, ${point}` : point;
      lines();
    });
    root.querySelector("[data-clear]").addEventListener("click", () => { form.elements[now()].value = ""; lines(); });
    form.addEventListener("input", lines);
    lines();

    function lines() {
      over.replaceChildren();
      for (const [name, kind] of [["way_a", "a"], ["way_b", "b"], ["hit", "hit"]]) {
        const points = form.elements[name].value.split(",").map((each) => each.trim().split(/\s+/).map(Number)).filter((each) => each.length === 2 && each.every(Number.isFinite));
        const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
        line.setAttribute("points", points.map((each) => each.join(",")).join(" "));
        line.setAttribute("class", `pic-way-${kind}`);
        over.append(line);
        for (const [x, y] of points) {
          const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
          dot.setAttribute("cx", x);
          dot.setAttribute("cy", y);
          dot.setAttribute("r", name === "hit" ? 4 : 2);
          dot.setAttribute("class", name === "hit" ? "pic-impact" : `pic-${kind}`);
          over.append(dot);
        }
      }
    }
  }
}
