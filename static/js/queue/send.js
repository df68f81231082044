// Sends one post and says what became of it:
// "done", "refused", "retry" (nobody answered), "signin" (signed out), "stranger" (somebody else has signed in since).
import { bandWords } from "../bands.js";
import { csrfToken, refreshCsrfToken } from "../csrf.js";
import { NOBODY, WHO, whoOf } from "../ours.js";

const SWAPPED_REFUSALS = [409, 422];
const TRY_LATER = [408, 425, 429];
const PATIENCE_MS = 15000;
// who: in whose session it was answered; "" where it was not our server.
const NOTHING = { status: 0, who: "", leaving: false, title: "", detail: "", swapped: false };

// bar: the scan bar whose screen shows the answer; without one the post is sent behind the screen.
export async function sendPost(entry, bar) {
  const send = bar ? postToScreen : postBehindTheScreen;
  // The offline shell has no token: a post without one would only be turned away.
  const armed = Boolean(csrfToken());
  let answer = armed ? await send(entry, bar) : { ...NOTHING, status: 403, who: entry.who };
  if (answer.status === 403 && answer.who) {
    // A token that is old or missing looks like this; the post itself was not judged.
    try {
      const { renewed, who } = await refreshCsrfToken();
      if (who && who !== entry.who) return { ...answer, outcome: "stranger" };
      if (renewed || !armed) answer = await send(entry, bar);
    } catch {
      return { ...answer, status: 0, outcome: "retry" };
    }
  }
  return { ...answer, outcome: outcomeOf(answer, entry) };
}

function outcomeOf({ status, who }, entry) {
  if (!status || !who || status >= 500 || TRY_LATER.includes(status)) return "retry";
  // Led to the sign-in page is signed out, too, whatever the status.
  if (status === 401 || who === NOBODY) return "signin";
  if (who !== entry.who) return "stranger";
  return status < 400 ? "done" : "refused";
}

// Always the same for the same key, whatever the server has seen of it before.
function valuesOf(entry) {
  return { ...entry.fields, key: entry.key, scanned_at: entry.made_at };
}

// This screen's own scans go through htmx, so that the answer is swapped in.
async function postToScreen(entry, bar) {
  const answer = { ...NOTHING };
  const loaded = (event) => {
    const { xhr } = event.detail;
    answer.status = xhr.status;
    answer.who = whoOf(xhr);
    if (answer.who !== entry.who) {
      event.preventDefault();
      return;
    }
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
    const headers = { [WHO]: entry.who };
    await window.htmx.ajax("POST", entry.url, { source: bar, values: valuesOf(entry), headers, target: "#screen", swap: "innerHTML" });
  } catch {
    answer.status = 0;
  } finally {
    bar.removeEventListener("htmx:beforeOnLoad", loaded);
  }
  return answer.swapped ? { ...answer, ...bandWords(document) } : answer;
}

// What comes from another screen, and what has waited in a crowd: this screen stays as it is, the words are enough.
async function postBehindTheScreen(entry) {
  const answer = { ...NOTHING };
  try {
    const response = await fetch(entry.url, {
      method: "POST",
      headers: { "HX-Request": "true", "X-CSRFToken": csrfToken(), Prefer: "return=minimal", [WHO]: entry.who },
      body: new URLSearchParams(valuesOf(entry)),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    answer.who = response.headers.get(WHO) ?? "";
    answer.status = response.status;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return { ...answer, ...bandWords(page), leadsTo: response.headers.get("HX-Redirect") ?? "" };
  } catch {
    return { ...answer, who: "" };
  }
}
