// What the top bar and the banner say about the way to the server.
import { countText, text } from "./texts.js";

let state = "online";
let waiting = 0;
let others = 0;

export function startConnection() {
  window.addEventListener("offline", () => setConnection("offline"));
  // The radio is back, the server may not be: the next answered request says "online".
  window.addEventListener("online", () => state === "offline" && waiting === 0 && setConnection("online"));
  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    const status = event.detail.xhr.status;
    if (status < 500 && status !== 401) setConnection("online");
  });
  if (!navigator.onLine) setConnection("offline");
}

export function setConnection(next) {
  state = next;
  show();
}

export function setWaiting(mine, ofOthers) {
  waiting = mine;
  others = ofOthers;
  show();
}

function show() {
  const mark = document.getElementById("connection");
  if (mark && mark.dataset.state !== state) {
    mark.dataset.state = state;
    mark.querySelector(".state-text").textContent = text(state);
  }
  const banner = document.getElementById("connection-banner");
  if (!banner) return;
  const words = bannerWords();
  // Setting the same words again would make a screen reader say them again.
  const place = banner.querySelector(".banner-text");
  if (place.textContent !== words) place.textContent = words;
  banner.hidden = !words;
}

function bannerWords() {
  if (state === "offline") return waiting ? countText("offline", waiting) : text("offline");
  if (state === "server") return waiting ? countText("server", waiting) : text("server_none");
  return others ? countText("others", others) : "";
}
