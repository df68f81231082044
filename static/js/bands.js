// The band region: plays each new band, and keeps the one before in sight until it has had its second.
import { feedback } from "./sound.js";

const SHOWN_AT_LEAST_MS = 1000;
const WEIGHTS = { yes: 0, look: 1, no: 2 };

let region = null;
let before = null;
const shownAt = new WeakMap();

export function startBands() {
  region = document.getElementById("band");
  before = document.getElementById("band-before");
  if (!region) return;
  // A band that came with the page (a post without htmx, or a reload) has been heard already.
  const first = region.querySelector(".band");
  if (first) shownAt.set(first, performance.now());
  // Watching the region catches server bands and local bands alike, whoever put them there.
  new MutationObserver(changed).observe(region, { childList: true });
}

function changed(records) {
  const removed = records.flatMap((record) => [...record.removedNodes]).find(isBand);
  const band = region.querySelector(".band");
  if (removed && band) keepInSight(removed);
  if (!band) return;
  shownAt.set(band, performance.now());
  feedback(band.dataset.cue);
  // Whoever had scrolled down to a small link scans on, and the next bin must not lie under the bar.
  if (document.documentElement.classList.contains("scanner")) window.scrollTo({ top: 0 });
}

function isBand(node) {
  return node.nodeType === Node.ELEMENT_NODE && node.matches(".band");
}

// A refusal must not vanish under the next good scan after 100 ms.
function keepInSight(band) {
  const left = SHOWN_AT_LEAST_MS - (performance.now() - (shownAt.get(band) ?? 0));
  if (left <= 0) return;
  // One is enough: a stack of them would hide the bin and the item. It gives way to nothing that matters less.
  const kept = before.querySelector(".band");
  if (kept && WEIGHTS[kept.dataset.tone] > WEIGHTS[band.dataset.tone]) return;
  band.querySelectorAll("a").forEach((link) => link.remove());
  before.replaceChildren(band);
  window.setTimeout(() => band.remove(), left);
}

// One of the bands that the page brought along for what only the browser can know.
export function showLocalBand(id, code = "") {
  const template = document.getElementById(id);
  if (!region || !template) return;
  const content = template.content.cloneNode(true);
  content.querySelector(".band-code").textContent = code;
  region.replaceChildren(content);
}

// A band in words of the device's own, for what it has judged itself.
// `place`: where what is in the hand goes; the screen below shows it large.
export function showBand({ tone, title, detail = "", code = "", cue = tone, place = "" }) {
  const template = document.getElementById(`band-words-${tone}`);
  if (!region || !template) return;
  const content = template.content.cloneNode(true);
  content.querySelector(".band").dataset.cue = cue;
  if (place) content.querySelector(".band").dataset.place = place;
  content.querySelector(".band-words-title").textContent = title;
  content.querySelector(".band-code").textContent = code;
  content.querySelector(".band-detail").textContent = detail;
  region.replaceChildren(content);
}

export const bandPlace = () => document.querySelector("#band > .band")?.dataset.place ?? "";

// What it says is so no longer.
export function hideBand(title) {
  if (region?.querySelector(".band-title")?.textContent.trim() === title) region.replaceChildren();
}

export function bandWords(root) {
  const words = (part) => root.querySelector(`#band .band-${part}`)?.textContent.trim().replace(/\s+/g, " ") ?? "";
  const way = root.querySelector("#band .band > a");
  return { title: words("title"), detail: words("detail"), link: way?.getAttribute("href") ?? "", link_label: way?.textContent.trim() ?? "" };
}
