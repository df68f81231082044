// Sends what waits, one at a time in order.
import { TRIES_MAX, isPostsFault } from "../offline/breaks.js";
import { setConnection } from "../connection.js";
import { showRefused } from "./refused.js";
import { answered, nextPause } from "./retries.js";
import { Round, tell } from "./round.js";
import { sendPost } from "./send.js";
import { signInAgain } from "../signin.js";

export class Sender {
  // show: draws how much waits.
  constructor(queue, show) {
    this.queue = queue;
    this.show = show;
    this.sending = false;
    this.resting = false;
    this.timer = 0;
    this.idle = [];
    this.round = null;
    this.now = this.now.bind(this);
  }

  now() {
    window.clearTimeout(this.timer);
    this.resting = false;
    this.pump();
  }

  // A server that has just said "too much" is not asked again for every scan; a lost network costs nothing to try.
  soon() {
    if (!this.resting) this.pump();
  }

  whenSent() {
    return this.queue.length ? new Promise((resolve) => this.idle.push(resolve)) : Promise.resolve();
  }

  async pump() {
    if (this.sending) return;
    this.sending = true;
    let emptied = false;
    try {
      // The tabs share the queue: one of them sends at a time, or the order is lost.
      emptied = await (navigator.locks ? navigator.locks.request("storehand.scans", () => this.drain()) : this.drain());
    } finally {
      this.sending = false;
      this.round = null;
      this.show();
    }
    if (!emptied) return;
    if (this.queue.length) {
      // Made after the last look at the queue and before this line.
      this.pump();
      return;
    }
    this.idle.forEach((resolve) => resolve());
    this.idle = [];
  }

  // True when nothing is left, false when it has to wait or the page is going.
  async drain() {
    const { queue } = this;
    // What another tab has sent while this one waited for its turn; what this device still holds from before.
    await (queue.behind ? queue.load() : queue.loading);
    this.round = new Round(queue);
    for (let entry = queue.head(); entry; entry = queue.head()) {
      await queue.markTried(entry);
      const bar = this.round.watchingBar(entry);
      const answer = await sendPost(entry, bar);
      if (answer.outcome === "retry") {
        if (await this.sticks(entry)) continue;
        this.waitAndRetry(answer);
        return false;
      }
      answered();
      if (answer.outcome === "stranger") {
        // Their own page; what waits stays for its owner.
        window.location.reload();
        return false;
      }
      if (answer.outcome === "signin") {
        // Not here: whoever signs in in another tab must not wait for this one's dialog.
        this.askToSignIn();
        return false;
      }
      setConnection("online");
      this.settle(entry, answer, bar);
      if (answer.leaving) return false;
    }
    return this.round.finish();
  }

  settle(entry, answer, bar) {
    const settled = this.round.settle(entry, answer, bar);
    if (settled.listed) showRefused(this.queue, this.now);
    this.show();
    tell("settled", settled.told);
  }

  async askToSignIn() {
    this.resting = true;
    setConnection("sign_in");
    await signInAgain();
    setConnection("online");
    this.now();
  }

  // Whether the server breaks on this post alone, again and again, on this page and on those before. Then it stands in
  // the list of refusals until somebody has decided, the rest of its work waits, and everything else goes on.
  async sticks({ key }) {
    if (!await isPostsFault()) return false;
    const tries = (this.queue.posts.get(key)?.tries ?? 0) + 1;
    const stuck = tries >= TRIES_MAX;
    this.queue.note(key, { tries, stuck });
    if (stuck) this.queue.changed();
    return stuck;
  }

  waitAndRetry(answer) {
    this.queue.markWaited();
    this.resting = answer.status > 0;
    setConnection(this.resting ? "server" : "offline");
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(this.now, nextPause());
  }
}
