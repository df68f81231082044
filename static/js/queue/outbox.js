// Sends what waits, one at a time in order, on every page of whoever is signed in.
import { TRIES_MAX, isPostsFault } from "../offline/breaks.js";
import { connectionState, setConnection, setWaiting } from "../connection.js";
import { newKey } from "../keys.js";
import { serverTime } from "../clocks.js";
import { PostQueue } from "./queue.js";
import { refreshScreen } from "./refresh.js";
import { showRefused } from "./refused.js";
import { answered, nextPause } from "./retries.js";
import { sendPost } from "./send.js";
import { signInAgain } from "../signin.js";
import { text } from "../texts.js";

// More than these nobody wants to see go by one after the other.
const FEW = 3;

let queue = null;
let sending = false;
let timer = 0;
let resting = false;
let idle = [];
let run = null;
let ready = () => {};

export const outboxReady = new Promise((resolve) => { ready = resolve; });

export function startOutbox() {
  const { associate, associateName } = document.body.dataset;
  if (!associate) {
    // Whoever signs out, and whoever comes next, reads there whose scans this device still has.
    if (document.querySelector("form.sign-in")) {
      queue = new PostQueue("", changed);
      queue.load();
    }
    return ready();
  }
  // Full elsewhere, a browser may clear what it was not asked to keep.
  navigator.storage?.persist?.().catch(() => {});
  queue = new PostQueue(associate, changed);
  queue.name = associateName ?? "";
  window.addEventListener("online", sendNow);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendNow());
  changed();
  queue.load().then(() => {
    // Made on a page that is gone: nobody sees their answers here.
    queue.markWaited();
    ready();
    pump();
  });
}

function tell(name, detail = {}) {
  document.dispatchEvent(new CustomEvent(`storehand:${name}`, { detail }));
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
  // A server that has just said "too much" is not asked again for every scan; a lost network costs nothing to try.
  if (!resting) pump();
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
  if (!postsWaiting()) return Promise.resolve();
  return new Promise((resolve) => idle.push(resolve));
}

export function sendNow() {
  window.clearTimeout(timer);
  resting = false;
  pump();
}

async function pump() {
  if (sending || !queue) return;
  sending = true;
  let emptied = false;
  try {
    // The tabs share the queue: one of them sends at a time, or the order is lost.
    emptied = await (navigator.locks ? navigator.locks.request("storehand.scans", drain) : drain());
  } finally {
    sending = false;
    run = null;
    show();
  }
  if (!emptied) return;
  if (queue.length) {
    // Made after the last look at the queue and before this line.
    pump();
    return;
  }
  idle.forEach((resolve) => resolve());
  idle = [];
}

// True when nothing is left, false when it has to wait or the page is going.
async function drain() {
  // What another tab has sent while this one waited for its turn; what this device still holds from before.
  await (queue.behind ? queue.load() : queue.loading);
  run = { done: 0, refused: 0, crowd: queue.length > FEW, stale: false, leadsTo: "" };
  for (let entry = queue.head(); entry; entry = queue.head()) {
    const bar = watchingBar(entry);
    queue.markTried(entry);
    const answer = await sendPost(entry, bar);
    if (answer.outcome === "retry") {
      if (await sticks(entry)) continue;
      waitAndRetry(answer);
      return false;
    }
    answered();
    if (answer.outcome === "stranger") {
      // Their own page; what waits stays for its owner.
      window.location.reload();
      return false;
    }
    if (answer.outcome === "signin") {
      // Not here: whoever signs in in another tab must not wait for this one's dialog.
      askToSignIn();
      return false;
    }
    setConnection("online");
    settle(entry, answer, bar);
    if (answer.leaving) return false;
  }
  return finish();
}

async function askToSignIn() {
  resting = true;
  setConnection("sign_in");
  await signInAgain();
  setConnection("online");
  sendNow();
}

// Whether the server breaks on this post alone, again and again, on this page and on those before. Then it stands in
// the list of refusals until somebody has decided, the rest of its work waits, and everything else goes on.
async function sticks({ key }) {
  if (!await isPostsFault()) return false;
  const tries = (queue.posts.get(key)?.tries ?? 0) + 1;
  const stuck = tries >= TRIES_MAX;
  queue.note(key, { tries, stuck });
  if (stuck) changed();
  return stuck;
}

// The bar whose screen shows what becomes of the post, if somebody is to see it there.
function watchingBar(entry) {
  const bar = document.getElementById("scanbar");
  const own = bar && entry.kind === "scan" && entry.url === bar.dataset.scanUrl && !document.body.dataset.offline;
  return own && !(run.crowd && entry.waited) ? bar : null;
}

function settle(entry, answer, bar) {
  const { outcome, status, detail, link, link_label } = answer;
  const title = answer.title || (outcome === "refused" ? text("refused") : "");
  run.done += 1;
  // The screen's own scan has just drawn it anew.
  run.stale = !bar && (run.stale || entry.page === window.location.pathname);
  run.leadsTo = bar ? "" : answer.leadsTo && run.stale ? answer.leadsTo : run.leadsTo;
  // On the screen's own, watched scans the band has said it.
  if (outcome === "refused" && (entry.waited || !answer.swapped)) {
    run.refused += 1;
    queue.refuse(entry, { status, title, detail, link, link_label });
    showRefused(queue, sendNow);
  } else queue.drop(entry.key);
  show();
  tell("settled", { entry, outcome, status, title, detail, seen: Boolean(bar && answer.swapped) });
}

// What the screen shows is older than what has just been sent behind it: once for all of them.
async function finish() {
  const { done, refused, stale, leadsTo, crowd } = run;
  if (crowd) tell("replayed", { count: done, refused });
  if (document.body.dataset.offline || !stale || queue.length) return true;
  if (leadsTo) {
    window.location.assign(leadsTo);
    return false;
  }
  await refreshScreen();
  return true;
}

function waitAndRetry(answer) {
  queue.markWaited();
  resting = answer.status > 0;
  setConnection(resting ? "server" : "offline");
  window.clearTimeout(timer);
  timer = window.setTimeout(sendNow, nextPause());
}

function show() {
  const others = queue.others();
  const names = [...new Set(others.map((entry) => entry.who_name))].filter(Boolean).join(", ");
  const total = run?.crowd && connectionState() === "online" ? run.done + queue.length : 0;
  setWaiting({ mine: queue.kept, others: others.length, names, stored: queue.stored, done: run?.done ?? 0, total });
}
