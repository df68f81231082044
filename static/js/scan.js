// The scan bar. On Enter or Tab the code is copied, the field emptied and the scan queued, all in one turn; a form that
// posts itself loses rapid scans.
import { showLocalBand } from "./bands.js";
import { behindBand, tellInTurn } from "./queue/kept.js";
import { enqueue, postsSent } from "./queue/outbox.js";
import { text } from "./texts.js";

// For pages that say nothing else: a line of a pick list is rarely two of the same within a second.
const REPEAT_MS = 1000;
const REPEAT_BAND_MS = 400;
const LAST = "storehand.last-scan";

let bar = null;
let field = null;
let judge = () => null;
// On the shell, codes that came before the device knew enough to judge them; null as soon as it does.
let early = null;

export function startScanning() {
  bar = document.getElementById("scanbar");
  if (!bar) return;
  field = document.getElementById("scan");
  early = document.body.dataset.offline ? [] : null;
  bar.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    take();
  });
  field.addEventListener("keydown", (event) => {
    // Tab on an empty field still walks the page, for whoever uses the keyboard.
    if (event.key !== "Enter" && !(event.key === "Tab" && !event.shiftKey && field.value.trim())) return;
    event.preventDefault();
    take();
  });
  // Codes that were scanned while another field had the focus.
  document.addEventListener("storehand:scan", (event) => {
    event.preventDefault();
    addScan(event.detail);
  });
  // Nobody looks at the band of a scan that is sent to another screen, or whose task is gone.
  document.addEventListener("storehand:settled", ({ detail: { entry, outcome, seen } }) => {
    if (outcome === "refused" && !seen && !entry.waited) showLocalBand("band-refused", entry.fields.code ?? "");
  });
  // The field is never swapped, so what to scan next comes with its label.
  const label = document.getElementById("scan-label");
  new MutationObserver(() => {
    field.placeholder = label.textContent.trim();
    // A screen that ends its work may lead on to another: the next scan is for that one.
    const url = label.querySelector("[data-scan-url]")?.dataset.scanUrl;
    if (url && url !== bar.dataset.scanUrl) setScan({ url });
  }).observe(label, { childList: true });
  startKeyboardButton();
}

// Where codes are judged on the device: null leaves it to the server, {post} is queued instead, {} is dealt with. {band}
// is what the queued one is told, once the disk has it. On the shell, codes that come before `ready`, a promise, wait for
// it in order.
export function judgeScans(fn, ready) {
  judge = fn;
  ready.catch(() => {}).then(() => {
    const codes = early ?? [];
    early = null;
    codes.forEach(addScan);
  });
}

// Where the scans of this page go; without a url there is nothing to scan.
export function setScan({ url, prompt = "", repeatMs = REPEAT_MS }) {
  if (!bar) return;
  bar.hidden = !url;
  bar.dataset.scanUrl = url;
  bar.dataset.repeatMs = repeatMs;
  bar.querySelector("form").action = url;
  const label = document.getElementById("scan-label");
  if (prompt && label.textContent !== prompt) label.textContent = prompt;
}

function addScan(raw) {
  if (early) {
    early.push(raw);
    return;
  }
  const code = raw.trim();
  if (!code || !bar?.dataset.scanUrl) return;
  if (isRepeat(code)) {
    // After the answer to the first read, if that comes soon: bands follow in the order of the scans.
    Promise.race([postsSent(), pause(REPEAT_BAND_MS)]).then(() => showLocalBand("band-repeat", code));
    return;
  }
  const judged = judge(code) ?? { post: { url: bar.dataset.scanUrl, fields: { code } } };
  if (!judged.post) return;
  const { safe, behind } = enqueue(judged.post);
  const band = judged.band ?? (behind ? behindBand() : null);
  if (band) tellInTurn(band, safe);
}

function pause(ms) {
  return new Promise((resolve) => window.setTimeout(resolve, ms));
}

function take() {
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

function startKeyboardButton() {
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
