// The service worker, for devices on which somebody is signed in: customers' browsers keep nothing of us.
import { connectionState } from "../connection.js";
import { postsWaiting } from "../queue/outbox.js";
import { quietKeys } from "../typing.js";

const LOOK_MS = 1000;

// known: a promise, that the disk knows who is signed in. A shell that came up before would know nobody.
export function startWorker(known) {
  const workers = navigator.serviceWorker;
  if (!workers || !document.body.dataset.associate) return;
  // Pages bring their own scripts, so only a page that stays open for long is left with old ones. The first worker of
  // all replaces nothing.
  let controlled = Boolean(workers.controller);
  workers.addEventListener("controllerchange", () => {
    if (controlled) reloadWhenQuiet();
    controlled = true;
  });
  known.then(() => workers.register("/service-worker.js", { updateViaCache: "none" })).then(keepLanguage).catch(() => {
    // Not served over https, or forbidden: then there is no shell.
  });
}

// The shell is kept in one language, the one of whoever signed in last. Which one it has, the kept page itself says.
async function keepLanguage() {
  if (document.body.dataset.offline) return;
  const { lang } = document.documentElement;
  const registration = await navigator.serviceWorker.ready;
  registration.active.postMessage({ shellIn: lang });
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
