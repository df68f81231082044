// Picking, staging and putting back go on without a connection: the device judges the scans, draws the screen and
// queues what the server is to hear. On the server's own pages from the moment nobody answers until all is sent; on the
// offline shell all the time.
import { hideBand } from "../bands.js";
import { readCode } from "./codes.js";
import { connectionState, setConnection } from "../connection.js";
import { doorOf, fieldsOf, fillSheets } from "./doors.js";
import { drawPutBacks, drawStaging, drawWalk } from "./drawn.js";
import { handOf, setHand, startHolding, workBefore, workFor, workNow } from "./holding.js";
import { bandOf } from "./judged.js";
import { whoOf } from "../ours.js";
import { drawWhenKept, isKeeping, tellInTurn } from "../queue/kept.js";
import { postOf } from "../queue/posts.js";
import { enqueue, outboxReady, postsWaiting, waitingPosts, withdraw } from "../queue/outbox.js";
import { refreshScreen } from "../queue/refresh.js";
import { judgeScans } from "../scan.js";
import { drawWith, redraw } from "./shell.js";
import { applied } from "./state.js";
import { judgePutBack, judgeStaging } from "./tasks.js";
import { countText, text } from "../texts.js";
import { judgeScan, linesDone, linesWanted, unitsPicked, wantedUnits } from "./walk.js";

// Whoever stands at a shelf waits no longer for an answer.
const PATIENCE_MS = 4000;
const NO_ANSWER = ["offline", "server"];

let local = false;
let patience = 0;

// known: a promise, that the disk knows who is signed in.
export function startLocal(known) {
  if (!document.body.dataset.associate) return;
  // First of all: what is held must have heard of a post before it is drawn.
  const holding = startHolding(drawHere, known).then(() => {
    goOn();
    drawHere();
  });
  // Nor does the shell show what the disk does not have yet.
  for (const kind of ["pick", "stage", "put_back"]) drawWith(kind, (work, parts) => isKeeping() || draw(work, parts), summary);
  drawWhenKept(drawHere);
  // The shell alone judges every scan, from what it holds and what waits: both are read first.
  judgeScans(judge, Promise.all([holding, outboxReady]).then(redraw));
  document.addEventListener("storehand:connection", ({ detail }) => (detail.state === "online" ? comeBack() : goOn()));
  document.addEventListener("storehand:queued", watch);
  document.addEventListener("storehand:settled", ({ detail }) => {
    watch();
    comeBack();
    if (!postsWaiting()) hideBand(text("scan_waits"));
    // An answer that came late has put the server's older screen in place of this one.
    if (detail.outcome === "refused" || detail.seen) drawHere();
  });
  for (const name of ["withdrawn", "changed"]) document.addEventListener(`storehand:${name}`, drawHere);
  document.addEventListener("submit", submitted, true);
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, keepTap, true);
}

const inShell = () => Boolean(document.body.dataset.offline);
const pageWork = () => (local || inShell() ? workFor(window.location.pathname) : null);

// A post that nobody answers stays where it is in the queue, with its key; the screen goes on without it.
function watch() {
  window.clearTimeout(patience);
  if (!postsWaiting() || connectionState() !== "online") return;
  patience = window.setTimeout(() => connectionState() === "online" && postsWaiting() && setConnection("server"), PATIENCE_MS);
}

function goOn() {
  if (local || inShell() || !NO_ANSWER.includes(connectionState())) return;
  if (!workFor(window.location.pathname) || !document.getElementById("work-task")) {
    if (waitingPosts().some(({ page }) => page === window.location.pathname)) tellInTurn(waits());
    return;
  }
  local = true;
  for (const form of document.querySelectorAll("form[data-waits]")) takeOver(form);
  drawHere();
  tellLast();
}

// The scan that got no answer: what it would have been told.
function tellLast() {
  const [work, last] = [pageWork(), waitingPosts().at(-1)];
  const judged = last && applied(workBefore(last.key), last);
  if (judged && judged.code !== "unknown") tellInTurn(bandOf(judged, work.data.pk));
}

function comeBack() {
  if (!local || postsWaiting() || connectionState() !== "online") return;
  local = false;
  refreshScreen();
}

function drawHere() {
  // It would show what the disk does not have yet.
  if (isKeeping()) return;
  const work = pageWork();
  const [task, screen, actions] = ["task", "screen", "actions"].map((id) => document.getElementById(id));
  if (work) draw(work, { task, screen, actions });
  else if (inShell()) redraw();
}

function draw({ kind, data }, parts) {
  const state = workNow();
  if (kind === "pick") {
    const walk = state.lists[data.pk];
    if (!walk) return;
    if (inShell()) fillSheets(walk, workFor("/stage/")?.data.short_reasons ?? []);
    drawWalk(state, walk, parts);
  } else if (kind === "stage") drawStaging(state, toteInHand(state), parts, (hand) => choose(kind, hand));
  else drawPutBacks(state, putBackInHand(state), parts, (hand) => choose(kind, hand));
}

function choose(kind, hand) {
  setHand(kind, hand ?? "");
  drawHere();
}

// A tote's own page says which one it is about, until something else was chosen.
function toteInHand(state) {
  const hand = handOf("stage");
  return hand ?? state.staging.totes.find((one) => one.path === window.location.pathname)?.tote ?? "";
}

