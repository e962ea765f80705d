"use strict";
// On a phone a form is asked one question at a time, with a look at everything before it is sent.
{
  const phone = window.matchMedia("(max-width: 48rem)");
  for (const form of document.querySelectorAll("form[data-steps]")) stepper(form);

  function stepper(form) {
    const words = form.dataset;
    const place = form.querySelector("[data-questions]");
    const sending = form.querySelector(".sending");
    const kept = form.elements._step;
    const REVIEW = "*";
    let here = "";

    const head = element("div", "steps-head");
    const bar = element("progress");
    const count = element("p", "steps-count");
    head.append(count, bar);
    const foot = element("div", "steps-foot");
    const back = element("button", "second", words.wordBack);
    const next = element("button", "", words.wordNext);
    back.type = next.type = "button";
    foot.append(back, next);
    const review = element("div", "review");
    review.tabIndex = -1;

    const fields = () => [...place.querySelectorAll(":scope > [data-question]")];
    const order = () => [...fields().map((field) => field.dataset.question), REVIEW];
    const title = (field) => field.querySelector("legend, label").firstChild.textContent.trim();

    function show(name, focus = true) {
      const names = order();
      here = names.includes(name) ? name : names[0];
      const at = names.indexOf(here);
      const last = here === REVIEW;
      let group = "", heading = "";
      for (const child of place.children) {
        if (child.matches("h2")) heading = child.textContent;
        const mine = child.dataset.question === here;
        if (mine) group = heading;
        // A note is read with the question after it, and at the end with the review.
        const note = child.matches(".aside") && (follows(child) === here);
        child.classList.toggle("here", mine || note);
      }
      kept.value = last ? "" : here;
      bar.max = names.length - 1;
      bar.value = at + (last ? 0 : 1);
      const told = last ? words.wordReview : words.wordStep.replace("{n}", at + 1).replace("{all}", names.length - 1);
      count.textContent = group && !last ? `${group} · ${told}` : told;
      bar.setAttribute("aria-label", told);
      back.hidden = at === 0;
      foot.classList.toggle("away", last);
      sending.classList.toggle("here", last);
      review.hidden = !last;
      if (last) draw();
      if (!focus) return;
      const target = last ? review : fields()[at];
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
      head.scrollIntoView({ block: "start" });
    }
    function follows(note) {
      let after = note.nextElementSibling;
      while (after && !after.dataset.question) after = after.nextElementSibling;
      return after ? after.dataset.question : REVIEW;
    }
    function go(name) {
      history.pushState({ step: name }, "");
      show(name);
    }
    async function forward() {
      next.disabled = true;
      const fine = await form.checkQuestion(here, true);
      next.disabled = false;
      const field = fields().find((each) => each.dataset.question === here);
      if (!fine) {
        field.querySelector(field.classList.contains("wrong") ? "input, textarea, select" : ".danger a")?.focus();
        return;
      }
      const names = order();
      go(names[names.indexOf(here) + 1]);
    }
    function draw() {
      const list = element("dl", "answers");
      for (const field of fields()) {
        const term = element("dt", "", title(field));
        const value = element("dd", "", said(field) || words.wordEmpty);
        if (!said(field)) value.classList.add("quiet");
        const change = element("button", "plain", words.wordChange);
        change.type = "button";
        change.setAttribute("aria-label", `${words.wordChange}: ${title(field)}`);
        change.addEventListener("click", () => go(field.dataset.question));
        value.append(" ", change);
        list.append(term, value);
      }
      const heading = element("h2", "", words.wordReview);
      review.replaceChildren(heading, list);
    }
    function said(field) {
      const files = [...field.querySelectorAll(".filelist li:has(input)")].map((each) => each.dataset.name);
      if (field.querySelector(".upload")) return files.join(", ");
      const boxes = [...field.querySelectorAll("[data-places] select")];
      if (boxes.length) return boxes.filter((box) => box.value).map((box) => box.selectedOptions[0].text).join(" ");
      const chosen = [...field.querySelectorAll("input:checked")].map((box) => box.closest("label").querySelector("span").firstChild.textContent.trim());
      if (chosen.length) return chosen.join(", ");
      const box = field.querySelector("textarea, input:not([type=radio], [type=checkbox], [type=hidden])");
      return box ? inWords(box) : "";
    }
    // A date as people read it, not as the machine keeps it.
    function inWords(box) {
      const value = box.value.trim();
      const timed = box.type === "datetime-local";
      const at = timed ? new Date(value) : new Date(`${value}T00:00`);
      if ((!timed && box.type !== "date") || Number.isNaN(at.getTime())) return value;
      return new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", ...(timed ? { timeStyle: "short" } : {}) }).format(at);
    }

    function begin() {
      form.classList.add("stepping");
      form.prepend(head);
      place.after(foot);
      place.after(review);
      const wrong = place.querySelector(":scope > .wrong");
      const linked = location.hash && place.querySelector(`:scope > :has(${CSS.escape ? `#${CSS.escape(location.hash.slice(1))}` : "*"})`);
      const start = wrong || linked;
      show(start ? start.dataset.question : kept.value || order()[0], false);
      history.replaceState({ ...history.state, step: here }, "");
    }
    function end() {
      form.classList.remove("stepping");
      for (const part of [head, foot, review]) part.remove();
    }
    back.addEventListener("click", () => { const names = order(); go(names[Math.max(0, names.indexOf(here) - 1)]); });
    next.addEventListener("click", forward);
    form.addEventListener("keydown", (event) => {
      const stepping = form.classList.contains("stepping") && here !== REVIEW;
      if (event.key !== "Enter" || !stepping || event.defaultPrevented || !event.target.matches("input:not([role=combobox])")) return;
      event.preventDefault();
      forward();
    });
    form.addEventListener("drawn", () => { if (form.classList.contains("stepping")) show(here, false); });
    window.addEventListener("popstate", (event) => {
      if (form.classList.contains("stepping") && event.state?.step) show(event.state.step);
    });
    // A link of the summary of mistakes leads to the step.
    document.querySelectorAll("#problem a[href^='#']").forEach((link) => link.addEventListener("click", () => {
      const target = document.getElementById(link.hash.slice(1));
      const field = target && target.closest("[data-question]");
      if (field && form.classList.contains("stepping")) show(field.dataset.question);
    }));
    phone.addEventListener("change", () => (phone.matches ? begin() : end()));
    if (phone.matches) begin();
  }

  function element(tag, name = "", text = "") {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    return made;
  }
}
