// Boards that keep themselves fresh: the stream only says "something changed", the fragment is fetched as always.
// htmx's own SSE extension does not say when the stream is broken and does not poll meanwhile; this does both.
import { text } from "./texts.js";

const TOGETHER_MS = 150;
const BUSY_MS = 300;
const BUSY_MAX_MS = 5000;
const REOPEN_MS = 3000;
const SILENCE_MS = 45000;
const POLL_SECONDS = 5;

// Whoever is signed out is answered 401, however often the board asks.
const signIn = () => document.getElementById("sign-in");

export function startLive() {
  for (const section of document.querySelectorAll("[data-live-url]")) new LiveSection(section).start();
}

class LiveSection {
  constructor(section) {
    this.section = section;
    this.pollSeconds = Number(section.dataset.pollSeconds) || POLL_SECONDS;
    this.freshAt = new Date();
    this.source = null;
    this.heardAt = 0;
    this.pings = false;
    this.streaming = false;
    this.pointerDown = false;
  }

  start() {
    const { section } = this;
    section.addEventListener("htmx:afterRequest", (event) => event.detail.elt === section && this.answered(event.detail));
    section.addEventListener("pointerdown", () => { this.pointerDown = true; });
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => { this.pointerDown = false; });
    // A hidden tab gives its stream back: a browser has only six connections to a host.
    document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? this.close() : this.open()));
    window.addEventListener("pagehide", () => this.close());
    window.addEventListener("online", () => this.reopen());
    window.setInterval(() => this.watch(), 1000);
    signIn()?.addEventListener("close", () => {
      this.reopen();
      this.refresh();
    });
    this.open();
  }

  open() {
    if (this.source) return;
    const source = new EventSource(this.section.dataset.liveUrl, { withCredentials: true });
    this.source = source;
    this.heardAt = Date.now();
    source.onopen = () => {
      this.streaming = true;
      this.heard();
      // What changed between the page and this moment, or while the stream was broken.
      this.refreshSoon();
    };
    source.onmessage = () => {
      this.heard();
      this.refreshSoon();
    };
    source.addEventListener("ping", () => {
      this.pings = true;
      this.heard();
    });
    source.onerror = () => this.broken();
  }

  close() {
    this.source?.close();
    this.source = null;
    this.streaming = false;
  }

  reopen() {
    this.close();
    if (document.visibilityState !== "hidden") this.open();
  }

  heard() {
    this.heardAt = Date.now();
    this.freshAt = new Date();
    this.show("live");
  }

  broken() {
    const wasStreaming = this.streaming;
    this.streaming = false;
    this.show("stale");
    // The browser retries a cut stream by itself, but never one that was answered with an error.
    if (this.source?.readyState === EventSource.CLOSED) {
      this.close();
      window.setTimeout(() => document.visibilityState !== "hidden" && !signIn()?.open && this.open(), REOPEN_MS * (0.7 + Math.random() * 0.6));
    }
    if (wasStreaming) this.refresh();
  }

  // Once a second: poll while the stream is broken, and notice a stream that died without saying so.
  watch() {
    if (document.visibilityState === "hidden") return;
    if (signIn()?.open) {
      this.close();
      return;
    }
    if (this.streaming) {
      if (this.pings && Date.now() - this.heardAt > SILENCE_MS) this.reopen();
      return;
    }
    if (Date.now() - (this.askedAt ?? 0) >= this.pollSeconds * 1000) this.refresh();
  }

  // Ten scans in a burst are one refresh.
  refreshSoon() {
    if (this.planned) return;
    this.planned = window.setTimeout(() => {
      this.planned = 0;
      this.refresh();
    }, TOGETHER_MS);
  }

  refresh(waited = 0) {
    if (signIn()?.open) return;
    // A board redrawn under a finger swallows the tap.
    if (this.busy() && waited < BUSY_MAX_MS) {
      window.clearTimeout(this.held);
      this.held = window.setTimeout(() => this.refresh(waited + BUSY_MS), BUSY_MS);
      return;
    }
    this.askedAt = Date.now();
    window.htmx.trigger(this.section, "board-changed");
  }

  busy() {
    return this.pointerDown || this.section.querySelector("details.confirm[open], dialog[open], form[aria-busy], input:focus, textarea:focus, select:focus") !== null;
  }

  answered({ xhr, successful }) {
    if (!successful) {
      if (xhr.status !== 401) this.show("stale");
      return;
    }
    this.freshAt = new Date();
    this.show(this.streaming ? "live" : "polling");
  }

  show(state) {
    const time = this.freshAt.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    const words = text(state, { time, n: this.pollSeconds });
    for (const chip of document.querySelectorAll("[data-live-chip]")) {
      const place = chip.querySelector(".state-text");
      if (place.textContent !== words) place.textContent = words;
      if (chip.dataset.state === state) continue;
      chip.dataset.state = state;
      // Spoken when the state changes; the time of each poll would be spoken every five seconds.
      chip.querySelector("[role=status]").textContent = words;
    }
  }
}
