// Bridges the few milliseconds until IndexedDB has a post. localStorage is written before the next key arrives and so
// outlives a reload; it reaches the disk seconds later and so does not outlive a killed browser. Each alone would lose
// scans.

const PREFIX = "storehand.ahead.";

export function writeAhead(entry) {
  try {
    window.localStorage.setItem(PREFIX + entry.key, JSON.stringify(entry));
  } catch {
    // Full or forbidden: IndexedDB alone, then.
  }
}

export function forgetAhead(key) {
  try {
    window.localStorage.removeItem(PREFIX + key);
  } catch {
    // It was never written either.
  }
}

export function readAhead() {
  try {
    const names = Object.keys(window.localStorage).filter((name) => name.startsWith(PREFIX));
    const found = names.map((name) => parsed(window.localStorage.getItem(name))).filter((entry) => entry?.key);
    // A kill brings back what was forgotten here a moment ago: it may have been sent since.
    return found.map((entry) => ({ ...entry, tried: true }));
  } catch {
    return [];
  }
}

function parsed(words) {
  try {
    return JSON.parse(words);
  } catch {
    return null;
  }
}
