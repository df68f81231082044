// What an earlier version of this page left behind in localStorage: lists of scans and of refusals.

const SCANS = "storehand.scans";
const REFUSED = "storehand.refused";

function list(name) {
  try {
    const found = JSON.parse(window.localStorage.getItem(name) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

export function legacyPosts() {
  // They are older than everything made since.
  return list(SCANS).map(({ key, code, scanned_at, url, page, who }, index) => ({
    key, url, page, who, fields: { code }, made_at: scanned_at, who_name: "", kind: "scan", label: "", advice: "", seq: index + 1, waited: true, tried: true,
  }));
}

export function legacyRefusals() {
  return list(REFUSED).map(({ code, at, who, reason }, index) => ({
    key: `${at}.${index}`, who, code, label: "", page: "", made_at: at, status: 0, title: reason, detail: "", advice: "",
  }));
}

export function forgetLegacy() {
  try {
    for (const name of [SCANS, REFUSED]) window.localStorage.removeItem(name);
  } catch {
    // Then there was nothing to read either.
  }
}
