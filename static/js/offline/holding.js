// Keeps what this device holds in step with the server: asks for it on the pages of the tasks, counts along what is
// scanned since, and never counts a post twice: a new answer is taken only while nothing waits.
import { connectionState } from "../connection.js";
import { forget, heldWork, hold } from "./held.js";
import { postsWaiting, waitingPosts } from "../queue/outbox.js";
import { applied, stateAfter, stateOf, worksOf } from "./state.js";

const TASKS = /^\/($|(pick|put-back|stage)(\/|$))/;
const PICKING = "/pick/device/";
const STAGING = "/stage/device/";
const PATIENCE_MS = 10000;
const SOON_MS = 300;
const OLD_MS = 60000;

let works = [];
let base = stateOf([]);
let now = null;
let posts = 0;
let asked = 0;
let timer = 0;
let saving = null;
let unsaved = new Map();
let drawn = () => {};

// fn is told when what is held has changed by itself. Nothing is held before the disk knows for whom: `known`, a promise.
export async function startHolding(fn, known) {
  drawn = fn;
  document.addEventListener("storehand:queued", ({ detail: { entry } }) => {
    posts += 1;
    if (now) now = applied(now, entry).state;
  });
  document.addEventListener("storehand:settled", ({ detail: { entry, outcome } }) => settled(entry, outcome));
  for (const name of ["withdrawn", "changed"]) document.addEventListener(`storehand:${name}`, () => { now = null; });
  document.addEventListener("storehand:connection", ({ detail }) => detail.state === "online" && askSoon());
  // Taps that went to the server past the queue.
  document.body.addEventListener("htmx:afterRequest", ({ detail }) => detail.elt.matches?.("form") && askSoon());
  await known;
  take(await heldWork());
  if (TASKS.test(window.location.pathname)) await ask();
}

export function workFor(path) {
  return works.find((work) => work.path === path || work.also?.includes(path)) ?? null;
}

export function workNow() {
  now ??= stateAfter(base, waitingPosts());
  return now;
}

// The work before the last of the posts that wait for `url`s of one list; for undoing just that one.
export function workBefore(key) {
  return stateAfter(base, waitingPosts().filter((entry) => entry.key !== key));
}

// What the first of two codes chose. It is told to nobody, so the device alone remembers it.
export function handOf(kind) {
  return works.find((work) => work.kind === kind)?.data.hand ?? null;
}

export function setHand(kind, hand) {
  take(works.map((work) => (work.kind === kind ? { ...work, data: { ...work.data, hand } } : work)));
  return save();
}

function take(next) {
  for (const work of next) if (!works.includes(work)) unsaved.set(work.id, work);
  works = next;
  base = stateOf(works);
  now = null;
}

function settled(entry, outcome) {
  posts += 1;
  if (outcome === "done") {
    const judged = applied(base, entry);
    const counted = now;
    // From here on it is no longer what the server's version stands for.
    take(worksOf(judged.state, works).map((work) => (work.kind === "stage" ? { ...work, versions: null } : work)));
    now = counted;
    save();
    // The server saw something that this device does not know of.
    if (!judged.queue) askSoon();
  } else now = null;
  if (!postsWaiting() || Date.now() - asked > OLD_MS) askSoon();
}

function save() {
  saving ??= writeAll().catch(() => {}).finally(() => { saving = null; });
  return saving;
}

async function writeAll() {
  while (unsaved.size) {
    const batch = [...unsaved.values()];
    unsaved = new Map();
    await Promise.all(batch.map(hold));
  }
}

function askSoon() {
  window.clearTimeout(timer);
  timer = window.setTimeout(ask, SOON_MS);
}

async function ask() {
  if (document.body.dataset.offline || connectionState() !== "online" || postsWaiting()) return;
  asked = Date.now();
  const before = posts;
  const versions = works.find((work) => work.kind === "stage")?.versions ?? {};
  const [picking, staging] = await Promise.all([answerOf(PICKING, versions?.picking), answerOf(STAGING, versions?.staging)]);
  if (!picking || !staging || (picking.same && staging.same)) return;
  if (picking.same || staging.same) {
    // One of them is new: both are needed, and the other was left out.
    forgetVersions();
    askSoon();
    return;
  }
  // Scanned meanwhile: the answer may count it already, or not.
  if (posts !== before || postsWaiting()) {
    if (!postsWaiting()) askSoon();
    return;
  }
  const next = worksFrom(picking, staging);
  const gone = works.filter((work) => !next.some(({ id }) => id === work.id));
  take(next);
  await save();
  await Promise.all(gone.map(({ id }) => forget(id))).catch(() => {});
  drawn();
}

function forgetVersions() {
  works = works.map((work) => (work.kind === "stage" ? { ...work, versions: null } : work));
}

async function answerOf(address, version) {
  try {
    const answer = await fetch(address, {
      headers: { Accept: "application/json", ...(version ? { "If-None-Match": version } : {}) },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status === 304) return { same: true };
    if (!answer.ok || answer.redirected) return null;
    const data = await answer.json();
    // Somebody else has signed in on this device since this page came.
    return data.who === document.body.dataset.associate ? { data, version: answer.headers.get("ETag") } : null;
  } catch {
    return null;
  }
}

function worksFrom(picking, staging) {
  const { lists, put_backs, put_back_title, bins, totes_in_use, bin_scan_required, short_reasons } = picking.data;
  const { totes, url, title, detail } = staging.data;
  const works = lists.map((walk) => ({
    id: `pick:${walk.pk}`, kind: "pick", path: walk.path, title: walk.title, detail: walk.detail, due_at: walk.due_at, data: walk,
  }));
  works.push({
    id: "stage", kind: "stage", path: "/stage/", also: totes.map((tote) => tote.path), title, detail, due_at: totes[0]?.due_at ?? null,
    versions: { picking: picking.version, staging: staging.version },
    data: { bins, totes_in_use, bin_scan_required, short_reasons, totes, url, hand: handOf("stage") },
  });
  if (put_backs.length) {
    works.push({
      id: "put_back", kind: "put_back", path: "/put-back/", also: put_backs.flatMap((one) => one.paths), title: put_back_title, detail: "", due_at: null,
      data: { put_backs, hand: handOf("put_back") },
    });
  }
  return works;
}
