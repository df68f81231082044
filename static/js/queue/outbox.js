// What waits to be sent, on every page of whoever is signed in.
import { connectionState, setWaiting } from "../connection.js";
import { newKey } from "../keys.js";
import { serverTime } from "../clocks.js";
import { PostQueue } from "./queue.js";
import { showRefused } from "./refused.js";
import { tell } from "./round.js";
import { Sender } from "./sender.js";

let queue = null;
let sender = null;
let ready = () => {};

export const outboxReady = new Promise((resolve) => { ready = resolve; });

export function startOutbox() {
  const { associate, associateName } = document.body.dataset;
  if (!associate) {
    // Whoever signs out, and whoever comes next, reads there whose scans this device still has.
    if (document.querySelector("form.sign-in")) {
      open("");
      queue.load();
    }
    return ready();
  }
  // Full elsewhere, a browser may clear what it was not asked to keep.
  navigator.storage?.persist?.().catch(() => {});
  open(associate);
  queue.name = associateName ?? "";
  window.addEventListener("online", sendNow);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendNow());
  changed();
  queue.load().then(() => {
    // Made on a page that is gone: nobody sees their answers here.
    queue.markWaited();
    ready();
    sender.pump();
  });
}

function open(associate) {
  queue = new PostQueue(associate, changed);
  sender = new Sender(queue, show);
}

function changed() {
  show();
  showRefused(queue, sendNow);
  tell("changed");
}

// advice: what to do if the server says no, for the list of refusals.
export function enqueue({ url, fields, kind = "scan", label = "", advice = "", page = window.location.pathname, key = newKey() }) {
  const made_at = serverTime().toISOString();
  const waited = connectionState() !== "online";
  const added = queue.add({ key, url, fields, kind, label, advice, page, made_at, waited, who_name: queue.name });
  tell("queued", { entry: added.entry });
  // Counted from the moment the disk has it, or has said that it won't.
  added.safe.then(show);
  sender.soon();
  return { ...added, behind: queue.waitsBehind(added.entry) };
}

// Whether a post to this address would overtake what has to wait.
export function waitsBehind(url) {
  return Boolean(queue?.waitsBehind({ url, fields: {} }));
}

// Undo by dropping: only for what has certainly had no effect. Null, or a Promise<boolean> that it is off the disk: a
// unit that somebody has put back must not come back with the next start.
export function withdraw(key) {
  const entry = queue?.posts.get(key);
  if (!entry || entry.tried || entry.who !== queue.who) return null;
  const safe = queue.drop(key);
  show();
  tell("withdrawn", { entry });
  return safe;
}

export function waitingPosts() {
  return queue ? queue.mine() : [];
}

export function postsWaiting() {
  return queue ? queue.length : 0;
}

// An undo must follow the scans before it, not overtake them.
export function postsSent() {
  return sender ? sender.whenSent() : Promise.resolve();
}

export function sendNow() {
  sender?.now();
}

function show() {
  const others = queue.others();
  const names = [...new Set(others.map((entry) => entry.who_name))].filter(Boolean).join(", ");
  const round = sender?.round;
  const total = round?.crowd && connectionState() === "online" ? round.done + queue.length : 0;
  setWaiting({ mine: queue.kept, others: others.length, names, stored: queue.stored, done: round?.done ?? 0, total });
}
