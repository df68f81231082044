// Sends one scan and says what became of it:
// "done", "refused", "retry" (nobody answered), "signin" (401), "leaving" (the page is being replaced).
import { bandWords } from "./bands.js";
import { csrfToken, refreshCsrfToken } from "./csrf.js";

const SWAPPED_REFUSALS = [409, 422];
const TRY_LATER = [408, 425, 429];

export async function sendScan(entry, bar) {
  const send = entry.url === bar.dataset.scanUrl ? postToScreen : postBehindTheScreen;
  let answer = await send(entry, bar);
  if (answer.status === 403) {
    // An old CSRF token (a sign-in in another tab) looks like this; the scan itself was not judged.
    try {
      if (await refreshCsrfToken()) answer = await send(entry, bar);
    } catch {
      return { outcome: "retry", offline: true };
    }
  }
  return { ...answer, outcome: outcomeOf(answer) };
}

function outcomeOf({ status, leaving }) {
  if (leaving) return "leaving";
  if (status === 0 || status >= 500 || TRY_LATER.includes(status)) return "retry";
  if (status === 401) return "signin";
  return status < 400 ? "done" : "refused";
}

function valuesOf(entry) {
  return { code: entry.code, key: entry.key, scanned_at: entry.scanned_at };
}

// This screen's own scans go through htmx, so that the answer is swapped in.
async function postToScreen(entry, bar) {
  const answer = { status: 0, leaving: false, words: "", swapped: false };
  const loaded = (event) => {
    const { xhr } = event.detail;
    answer.status = xhr.status;
    answer.leaving = ["HX-Redirect", "HX-Refresh"].some((name) => xhr.getResponseHeader(name));
    answer.swapped = xhr.status < 400 || SWAPPED_REFUSALS.includes(xhr.status);
    // A view that redirects after the post leads to a page, not to a fragment: go there.
    const landed = new URL(xhr.responseURL);
    if (!answer.leaving && answer.swapped && landed.pathname !== new URL(entry.url, landed).pathname) {
      event.preventDefault();
      answer.leaving = true;
      window.location.assign(landed);
    }
  };
  bar.addEventListener("htmx:beforeOnLoad", loaded);
  try {
    await window.htmx.ajax("POST", entry.url, { source: bar, values: valuesOf(entry), target: "#screen", swap: "innerHTML" });
  } catch {
    answer.status = 0;
  } finally {
    bar.removeEventListener("htmx:beforeOnLoad", loaded);
  }
  if (answer.swapped) answer.words = bandWords(document);
  return answer;
}

// A scan left over from another screen is finished without touching this one.
async function postBehindTheScreen(entry) {
  try {
    const response = await fetch(entry.url, {
      method: "POST",
      headers: { "HX-Request": "true", "X-CSRFToken": csrfToken() },
      body: new URLSearchParams(valuesOf(entry)),
    });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return { status: response.status, leaving: false, words: bandWords(page), swapped: true };
  } catch {
    return { status: 0, leaving: false, words: "", swapped: false };
  }
}
