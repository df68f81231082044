// The offline shell: the page that stands in where the server did not answer. It draws what the device holds.
import { heldFor, heldWork } from "./held.js";
import { outboxReady, postsSent, sendNow } from "../queue/outbox.js";
import { setScan } from "../scan.js";
import { quietKeys } from "../typing.js";

const LOOK_MS = 2000;
const LOOK_MAX_MS = 8000;
const HEARD_MS = 1000;
const TRIES = "storehand.shell-tries";

const drawers = new Map();
const summaries = new Map();

// fn(work, {task, screen, actions}) draws work of this kind and says by setScan where its scans go. summary(work) is the
// work as it stands by now, for the list of all; null where nothing of it is left.
export function drawWith(kind, fn, summary) {
  drawers.set(kind, fn);
  summaries.set(kind, summary);
}

export function startShell() {
  if (!document.body.dataset.offline) {
    window.sessionStorage.removeItem(TRIES);
    return;
  }
  outboxReady.then(redraw);
  redraw();
  document.addEventListener("storehand:changed", redraw);
  window.addEventListener("online", look);
  window.addEventListener("beforeunload", () => { leaving = true; });
  document.getElementById("shell-again").addEventListener("click", () => window.location.reload());
  look();
}

export async function redraw() {
  if (!document.body.dataset.offline) return;
  const path = window.location.pathname;
  const work = await heldFor(path);
  const [task, screen, actions] = ["task", "screen", "actions"].map((id) => document.getElementById(id));
  if (work && drawers.has(work.kind)) {
    drawers.get(work.kind)(work, { task, screen, actions });
    return;
  }
  setScan({ url: "" });
  if (path === "/") drawHome(screen, await heldWork());
  else screen.replaceChildren(copyOf("shell-nothing"));
}

function copyOf(id) {
  return document.getElementById(id).content.cloneNode(true);
}

function drawHome(screen, held) {
  const works = held.map((work) => (summaries.has(work.kind) ? summaries.get(work.kind)(work) : work)).filter(Boolean);
  if (!works.length) {
    screen.replaceChildren(copyOf("shell-empty"));
    return;
  }
  const list = document.createElement("ul");
  list.className = "stack";
  for (const { path, title, detail, due_at } of works) {
    const card = copyOf("shell-work");
    card.querySelector("a").href = path;
    card.querySelector(".work-title").textContent = title;
    card.querySelector(".muted").textContent = detail;
    const due = card.querySelector("time");
    if (due_at) due.dataset.countdown = due.dateTime = due_at;
    else due.remove();
    list.append(card);
  }
  screen.replaceChildren(list, copyOf("shell-more"));
}

// Somebody goes to another page, whose answer takes its time: coming back to this one would call that off.
let leaving = false;
let timer = 0;
let wait = LOOK_MS;

// Whether the server answers again; asked without the session, which must not be kept alive by a device in a pocket.
async function look() {
  window.clearTimeout(timer);
  if (document.visibilityState !== "hidden" && (await answers())) {
    await goBack();
    return;
  }
  timer = window.setTimeout(look, wait * (0.8 + Math.random() * 0.4));
  wait = Math.min(wait * 1.5, LOOK_MAX_MS);
}

async function answers() {
  try {
    const answer = await fetch("/offline/", { method: "HEAD", credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(3000) });
    return answer.ok;
  } catch {
    return false;
  }
}

// What waits goes first, then the page that was asked for; never in the middle of a code.
async function goBack() {
  await outboxReady;
  sendNow();
  await postsSent();
  // A server that answers this question but not the page is not asked for it in a circle.
  const tries = Number(window.sessionStorage.getItem(TRIES)) || 0;
  window.sessionStorage.setItem(TRIES, tries + 1);
  if (tries) await new Promise((resolve) => window.setTimeout(resolve, Math.min(LOOK_MS * tries, LOOK_MAX_MS)));
  await quietKeys();
  await askForPatience();
  if (leaving) return;
  window.location.reload();
}

// The worker must have heard it before the page is asked for, or it is as impatient as before.
function askForPatience() {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return null;
  const { port1, port2 } = new MessageChannel();
  worker.postMessage("patience", [port2]);
  return new Promise((resolve) => {
    port1.onmessage = resolve;
    window.setTimeout(resolve, HEARD_MS);
  });
}
