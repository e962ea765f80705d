"use strict";
// Passkeys: a form with data-passkey asks the browser for a credential and sends it along. Needs allauth's webauthn-json.js.
const given = document.getElementById("passkey-data");
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
      form.submit();
    } catch (error) {
      tell(form, form.dataset.failed);
    }
  }, true);
}
async function ask(form) {
  if (form.dataset.passkey === "create") {
    const options = JSON.parse(given.textContent).creation_options;
    const alone = form.elements.passwordless && form.elements.passwordless.checked;
    const selection = options.publicKey.authenticatorSelection;
    selection.residentKey = alone ? "required" : "discouraged";
    selection.requireResidentKey = Boolean(alone);
    if (alone) selection.userVerification = "required";
    return window.webauthnJSON.create(options);
  }
  if (form.dataset.passkey === "get") return window.webauthnJSON.get(JSON.parse(given.textContent).request_options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return window.webauthnJSON.get((await answer.json()).request_options);
}
function tell(form, words) {
  let line = form.querySelector(".mistake");
  if (!line) {
    line = document.createElement("p");
    line.className = "mistake";
    line.setAttribute("role", "alert");
    form.append(line);
  }
  line.textContent = words;
}
