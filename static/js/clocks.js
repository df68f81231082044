// Running clocks and countdowns, in the server's time: a handheld's own clock may be minutes off.
import { whoOf } from "./ours.js";
import { text } from "./texts.js";

const TRUSTED_DRIFT_MS = 2000;
const MINUTES_PER_DAY = 24 * 60;
// From here on nobody plans by the minute, and a long chip breaks the line.
const WHOLE_HOURS_FROM = 3 * 60;

let offset = 0;

export function serverTime() {
  return new Date(Date.now() + offset);
}

export function startClocks() {
  const rendered = Date.parse(document.body.dataset.now);
  if (rendered) offset = rendered - (performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0));
  document.body.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => whoOf(xhr) && resync(xhr.getResponseHeader("Date")));
  document.body.addEventListener("htmx:afterSwap", tick);
  tick();
  window.setInterval(tick, 1000);
}

// The device's clock was set while the page stayed open. A Date header is cut to the second, so small steps are noise.
function resync(header) {
  const now = Date.parse(header ?? "");
  if (now && Math.abs(now - serverTime()) > TRUSTED_DRIFT_MS) offset = now - Date.now();
}

function tick() {
  const now = serverTime();
  for (const clock of document.querySelectorAll("time[data-clock]")) showClock(clock, now);
  for (const age of document.querySelectorAll("time[data-age]")) showAge(age, now);
  for (const countdown of document.querySelectorAll("time[data-countdown]")) showCountdown(countdown, now);
}

function show(element, words, tone) {
  if (element.textContent !== words) element.textContent = words;
  if (element.dataset.tone !== tone) element.dataset.tone = tone;
  const holder = element.closest("[data-tone-from-clock]");
  if (holder && holder.dataset.tone !== (tone || "yes")) holder.dataset.tone = tone || "yes";
}

const two = (n) => String(n).padStart(2, "0");

const secondsSince = (moment, now) => Math.max(Math.floor((now - Date.parse(moment)) / 1000), 0);

function toneOf(seconds, { lookSeconds, noSeconds }) {
  return noSeconds && seconds >= Number(noSeconds) ? "no" : lookSeconds && seconds >= Number(lookSeconds) ? "look" : "";
}

function showClock(clock, now) {
  const seconds = secondsSince(clock.dataset.clock, now);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60)];
  show(clock, hours ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`, toneOf(seconds, clock.dataset));
}

function showAge(age, now) {
  const seconds = secondsSince(age.dataset.age, now);
  show(age, seconds < 60 ? text("just_now") : spanInWords(Math.floor(seconds / 60), "old"), toneOf(seconds, age.dataset));
}

function showCountdown(countdown, now) {
  const left = (Date.parse(countdown.dataset.countdown) - now) / 60000;
  const late = left < 0;
  // Late begins with the first second, so there is no "0 min late".
  const n = late ? Math.max(Math.floor(-left), 1) : Math.floor(left);
  const tone = late ? "no" : left < Number(countdown.dataset.lookMinutes ?? 15) ? "look" : "";
  show(countdown, spanInWords(n, late ? "late" : "left"), tone);
}

// As the server does in stores/handheld/spans.py.
function spanInWords(n, kind) {
  if (n >= 2 * MINUTES_PER_DAY) return text(`days_${kind}`, { n: Math.floor(n / MINUTES_PER_DAY) });
  if (n >= WHOLE_HOURS_FROM) return text(`whole_hours_${kind}`, { n: Math.floor((n + 30) / 60) });
  if (n >= 60) return text(`hours_${kind}`, { hours: Math.floor(n / 60), minutes: two(n % 60) });
  return text(`minutes_${kind}`, { n });
}
