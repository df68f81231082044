// What the top bar, the banner and the counter say about the way to the server and about what waits for it.
import { whoOf } from "./ours.js";
import { countText, text } from "./texts.js";

let state = "online";
// total: how many are being sent one after the other while nobody watches each of them.
let waiting = { mine: 0, others: 0, names: "", stored: true, done: 0, total: 0 };

export function startConnection() {
  window.addEventListener("offline", () => setConnection("offline"));
  // The radio is back, the server may not be: the next answered request says "online". The shell asks by itself.
  const inShell = Boolean(document.body.dataset.offline);
  window.addEventListener("online", () => !inShell && state === "offline" && waiting.mine === 0 && setConnection("online"));
  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    const status = event.detail.xhr.status;
    if (whoOf(event.detail.xhr) && status < 500 && status !== 401) setConnection("online");
  });
  // The offline shell stands where the server did not answer.
  setConnection(navigator.onLine && !inShell ? "online" : "offline");
}

export function connectionState() {
  return state;
}

export function setConnection(next) {
  const changed = state !== next;
  state = next;
  show();
  if (changed) document.dispatchEvent(new CustomEvent("storehand:connection", { detail: { state } }));
}

export function setWaiting(next) {
  waiting = next;
  show();
}

function show() {
  const mark = document.getElementById("connection");
  if (mark && mark.dataset.state !== state) {
    mark.dataset.state = state;
    mark.querySelector(".state-text").textContent = text(state);
  }
  const chip = document.getElementById("waiting");
  const counted = waiting.total ? text("sent_of", waiting) : waiting.mine ? countText("waiting", waiting.mine) : "";
  if (chip) {
    chip.textContent = counted;
    // Without a connection the banner has the number.
    chip.hidden = !counted || state !== "online";
  }
  const banner = document.getElementById("connection-banner");
  if (!banner) return;
  const words = bannerWords(chip && !chip.closest("[hidden]"));
  // Setting the same words again would make a screen reader say them again.
  const place = banner.querySelector(".banner-text");
  if (place.textContent !== words) place.textContent = words;
  banner.querySelector(".banner-count").textContent = state === "online" && waiting.total ? counted : "";
  banner.hidden = !words;
}

function bannerWords(counterInSight) {
  const words = connectionWords(counterInSight);
  return waiting.stored || !waiting.mine ? words : `${words} ${text("not_stored")}`.trim();
}

function connectionWords(counterInSight) {
  const { mine, others, names, total } = waiting;
  if (state === "offline") return mine ? countText("offline", mine) : text("offline");
  if (state === "server") return mine ? countText("server", mine) : text("server_none");
  if (state === "sign_in") return mine ? countText("sign_in", mine) : text("sign_in");
  if (total) return text("sending");
  // On pages without a scan bar there is no other place for the number.
  if (mine && !counterInSight) return countText("waiting", mine);
  if (!others) return "";
  return names ? countText("others_of", others, { names }) : countText("others", others);
}
