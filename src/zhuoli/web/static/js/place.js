"use strict";
// A place by the words of an address, or on a map of the counties; the boxes below always work.
{
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const post = async (url, values) => {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", token());
    for (const [name, value] of Object.entries(values)) data.set(name, value);
    const answer = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  };
  const fill = (words, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words);

  watch(document);
  for (const form of document.querySelectorAll("form[data-form]")) form.addEventListener("drawn", () => watch(form));

  function watch(root) {
    for (const box of root.querySelectorAll("[data-place]")) {
      if (box.watched) continue;
      box.watched = true;
      box.hidden = false;
      const field = box.closest("[data-question]");
      if (box.dataset.place === "place") finder(box, field.querySelector("[data-places]"));
      opener(box, field);
    }
  }
  const tell = (box, text) => { box.querySelector(".place-status").textContent = text; };
  const chosen = (picker) => [...picker.querySelectorAll("select")].filter((each) => each.value);
  const inWords = (picker) => chosen(picker).map((each) => each.selectedOptions[0].text).join(document.documentElement.lang.startsWith("zh") ? "" : ", ");

  // --- by words: a combobox with a list ---------------------------------------------------------------------

  function finder(box, picker) {
    const input = box.querySelector("[role=combobox]");
    const list = box.querySelector("[role=listbox]");
    let timer, asked = 0, at = -1;

    function close() {
      list.hidden = true;
      list.replaceChildren();
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      at = -1;
    }
    function mark(number) {
      const options = [...list.children];
      at = (number + options.length) % options.length;
      options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
      input.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    }
    async function take(option) {
      const name = option.textContent;
      close();
      input.value = name;
      await picker.choose(option.dataset.code);
      tell(box, fill(box.dataset.wordChosen, { place: name }));
    }
    async function look() {
      const turn = ++asked;
      const words = input.value.trim();
      if (!words) { close(); return; }
      let found;
      try { found = (await post(box.dataset.findUrl, { q: words })).places; } catch { return; }
      if (turn !== asked) return;
      close();
      if (!found.length) { tell(box, box.dataset.wordNone); return; }
      found.forEach(([code, name], number) => {
        const option = document.createElement("li");
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.id = `${list.id}-${number}`;
        option.dataset.code = code;
        option.textContent = name;
        option.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
        list.append(option);
      });
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      tell(box, fill(box.dataset.wordFound, { n: found.length }));
    }
    // What is typed here is no answer: it neither changes the form nor is it kept.
    input.addEventListener("input", (event) => {
      event.stopPropagation();
      clearTimeout(timer);
      timer = setTimeout(look, 250);
    });
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
      if (list.hidden) { if (event.key === "ArrowDown") look(); return; }
      if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark(at < 0 ? -1 : at - 1); }
      else if (event.key === "Enter") take(list.children[Math.max(at, 0)]);
      else if (event.key === "Escape") close();
    });
    input.addEventListener("blur", () => setTimeout(close, 150));
  }

  // --- on a map -----------------------------------------------------------------------------------------------

  function opener(box, field) {
    const button = box.querySelector("[data-map]");
    const frame = box.querySelector(".map-box");
    let map = null;
    button.addEventListener("click", async () => {
      const open = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(open));
      frame.hidden = !open;
      if (!open || map) return;
      try { map = await draw(box, field, frame); } catch { tell(box, box.dataset.wordFailed); frame.hidden = true; }
    });
  }

  const loading = {};
  function load(address) {
    loading[address] ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
    return loading[address];
  }

  async function draw(box, field, frame) {
    const words = box.dataset;
    if (!document.querySelector(`link[href="${words.leafletCss}"]`)) {
      const sheet = document.createElement("link");
      sheet.rel = "stylesheet";
      sheet.href = words.leafletCss;
      // Before our own sheets, so that ours have the last word.
      document.head.prepend(sheet);
    }
    const [, counties] = await Promise.all([load(words.leaflet), fetch(words.countiesUrl).then((answer) => answer.json())]);
    const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = L.map(frame.querySelector("[data-map-here]"), { attributionControl: Boolean(words.tiles), zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, minZoom: 4 });
    if (words.tiles) L.tileLayer(words.tiles, { attribution: words.credit, maxZoom: 19 }).addTo(map);
    let now = "";
    const layer = L.geoJSON(counties, {
      style: { className: "county" },
      onEachFeature: (feature, shape) => shape.bindTooltip(feature.properties[lang], { sticky: true, className: "county-name" }),
    }).addTo(map);
    const shapes = new Map();
    layer.eachLayer((shape) => shapes.set(shape.feature.properties.code, shape));
    const mark = L.circleMarker([0, 0], { radius: 8, className: "map-mark" });
    const isPoint = words.place === "point";
    const picker = (isPoint ? field.closest("form") : field).querySelector("[data-places]");
    const input = isPoint ? document.getElementById(words.for) : null;

    function paint(code) {
      if (shapes.has(now)) shapes.get(now).getElement()?.classList.remove("county-chosen");
      now = code ? `${code.slice(0, 6)}000000` : "";
      const shape = shapes.get(now);
      if (shape) { shape.getElement()?.classList.add("county-chosen"); shape.bringToFront(); }
      return shape;
    }
    async function take(lat, lng) {
      const point = `${lng.toFixed(6)},${lat.toFixed(6)}`;
      mark.setLatLng([lat, lng]).addTo(map);
      mark.bringToFront();
      let found;
      try { found = await post(words.atUrl, { point }); } catch { tell(box, words.wordFailed); return; }
      if (!found.code) { tell(box, words.wordOutside); return; }
      if (input) { input.value = point; input.dispatchEvent(new Event("change", { bubbles: true })); }
      const before = picker ? chosen(picker) : [];
      const county = before.length > 1 ? before[1].value : "";
      if (isPoint && county && county.slice(0, 6) !== found.code.slice(0, 6)) {
        // The outlines are newer than the list of places: what somebody has chosen is right.
        tell(box, fill(words.wordOther, { place: found.name }));
        return;
      }
      paint(found.code);
      mark.bringToFront();
      if (picker && !county.startsWith(found.code.slice(0, 6))) await picker.choose(found.code);
      tell(box, fill(words.wordChosen, { place: picker ? inWords(picker) : found.name }));
    }
    map.on("click", (event) => take(event.latlng.lat, event.latlng.lng));
    const centre = () => { const { lat, lng } = map.getCenter(); take(lat, lng); };
    frame.querySelector("[data-map-centre]").addEventListener("click", centre);
    map.getContainer().addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); centre(); } });
    const me = frame.querySelector("[data-map-me]");
    if (navigator.geolocation && !isPoint) {
      me.hidden = false;
      me.addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
        map.setView([coords.latitude, coords.longitude], 10);
        take(coords.latitude, coords.longitude);
      }));
    }
    // Begin where the answers so far lead: the point, the county, the city, else the province.
    const [lng, lat] = (input?.value || "").split(",").map(Number);
    const codes = picker ? chosen(picker).map((each) => each.value) : [];
    const deepest = codes[codes.length - 1] || "";
    const county = codes.length > 1 ? shapes.get(`${deepest.slice(0, 6)}000000`) : null;
    const city = codes.length ? L.featureGroup([...shapes.values()].filter((shape) => shape.feature.properties.code.startsWith(deepest.slice(0, 4)))) : null;
    if (input?.value && Number.isFinite(lat)) { map.setView([lat, lng], 10); mark.setLatLng([lat, lng]).addTo(map); }
    else map.fitBounds((county || (city?.getLayers().length ? city : layer)).getBounds(), { padding: [8, 8] });
    if (county) paint(deepest);
    return map;
  }
}
