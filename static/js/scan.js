// The scan bar. On Enter or Tab the code is copied, the field emptied and the scan queued, all in one turn; posts follow
// one at a time in that order. A form that posts itself loses rapid scans.
import { showLocalBand } from "./bands.js";
import { serverTime } from "./clocks.js";
import { setConnection, setWaiting } from "./connection.js";
import { newKey } from "./keys.js";
import { ScanQueue } from "./queue.js";
import { showRefused } from "./refused.js";
import { sendScan } from "./send.js";
import { signInAgain } from "./signin.js";
import { countText, text } from "./texts.js";

// For pages that say nothing else: a line of a pick list is rarely two of the same within a second.
const REPEAT_MS = 1000;
const REPEAT_BAND_MS = 400;
const RETRY_SECONDS = [1, 2, 4, 8, 15];
const LAST = "storehand.last-scan";

let bar = null;
let queue = null;
let sending = false;
let failures = 0;
let timer = 0;
let resting = false;
let idle = [];

export function startScanning() {
  bar = document.getElementById("scanbar");
  if (!bar) return;
  const field = document.getElementById("scan");
  queue = new ScanQueue(document.body.dataset.associate ?? "");
  bar.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    take(field);
  });
  field.addEventListener("keydown", (event) => {
    // Tab on an empty field still walks the page, for whoever uses the keyboard.
    if (event.key !== "Enter" && !(event.key === "Tab" && !event.shiftKey && field.value.trim())) return;
    event.preventDefault();
    take(field);
  });
  // Codes that were scanned while another field had the focus.
  document.addEventListener("storehand:scan", (event) => {
    event.preventDefault();
    addScan(event.detail);
  });
  // The field is never swapped, so what to scan next comes with its label.
  const label = document.getElementById("scan-label");
  new MutationObserver(() => { field.placeholder = label.textContent.trim(); }).observe(label, { childList: true });
  startKeyboardButton(field);
  showRefused(queue);
  if (queue.length) queue.markWaited();
  window.addEventListener("online", sendNow);
  window.addEventListener("storage", showCounts);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendNow());
  showCounts();
  pump();
}

function addScan(raw) {
  const code = raw.trim();
  if (!code || !bar) return;
  if (isRepeat(code)) {
    // After the answer to the first read, if that comes soon: bands follow in the order of the scans.
    Promise.race([scansSent(), pause(REPEAT_BAND_MS)]).then(() => showLocalBand("band-repeat", code));
    return;
  }
  queue.add({
    key: newKey(),
    code,
    scanned_at: serverTime().toISOString(),
    url: bar.dataset.scanUrl,
    page: window.location.pathname,
  });
  showCounts();
  // A server that has just said "too much" is not asked again for every scan; a lost network costs nothing to try.
  if (!resting) pump();
}

function pause(ms) {
  return new Promise((resolve) => window.setTimeout(resolve, ms));
}

function take(field) {
  const code = field.value;
  field.value = "";
  addScan(code);
}

// A trigger held too long reads the label twice. Kept over a page change: the second read may land on the next page.
function isRepeat(code) {
  const now = Date.now();
  let last = {};
  try {
    last = JSON.parse(window.sessionStorage.getItem(LAST) ?? "{}");
    if (last.code === code && now - last.at >= 0 && now - last.at < repeatMs()) return true;
    window.sessionStorage.setItem(LAST, JSON.stringify({ code, at: now }));
  } catch {
    // Without storage a repeat is only a second scan, which can be undone.
  }
  return false;
}

// Where somebody counts, the same code comes as fast as a hand moves: such a page guards for the trigger alone.
function repeatMs() {
  return Number(bar.dataset.repeatMs) || REPEAT_MS;
}

function sendNow() {
  window.clearTimeout(timer);
  resting = false;
  pump();
}

async function pump() {
  if (sending) return;
  sending = true;
  let emptied = false;
  try {
    // Two tabs share the queue: one of them sends at a time, or the order is lost.
    emptied = await (navigator.locks ? navigator.locks.request("storehand.scans", drain) : drain());
  } finally {
    sending = false;
  }
  if (!emptied) return;
  if (queue.length) {
    // Scanned after the last look at the queue and before this line.
    pump();
    return;
  }
  idle.forEach((resolve) => resolve());
  idle = [];
}

// True when nothing is left, false when it has to wait or the page is going.
async function drain() {
  for (let entry = queue.head(); entry; entry = queue.head()) {
    const answer = await sendScan(entry, bar);
    if (answer.outcome === "retry") {
      waitAndRetry(answer);
      return false;
    }
    failures = 0;
    if (answer.outcome === "signin") {
      setConnection("sign_in");
      await signInAgain();
      setConnection("online");
      continue;
    }
    setConnection("online");
    settle(entry, answer);
    if (answer.outcome === "leaving") return false;
  }
  return true;
}

function settle(entry, answer) {
  queue.drop(entry.key);
  if (answer.outcome === "refused" && !answer.swapped) showLocalBand("band-refused", entry.code);
  // On the screen's own, watched scans the band has said it.
  if (answer.outcome === "refused" && (entry.waited || entry.url !== bar.dataset.scanUrl || !answer.swapped)) {
    queue.addRefused(entry, answer.words || text("refused"));
    showRefused(queue);
  }
  showCounts();
}

function waitAndRetry(answer) {
  queue.markWaited();
  const seconds = RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length - 1)];
  failures += 1;
  resting = answer.status > 0;
  setConnection(resting ? "server" : "offline");
  showCounts();
  // Handhelds of one store come back at the same moment; the spread keeps them from knocking together.
  window.clearTimeout(timer);
  timer = window.setTimeout(sendNow, seconds * 1000 * (0.8 + Math.random() * 0.4));
}

function showCounts() {
  const mine = queue.length;
  setWaiting(mine, queue.others().length);
  const chip = document.getElementById("waiting");
  chip.hidden = mine === 0;
  chip.textContent = mine ? countText("waiting", mine) : "";
}

export function scansWaiting() {
  return queue ? queue.length : 0;
}

// An undo must follow the scans before it, not overtake them.
export function scansSent() {
  if (!scansWaiting()) return Promise.resolve();
  return new Promise((resolve) => idle.push(resolve));
}

function startKeyboardButton(field) {
  const button = document.getElementById("keyboard");
  field.setAttribute("inputmode", "none");
  button.hidden = false;
  button.addEventListener("click", () => {
    const on = field.getAttribute("inputmode") === "none";
    field.setAttribute("inputmode", on ? "text" : "none");
    button.setAttribute("aria-pressed", String(on));
    button.setAttribute("aria-label", text(on ? "hide_keyboard" : "show_keyboard"));
    // Only a field that gains the focus asks for the keyboard.
    field.blur();
    field.focus();
  });
}
