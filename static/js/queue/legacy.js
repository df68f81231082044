// What an earlier version of this page left behind in localStorage: lists of scans and of refusals, who was signed in.

const SCANS = "storehand.scans";
const REFUSED = "storehand.refused";
const ME = "storehand.me";
const SHELL_LANGUAGE = "storehand.shell-language";

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

// {who, name, badge, store}, or null.
export function legacyMe() {
  try {
    return JSON.parse(window.localStorage.getItem(ME) ?? "null");
  } catch {
    return null;
  }
}

export const forgetLegacy = () => forget(SCANS, REFUSED);
export const forgetMe = () => forget(ME, SHELL_LANGUAGE);

function forget(...names) {
  try {
    for (const name of names) window.localStorage.removeItem(name);
  } catch {
    // Then there was nothing to read either.
  }
}