// So does a put-back's: its second page comes after the item was scanned.
function putBackInHand(state) {
  const [hand, path] = [handOf("put_back"), window.location.pathname];
  if (hand !== null) return hand || null;
  const going = state.put_backs.find(({ paths }) => paths.includes(path));
  return going ? { pk: going.pk, item: going.paths.indexOf(path) === 1, damaged: new URLSearchParams(window.location.search).get("damaged") === "1" } : null;
}

// As the work's own page has it; nothing of what is done.
function summary(work) {
  if (!work.data || !workFor(work.path)) return work;
  const { lists, staging, put_backs } = workNow();
  if (work.kind === "pick") {
    const walk = lists[work.data.pk];
    if (!walk) return work;
    const units = walk.lines.reduce((sum, line) => sum + wantedUnits(line), 0);
    const words = [text("lines_of", { done: linesDone(walk), total: linesWanted(walk) }), text("units_of", { picked: unitsPicked(walk), units })];
    return walk.ended ? null : { ...work, detail: words.join(" · ") };
  }
  const n = work.kind === "stage" ? staging.totes.length : put_backs.reduce((sum, one) => sum + one.quantity - one.put, 0);
  return n ? { ...work, detail: countText(work.kind === "stage" ? "home_totes" : "home_units", n) } : null;
}

const waits = () => ({ tone: "look", title: text("scan_waits") });

// The server judges it. Should its answer not come in time, the list of refusals has words for it all the same.
function onItsWay(raw) {
  const band = NO_ANSWER.includes(connectionState()) ? waits() : null;
  const walk = workFor(window.location.pathname)?.data;
  const post = { url: document.getElementById("scanbar").dataset.scanUrl, fields: { code: raw } };
  if (walk?.urls?.scan !== post.url) return { post, band };
  return { post: postOf(applied(workNow(), post), post, walk.pk), band };
}

// Asked by the scan bar for every code.
function judge(raw) {
  const work = pageWork();
  if (!work) return onItsWay(raw);
  const [state, code] = [workNow(), readCode(raw)];
  if (work.kind === "pick") return tell(judgeScan(state, work.data.pk, raw), { url: work.data.urls.scan, fields: { code: raw } }, work.data.pk);
  const { kind } = work;
  const hand = kind === "put_back" ? putBackInHand(state) : null;
  const going = state.put_backs.find((one) => one.pk === hand?.pk);
  const judged = kind === "stage" ? judgeStaging(state, toteInHand(state), code) : judgePutBack(state, hand, code);
  if (judged.hand !== undefined) choose(kind, judged.hand);
  if (kind === "stage") return tell(judged, { url: state.staging.url, fields: { tote: judged.facts.tote, code: judged.facts.bin } });
  const fields = { bin: judged.facts.bin, quantity: String(judged.facts.units), ...(hand?.damaged ? { damaged: "1" } : {}) };
  return tell(judged, { url: going?.url, fields });
}

function tell(judged, post, pk = 0) {
  const band = bandOf(judged, pk);
  if (judged.queue) return { post: postOf(judged, post, pk), band };
  tellInTurn(band);
  drawHere();
  return {};
}

// Taps and sheets of a walk.
function submitted(event) {
  const work = pageWork();
  const door = work?.kind === "pick" ? doorOf(event.target, work.data) : "";
  if (!door) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  event.target.closest("dialog")?.close();
  goThrough(work.data, door, fieldsOf(event.target));
}

function goThrough(walk, door, fields) {
  if (door === "undo" && undoneHere(walk)) return;
  const post = { url: walk.urls[door], fields };
  const judged = applied(workNow(), post);
  const told = tell(judged, post, walk.pk);
  if (told.post) tellInTurn(told.band, enqueue({ ...told.post, kind: door }).safe);
}

// What the server has not heard of needs no undoing: it is dropped. Only the very last; what follows builds on it.
function undoneHere(walk) {
  const doors = Object.values(walk.urls);
  const last = waitingPosts().filter((entry) => doors.includes(entry.url)).at(-1);
  if (!last || last.tried) return false;
  const before = workBefore(last.key);
  const judged = applied(before, last);
  const safe = judged.code === "picked" ? withdraw(last.key) : null;
  if (!safe) return false;
  const line = before.lists[walk.pk].lines.find((one) => one.pk === judged.facts.line);
  tellInTurn(bandOf({ state: before, code: "undone", facts: { quantity: judged.facts.units, bin: line.bin ?? "?", item: line.name } }, walk.pk), safe);
  return true;
}

// A tap that waited for the scans before it, or that nobody answered, is queued like a scan, under its own key: if the
// server has had it, nothing happens twice.
function keepTap(event) {
  const { elt: form, xhr } = event.detail;
  const walk = workFor(window.location.pathname);
  if (!(form instanceof HTMLFormElement) || walk?.kind !== "pick" || (whoOf(xhr) && xhr.status < 500)) return;
  takeOver(form, walk);
}

function takeOver(form, work = workFor(window.location.pathname)) {
  const door = work?.kind === "pick" ? doorOf(form, work.data) : "";
  if (!door || form.dataset.kept) return;
  form.dataset.kept = "true";
  const post = { url: work.data.urls[door], fields: fieldsOf(form) };
  const judged = applied(workNow(), post);
  const { safe } = enqueue({ ...postOf(judged, post, work.data.pk), kind: door, key: form.elements.key.value });
  tellInTurn(bandOf(judged, work.data.pk), safe);
}
