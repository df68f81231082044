// The service worker, for devices on which somebody is signed in: customers' browsers keep nothing of us.
import { connectionState } from "../connection.js";
import { postsWaiting } from "../queue/outbox.js";
import { quietKeys } from "../typing.js";

const LANGUAGE = "storehand.shell-language";
const LOOK_MS = 1000;

export function startWorker() {
  const workers = navigator.serviceWorker;
  if (!workers || !document.body.dataset.associate) return;
  // Pages bring their own scripts, so only a page that stays open for long is left with old ones. The first worker of
  // all replaces nothing.
  let controlled = Boolean(workers.controller);
  workers.addEventListener("controllerchange", () => {
    if (controlled) reloadWhenQuiet();
    controlled = true;
  });
  workers.register("/service-worker.js", { updateViaCache: "none" }).then(keepLanguage).catch(() => {
    // Not served over https, or forbidden: then there is no shell.
  });
}

// The shell is kept in one language, the one of whoever signed in last.
async function keepLanguage() {
  if (document.body.dataset.offline) return;
  const { lang } = document.documentElement;
  const registration = await navigator.serviceWorker.ready;
  if (window.localStorage.getItem(LANGUAGE) === lang) return;
  registration.active.postMessage("shell");
  window.localStorage.setItem(LANGUAGE, lang);
}

async function reloadWhenQuiet() {
  // A form that is being filled in keeps its page; the next page is new anyway.
  if (!document.getElementById("scanbar")) return;
  await quietKeys();
  const busy = postsWaiting() || connectionState() !== "online" || document.querySelector("dialog[open], form[aria-busy]")
    || [...document.querySelectorAll("#scan, #screen input:not([type=hidden]), #screen textarea")].some((field) => field.value !== field.defaultValue);
  if (busy) window.setTimeout(reloadWhenQuiet, LOOK_MS);
  else window.location.reload();
}
