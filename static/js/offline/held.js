// The work that this device holds so that it goes on without a connection. No personal data.
import { readAll, write } from "../queue/idb.js";

const mine = () => document.body.dataset.associate ?? "";

// work: {id, kind, path, title, detail, due_at, version, data}; the same id replaces what was held.
export function hold(work) {
  return write([{ store: "work", put: { ...work, who: mine() } }]);
}

export function forget(id) {
  return write([{ store: "work", remove: id }]);
}

export async function heldWork() {
  const works = (await readAll("work").catch(() => [])).filter((work) => work.who === mine());
  return works.sort((one, other) => (one.due_at ?? "9") < (other.due_at ?? "9") ? -1 : 1);
}

export async function heldFor(path) {
  return (await heldWork()).find((work) => work.path === path || work.also?.includes(path)) ?? null;
}

export async function forgetAll() {
  try {
    const works = await readAll("work");
    if (works.length) await write(works.map(({ id }) => ({ store: "work", remove: id })));
  } catch {
    // A device that can't store holds nothing.
  }
}
