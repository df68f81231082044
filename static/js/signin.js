// The sign-in dialog: the session ended or the device was locked, the work behind it stays as it is.
import { csrfToken, setCsrfToken } from "./csrf.js";
import { wirePad } from "./pad.js";
import { feedback } from "./sound.js";
import { text } from "./texts.js";
import { quietKeys, typedByScanner } from "./typing.js";

const PIN_DIGITS_MAX = 8;
// Printed in front of the badge number, so that a scanned badge can be told from a scanned item.
const BADGE_PREFIX = "B:";

let dialog = null;
let form = null;
let waiting = [];

export function startSignIn() {
  document.querySelectorAll("[data-pin-pad]").forEach(wireFields);
  dialog = document.getElementById("sign-in");
  if (!dialog) return;
  form = dialog.querySelector("form");
  // Escape is no way past a lock.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.preventDefault());
  form.addEventListener("submit", submit);
  document.body.addEventListener("htmx:responseError", (event) => {
    const { xhr, elt, requestConfig } = event.detail;
    if (xhr.status !== 401 || elt.id === "scanbar") return;
    signInAgain().then(() => again(elt, requestConfig));
  });
}

function wireFields(pad) {
  const { badge, pin } = pad.closest("form").elements;
  wirePad(pad, pin, PIN_DIGITS_MAX);
  // A scanned badge ends with Enter, which leads on to the PIN and sends nothing yet.
  badge.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || pin.value || !badge.value.trim() || badge.closest("dialog")) return;
    event.preventDefault();
    pin.focus();
  });
}

// Resolves when somebody has signed in; a second caller waits for the same dialog.
export function signInAgain(mode = "again") {
  return new Promise((resolve) => {
    if (!dialog) {
      window.location.reload();
      return;
    }
    waiting.push(resolve);
    if (waiting.length === 1) open(mode);
  });
}

async function open(mode) {
  // A dialog that opens in the middle of a code would swallow its other half.
  await quietKeys();
  if (mode === "again") feedback("look");
  const badge = form.elements.badge;
  // Without a badge to fill in for them they have to give one.
  dialog.dataset.mode = mode === "lock" && badge.defaultValue ? "lock" : "again";
  badge.value = badge.defaultValue;
  form.elements.pin.value = "";
  say("");
  dialog.showModal();
  (badge.value ? form.elements.pin : badge).focus();
}

// What was asked for before the session ended is asked again; its key makes sure that it happens once.
function again(element, config) {
  if (!element.isConnected) return;
  if (element.matches("form")) element.requestSubmit();
  else if (config.verb === "get") window.htmx.ajax("GET", config.path, { source: element, target: config.target });
}

function say(message) {
  form.querySelector(".sign-in-message").textContent = message;
}

async function submit(event) {
  event.preventDefault();
  const { badge, pin } = form.elements;
  if (typedByScanner()) sortOut(document.activeElement);
  else if (pin.value.length > PIN_DIGITS_MAX || /\D/.test(pin.value)) sortOut(pin);
  if (!badge.value.trim()) return badge.focus();
  // The badge's Enter leads on to the PIN.
  if (!pin.value) return pin.focus();
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  try {
    await check(badge.value.trim(), pin.value);
  } finally {
    button.disabled = false;
  }
}

// A scan is never a PIN. A badge goes where it belongs, a code for the task is kept for later, whoever does not look
// at the screen while scanning.
function sortOut(field) {
  const { badge, pin } = form.elements;
  const code = field.value;
  if (field !== badge && field !== pin) return;
  if (!code.startsWith(BADGE_PREFIX) && !document.dispatchEvent(new CustomEvent("storehand:scan", { cancelable: true, detail: code }))) {
    field.value = field === badge ? badge.defaultValue : "";
    say(text("scan_kept"));
    return;
  }
  badge.value = code;
  pin.value = "";
  dialog.dataset.mode = "again";
}

async function check(badge, pin) {
  let answer = null;
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      body: new URLSearchParams({ badge, pin }),
    });
    answer = await response.json();
  } catch (error) {
    const offline = !(error instanceof SyntaxError);
    say(text(offline ? "pin_offline" : "pin_failed"));
    // The shell shows nothing of anybody, and what is scanned there is sent after the PIN alone.
    const shell = document.getElementById("go-on-offline");
    if (shell) shell.hidden = !offline || !navigator.serviceWorker?.controller || Boolean(document.body.dataset.offline);
    return;
  }
  form.elements.pin.value = "";
  if (!answer.ok) {
    say(answer.message || text("pin_failed"));
    form.elements.pin.focus();
    return;
  }
  if (answer.csrf) setCsrfToken(answer.csrf);
  // Another associate has work of their own: this page is not theirs to go on with.
  if (answer.redirect || answer.badge !== document.body.dataset.badge) {
    window.location.assign(answer.redirect || "/");
    return;
  }
  dialog.close();
  waiting.forEach((resolve) => resolve());
  waiting = [];
}
