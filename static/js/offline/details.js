// What must be known of a unit before it counts as picked: picking/details.py and actions/details.py once more.
// Whether a serial number was picked before only the server knows.

const WEIGHT_G_MAX = 999999;
const TEXT = /^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}$/;
const GRAMS = /^([0-9]{1,6})\s?g?$/i;
const KILOGRAMS = /^([0-9]{1,3})[.,]([0-9]{1,3})\s?(?:kg)?$/i;
const DATES = [/^(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})$/, /^(?<d>\d{1,2})\.(?<m>\d{1,2})\.(?<y>\d{4})$/, /^(?<d>\d{1,2})\/(?<m>\d{1,2})\/(?<y>\d{4})$/];
const KINDS = ["serial", "weight_g", "lot", "expiry"];

export function detailsOf(code) {
  return { serial: code?.serial, weight_g: code?.weight_g, lot: code?.lot, expiry: code?.expiry ? dayOfGs1(code.expiry) : null };
}

export function missingOf(needs, details) {
  return needs.filter((need) => !details[need]);
}

// These, and of the other one what was not known; and whether that was anything.
export function adding(known, more) {
  const news = KINDS.filter((kind) => more[kind] && !known[kind]);
  return { details: { ...known, ...Object.fromEntries(news.map((kind) => [kind, more[kind]])) }, news: news.length > 0 };
}

// What the scanned or typed text says about `need`; null when it says nothing.
export function readDetail(need, raw) {
  const text = raw.split(/\s+/).filter(Boolean).join(" ");
  if (need === "weight_g") return gramsOf(text);
  if (need === "expiry") return dayOf(text);
  return TEXT.test(text) ? text.toUpperCase() : null;
}

export function isExpired(day) {
  const now = new Date();
  return day < isoDay(now.getFullYear(), now.getMonth() + 1, now.getDate());
}

function gramsOf(text) {
  const [kilograms, whole] = [KILOGRAMS.exec(text), GRAMS.exec(text)];
  const grams = kilograms ? Number(kilograms[1]) * 1000 + Number(kilograms[2].padEnd(3, "0")) : whole ? Number(whole[1]) : 0;
  return grams > 0 && grams <= WEIGHT_G_MAX ? grams : null;
}

function dayOf(text) {
  for (const form of DATES) {
    const found = form.exec(text)?.groups;
    if (found) return realDay(Number(found.y), Number(found.m), Number(found.d));
  }
  return /^\d{6}$/.test(text) && text.slice(4) !== "00" ? shortDay(text, (year) => (year < 69 ? 2000 : 1900) + year) : null;
}

// A GS1 date names no century: the nearest one. Day 00 is the last of its month.
function dayOfGs1(text) {
  const year = new Date().getFullYear();
  return shortDay(text, (two) => {
    const apart = two - (year % 100);
    return year - (year % 100) + two + (apart >= 51 ? -100 : apart <= -50 ? 100 : 0);
  });
}

function shortDay(text, yearOf) {
  const [year, month, day] = [yearOf(Number(text.slice(0, 2))), Number(text.slice(2, 4)), Number(text.slice(4, 6))];
  return realDay(year, month, day || new Date(Date.UTC(year, month, 0)).getUTCDate());
}

function realDay(year, month, day) {
  const real = new Date(Date.UTC(year, month - 1, day));
  return real.getUTCMonth() === month - 1 && real.getUTCDate() === day ? isoDay(year, month, day) : null;
}

function isoDay(year, month, day) {
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
