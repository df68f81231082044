// The scans that the server has not answered yet, oldest first.
//
// localStorage, because it is written before the next key arrives: IndexedDB answers later, and a reload in between
// would lose the scan. It is shared by the tabs of a device, so every step reads it anew. A copy in memory carries on
// when storage is full or forbidden.

const SCANS = "storehand.scans";
const REFUSED = "storehand.refused";
const REFUSED_MAX = 50;

class StoredList {
  constructor(name) {
    this.name = name;
    this.memory = [];
    this.memoryOnly = false;
  }

  read() {
    if (this.memoryOnly) return [...this.memory];
    try {
      const list = JSON.parse(window.localStorage.getItem(this.name) ?? "[]");
      return Array.isArray(list) ? list : [];
    } catch {
      return [...this.memory];
    }
  }

  write(list) {
    this.memory = [...list];
    try {
      window.localStorage.setItem(this.name, JSON.stringify(list));
    } catch {
      this.memoryOnly = true;
    }
  }
}

// entry: {key, code, scanned_at, url, page, who, waited}
export class ScanQueue {
  constructor(who) {
    this.who = who;
    this.scans = new StoredList(SCANS);
    this.refused = new StoredList(REFUSED);
  }

  add(entry) {
    this.scans.write([...this.scans.read(), { ...entry, who: this.who, waited: false }]);
  }

  // A scan belongs to whoever made it: nobody else's session may send it.
  mine() {
    return this.scans.read().filter((entry) => entry.who === this.who);
  }

  others() {
    return this.scans.read().filter((entry) => entry.who !== this.who);
  }

  head() {
    return this.mine()[0] ?? null;
  }

  get length() {
    return this.mine().length;
  }

  // From now on nobody watches the answers one by one, so refusals of these must be listed.
  markWaited() {
    this.scans.write(this.scans.read().map((entry) => (entry.who === this.who ? { ...entry, waited: true } : entry)));
  }

  drop(key) {
    this.scans.write(this.scans.read().filter((entry) => entry.key !== key));
  }

  addRefused(entry, reason) {
    const list = [...this.refused.read(), { code: entry.code, at: entry.scanned_at, who: this.who, reason }];
    this.refused.write(list.slice(-REFUSED_MAX));
  }

  refusals() {
    return this.refused.read().filter((entry) => entry.who === this.who);
  }

  clearRefusals() {
    this.refused.write(this.refused.read().filter((entry) => entry.who !== this.who));
  }
}
