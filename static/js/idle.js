// A device that nobody touches locks itself and keeps the task.
import { csrfToken } from "./csrf.js";
import { signInAgain } from "./signin.js";

const CHECK_MS = 1000;

let touched = Date.now();
let locked = false;

export function startIdleLock() {
  const limit = Number(document.body.dataset.idleSeconds) * 1000;
  const dialog = document.getElementById("sign-in");
  if (!limit || !dialog) return;
  for (const sign of ["pointerdown", "keydown", "wheel", "touchmove", "storehand:scan"]) {
    window.addEventListener(sign, () => { touched = Date.now(); }, { capture: true, passive: true });
  }
  const check = () => {
    if (!locked && Date.now() - touched >= limit) lock(dialog);
  };
  // Timers sleep with the screen, so the moment of waking is checked too.
  window.setInterval(check, CHECK_MS);
  document.addEventListener("visibilitychange", check);
}

async function lock(dialog) {
  locked = true;
  // Where the server can't be reached the device is locked all the same; its own idle limit ends the session.
  fetch(dialog.dataset.lockUrl, { method: "POST", headers: { "X-CSRFToken": csrfToken() }, keepalive: true }).catch(() => {});
  await signInAgain("lock");
  touched = Date.now();
  locked = false;
}
