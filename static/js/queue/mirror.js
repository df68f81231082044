// What the device keeps of posts and refusals: a mirror in memory, which the screen reads, and IndexedDB, which holds the
// same. The tabs of a device tell each other what they change. Where the device can't store, the mirror carries on alone
// and `stored` says so.
import { forgetAhead, readAhead } from "./ahead.js";
import { readAll, write } from "./idb.js";
import { forgetLegacy, legacyPosts, legacyRefusals } from "./legacy.js";

const CHANNEL = "storehand.posts";

export class Mirror {
  constructor(changed) {
    this.changed = changed;
    this.stored = true;
    this.posts = new Map();
    this.refused = new Map();
    // Judged: an older copy of it, from the disk or from another tab, must not come back.
    this.gone = new Set();
    this.unsaved = new Map();
    this.writing = new Set();
    this.lastSeq = 0;
    this.heard = null;
    this.behind = true;
    this.loading = Promise.resolve();
    this.channel = window.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null;
    if (this.channel) {
      this.channel.onmessage = ({ data }) => {
        this.behind = true;
        this.heard?.push(...data);
        data.forEach((change) => this.apply(change));
        this.changed();
      };
    }
    for (const entry of readAhead()) this.apply({ store: "posts", put: entry });
  }

  // Once at the start, and again before this tab sends after others have spoken: it may be a step behind them.
  load() {
    this.loading = this.loading.then(() => this.read());
    return this.loading;
  }

  async read() {
    this.behind = false;
    const left = [...legacyPosts(), ...readAhead()].filter((entry) => !this.gone.has(entry.key));
    const refusals = legacyRefusals();
    this.heard = [];
    try {
      const [posts, refused] = [await readAll("posts"), await readAll("refused")];
      this.posts = new Map(posts.filter(({ key }) => !this.gone.has(key)).map((entry) => [entry.key, entry]));
      this.refused = new Map(refused.map((entry) => [entry.key, entry]));
      for (const { key } of posts) if (this.gone.has(key)) this.change({ store: "posts", remove: key });
    } catch {
      this.stored = false;
    }
    const own = [...this.writing, this.unsaved].flatMap((batch) => [...batch.values()]);
    for (const change of [...this.heard, ...own]) this.apply(change);
    this.heard = null;
    for (const entry of left) if (!this.posts.has(entry.key)) this.change({ store: "posts", put: entry });
    for (const entry of refusals) this.change({ store: "refused", put: entry });
    for (const { seq } of this.posts.values()) this.lastSeq = Math.max(this.lastSeq, seq);
    if (await this.save()) forgetLegacy();
    this.changed();
  }

  apply({ store, put, remove }) {
    const rows = store === "posts" ? this.posts : this.refused;
    if (!put) {
      rows.delete(remove);
      if (store === "posts") this.gone.add(remove);
    } else if (store !== "posts" || !this.gone.has(put.key)) {
      rows.set(put.key, put);
      this.lastSeq = Math.max(this.lastSeq, put.seq ?? 0);
    }
  }

  // In memory and in the other tabs at once, on the disk with the next save.
  change(...changes) {
    for (const change of changes) {
      this.apply(change);
      this.unsaved.set(`${change.store} ${change.put?.key ?? change.remove}`, change);
    }
    this.channel?.postMessage(changes);
  }

  // At once and each in its own transaction, which IndexedDB keeps in order: a scanner's keys go before everything else
  // in the browser, and whatever waits for its turn between them is lost with a killed browser. Resolves to whether the
  // device has stored it.
  async save() {
    const batch = this.unsaved;
    if (!batch.size) return this.stored;
    this.unsaved = new Map();
    this.writing.add(batch);
    try {
      await write([...batch.values()]);
    } catch {
      // Tried again with the next change; what has been judged in the meantime stays judged.
      const left = [...batch].filter(([, { put }]) => !put || !this.gone.has(put.key));
      this.unsaved = new Map([...left, ...this.unsaved]);
      this.setStored(false);
      return false;
    } finally {
      this.writing.delete(batch);
    }
    for (const { store, put, remove } of batch.values()) if (store === "posts") forgetAhead(put?.key ?? remove);
    this.setStored(true);
    return true;
  }

  setStored(stored) {
    if (this.stored === stored) return;
    this.stored = stored;
    this.changed();
  }
}
