// The posts that the server has not judged yet, oldest first, and those that it refused: whose they are, which of them
// may go, and what becomes of each.
import { writeAhead } from "./ahead.js";
import { sortOut, workOf } from "./behind.js";
import { Mirror } from "./mirror.js";

const inOrder = (one, other) => one.seq - other.seq || (one.key < other.key ? -1 : 1);

export class PostQueue extends Mirror {
  constructor(who, changed) {
    super(changed);
    this.who = who;
    // Keys of new posts of which the disk has not spoken yet.
    this.fresh = new Set();
  }

  add(post) {
    // A clock that is set back must not bring a later scan before an earlier one.
    const seq = Math.max(Date.now(), this.lastSeq + 1);
    const entry = { ...post, who: this.who, seq, tried: false };
    writeAhead(entry);
    this.fresh.add(entry.key);
    this.change({ store: "posts", put: entry });
    const safe = this.save().finally(() => this.fresh.delete(entry.key));
    return { entry, safe };
  }

  // A post belongs to whoever made it: nobody else's session may send it.
  mine() {
    return [...this.posts.values()].filter((entry) => entry.who === this.who).sort(inOrder);
  }

  others() {
    return [...this.posts.values()].filter((entry) => entry.who !== this.who);
  }

  free() {
    return sortOut(this.mine()).free;
  }

  head() {
    return this.free()[0] ?? null;
  }

  stuck() {
    return this.mine().filter((entry) => entry.stuck);
  }

  waitsBehind(post) {
    return sortOut(this.mine()).works.has(workOf(post));
  }

  // How many of mine wait and would outlive a kill, or no disk would keep them. The stuck ones stand in a list.
  get kept() {
    return this.mine().filter(({ key, stuck }) => !stuck && !this.fresh.has(key)).length;
  }

  // How many of them can be sent.
  get length() {
    return this.free().length;
  }

  // From now on nobody watches the answers one by one, so refusals of these must be listed.
  markWaited() {
    const changes = this.mine().filter((entry) => !entry.waited).map((entry) => ({ store: "posts", put: { ...entry, waited: true } }));
    if (!changes.length) return;
    this.change(...changes);
    this.save();
  }

  // It may have its effect from here on, whether an answer comes or not. The disk knows it before the server: killed in
  // between, the device would undo by dropping what has happened. A disk that does not answer keeps nothing from going.
  async markTried(entry) {
    if (entry.tried) return;
    const safe = this.note(entry.key, { tried: true });
    if (this.stored) await safe;
  }

  // What is known of a post that goes on waiting.
  async note(key, facts) {
    const entry = this.posts.get(key);
    if (!entry) return;
    this.change({ store: "posts", put: { ...entry, ...facts } });
    await this.save();
  }

  drop(key) {
    this.change({ store: "posts", remove: key });
    return this.save();
  }

  // Off one list and onto the other in one transaction: a post is never on neither.
  refuse(entry, { status, title, detail, link = "", link_label = "" }) {
    const { key, who, kind, label, page, made_at, advice } = entry;
    const row = { key, who, kind, label, page, made_at, advice, code: entry.fields.code ?? "", seq: entry.seq, status, title, detail, link, link_label };
    this.change({ store: "posts", remove: key }, { store: "refused", put: row });
    return this.save();
  }

  refusals() {
    return [...this.refused.values()].filter((row) => row.who === this.who).sort(inOrder);
  }

  // Somebody has seen them.
  clear(rows) {
    this.change(...rows.map(({ key }) => ({ store: "refused", remove: key })));
    return this.save();
  }
}
