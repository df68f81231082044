// One round of sending: what became of its posts, and what the screen is to show of them.
import { refreshScreen } from "./refresh.js";
import { text } from "../texts.js";

// More than these nobody wants to see go by one after the other.
const FEW = 3;

export function tell(name, detail = {}) {
  document.dispatchEvent(new CustomEvent(`storehand:${name}`, { detail }));
}

export class Round {
  constructor(queue) {
    this.queue = queue;
    this.done = 0;
    this.refused = 0;
    this.crowd = queue.length > FEW;
    this.stale = false;
    this.leadsTo = "";
  }

  // The bar whose screen shows what becomes of the post, if somebody is to see it there.
  watchingBar(entry) {
    const bar = document.getElementById("scanbar");
    const own = bar && entry.kind === "scan" && entry.url === bar.dataset.scanUrl && !document.body.dataset.offline;
    return own && !(this.crowd && entry.waited) ? bar : null;
  }

  // Returns whether the post is on the list of refusals now, and what is told of it.
  settle(entry, answer, bar) {
    const { outcome, status, detail, link, link_label } = answer;
    const title = answer.title || (outcome === "refused" ? text("refused") : "");
    this.done += 1;
    // The screen's own scan has just drawn it anew.
    this.stale = !bar && (this.stale || entry.page === window.location.pathname);
    this.leadsTo = bar ? "" : answer.leadsTo && this.stale ? answer.leadsTo : this.leadsTo;
    // On the screen's own, watched scans the band has said it.
    const listed = outcome === "refused" && (entry.waited || !answer.swapped);
    if (listed) {
      this.refused += 1;
      this.queue.refuse(entry, { status, title, detail, link, link_label });
    } else this.queue.drop(entry.key);
    return { listed, told: { entry, outcome, status, title, detail, seen: Boolean(bar && answer.swapped) } };
  }

  // What the screen shows is older than what has just been sent behind it: once for all of them. False when the page is
  // going.
  async finish() {
    const { done, refused, stale, leadsTo, crowd } = this;
    if (crowd) tell("replayed", { count: done, refused });
    if (document.body.dataset.offline || !stale || this.queue.length) return true;
    if (leadsTo) {
      window.location.assign(leadsTo);
      return false;
    }
    await refreshScreen();
    return true;
  }
}
