// The device's own database, as promises: what waits to be sent, what was refused, the work it holds, who is signed in.

const NAME = "storehand";
const VERSION = 2;
// A database that neither answers nor fails must not keep scans from being sent.
const PATIENCE_MS = 10000;
const KEYS = { posts: "key", refused: "key", work: "id", device: "id" };

let opening = null;

function open() {
  if (opening) return opening;
  // A newer version of this page has been here: it adds stores and takes none away, so what there is will do.
  opening = openAs(VERSION).catch((error) => (error?.name === "VersionError" ? openAs() : Promise.reject(error)));
  // Forbidden now may be allowed later: the next caller tries again.
  opening.catch(() => { opening = null; });
  return opening;
}

function openAs(version) {
  return new Promise((resolve, reject) => {
    const request = window.indexedDB.open(NAME, version);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(KEYS)) {
        if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store, { keyPath });
      }
    };
    request.onsuccess = () => {
      const database = request.result;
      // A newer page in another tab wants to change the stores; this one opens it again when it needs it.
      database.onversionchange = () => {
        database.close();
        opening = null;
      };
      database.onclose = () => { opening = null; };
      resolve(database);
    };
    request.onerror = () => reject(request.error);
  });
}

async function inTime(answer) {
  let timer = 0;
  const late = new Promise((_resolve, reject) => { timer = window.setTimeout(() => reject(new Error("The database does not answer")), PATIENCE_MS); });
  try {
    return await Promise.race([answer, late]);
  } finally {
    window.clearTimeout(timer);
  }
}

export function readAll(store) {
  return inTime(allOf(store));
}

async function allOf(store) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const request = database.transaction(store).objectStore(store).getAll();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// changes: [{store, put: row} or {store, remove: key}]. All of them or none. Resolves when the disk has them: without
// "strict" a browser that is killed keeps what it had written, a battery that falls out does not.
export function write(changes) {
  return inTime(commit(changes));
}

async function commit(changes) {
  const database = await open();
  const stores = [...new Set(changes.map(({ store }) => store))];
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    for (const change of changes) {
      const store = transaction.objectStore(change.store);
      if (change.put) store.put(change.put);
      else store.delete(change.remove);
    }
    transaction.commit();
  });
}
