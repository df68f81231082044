// Forms that write. Each carries a key: a double tap sends the same one, a new intent gets a new one.
import { showBand, showLocalBand } from "./bands.js";
import { setConnection } from "./connection.js";
import { newKey } from "./keys.js";
import { whoOf } from "./ours.js";
import { behindBand } from "./queue/kept.js";
import { postsSent, postsWaiting, waitsBehind } from "./queue/outbox.js";

function writes(element) {
  return element instanceof HTMLFormElement && element.elements.key !== undefined && !element.closest("#scanbar");
}

export function startForms() {
  const body = document.body;
  body.addEventListener("htmx:confirm", waitForScans);
  body.addEventListener("htmx:beforeRequest", (event) => writes(event.detail.elt) && setBusy(event.detail.elt, true));
  body.addEventListener("htmx:afterRequest", answered);
  for (const failure of ["htmx:sendError", "htmx:timeout"]) {
    body.addEventListener(failure, (event) => {
      if (event.detail.elt.id === "scanbar") return;
      setConnection("offline");
      if (writes(event.detail.elt) && !event.detail.elt.dataset.kept) showLocalBand("band-not-saved");
    });
  }
  body.addEventListener("htmx:responseError", (event) => {
    const { xhr, elt } = event.detail;
    if (elt.id === "scanbar" || xhr.status === 401) return;
    if (xhr.status >= 500) setConnection("server");
    if (writes(elt) && !elt.dataset.kept) showLocalBand("band-not-saved");
  });
  body.addEventListener("htmx:afterSettle", toWrongField);
  // Plain posts, without htmx: the second tap of a double tap must not reach the server.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!writes(form) || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "true";
  });
}

// Taps queue up behind the scans made before them. Scans redraw the buttons, so afterwards the same form is looked up
// again; if the screen offers it no more, the tap was meant for something that has gone.
function waitForScans(event) {
  const { elt, issueRequest } = event.detail;
  if (!writes(elt)) return;
  if (waitsBehind(elt.getAttribute("action") ?? "")) {
    // It would overtake the scans before it.
    event.preventDefault();
    showBand(behindBand());
    return;
  }
  if (postsWaiting() === 0) return;
  event.preventDefault();
  if (elt.dataset.waits) return;
  elt.dataset.waits = "true";
  setBusy(elt, true);
  postsSent().then(() => {
    delete elt.dataset.waits;
    setBusy(elt, false);
    // The device has queued it by itself meanwhile.
    if (elt.dataset.kept) return;
    if (elt.isConnected) issueRequest(true);
    else submitTwin(elt);
  });
}

function submitTwin(gone) {
  const action = gone.getAttribute("action");
  const twin = [...document.querySelectorAll("form")].find((form) => writes(form) && form.getAttribute("action") === action);
  if (!twin) {
    showLocalBand("band-changed");
    return;
  }
  for (const field of gone.elements) {
    const own = field.name && field.name !== "csrfmiddlewaretoken" ? twin.elements[field.name] : null;
    if (own) own.value = field.value;
  }
  twin.requestSubmit();
}

function answered(event) {
  const { elt, xhr } = event.detail;
  if (!writes(elt)) return;
  setBusy(elt, false);
  // Any judgement ends the intent; silence, a broken server or a lost session does not.
  const judged = whoOf(xhr) && xhr.status >= 200 && xhr.status < 500 && xhr.status !== 401;
  if (judged) elt.elements.key.value = newKey();
}

// What is to be typed again may lie below the fold, or under the pinned button.
function toWrongField(event) {
  const { verb, elt } = event.detail.requestConfig ?? {};
  if (verb !== "post" || elt?.id === "scanbar") return;
  const field = document.querySelector("#screen [aria-invalid=true]");
  if (!field || field === document.activeElement) return;
  field.focus({ preventScroll: true });
  field.scrollIntoView({ block: "center" });
}

function setBusy(form, busy) {
  if (busy) form.setAttribute("aria-busy", "true");
  else form.removeAttribute("aria-busy");
  // Its elements, not what lies inside: the button may be pinned below and belong to it by its form attribute.
  for (const button of form.elements) if (button.matches("button:not([type=button])")) button.disabled = busy;
}
