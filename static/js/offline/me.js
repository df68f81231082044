// Who is signed in on this device, as the last page of the server said: the offline shell comes without a session. It lies
// in IndexedDB, like the posts: localStorage reaches the disk up to a minute later, and a browser that is killed before
// knows nobody, or whoever has signed out.
import { readAll, write } from "../queue/idb.js";
import { forgetMe, legacyMe } from "../queue/legacy.js";
import { forgetAll } from "./held.js";

const ID = "me";
// A device that can't store must not keep anybody from signing out.
const PATIENCE_MS = 2000;

// Resolves once the disk knows it, or the shell; never rejects.
export function startMe() {
  document.addEventListener("submit", (event) => event.target.getAttribute("action") === "/sign-out" && signOff(event));
  return settle().catch(() => {
    // Without storage there is no work without a connection.
  });
}

async function settle() {
  const { offline, associate, associateName, badge, storeName } = document.body.dataset;
  const known = await me();
  if (offline) fill(known);
  else if (associate) await remember({ id: ID, who: associate, name: associateName, badge, store: storeName }, known);
  // Signed out. A session that only grew old leaves the name, and the work, for whoever comes back to it.
  else if (!known.who) await forgetAll();
}

async function me() {
  const known = (await readAll("device")).find(({ id }) => id === ID);
  if (known) return known;
  const next = { id: ID, who: "", ...legacyMe() };
  // Nobody, too, is written down: what is gone from localStorage comes back with a kill.
  await write([{ store: "device", put: next }]);
  forgetMe();
  return next;
}

async function remember(next, known) {
  if (Object.keys(next).every((name) => next[name] === known[name])) return;
  // Work is held for one person: the next one on this device starts with an empty hand.
  const others = (await readAll("work")).filter(({ who }) => who !== next.who);
  await write([{ store: "device", put: next }, ...others.map(({ id }) => ({ store: "work", remove: id }))]);
}

// Whoever takes the device up after a sign-out does not scan in that name, connection or not. Scans that wait are kept.
// The disk has it before the page goes.
async function signOff(event) {
  const form = event.target;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "true";
  const late = new Promise((resolve) => { window.setTimeout(resolve, PATIENCE_MS); });
  await Promise.race([write([{ store: "device", put: { id: ID, who: "" } }]).catch(() => {}), late]);
  form.submit();
}

function fill(known) {
  if (!known.who) return;
  const { dataset } = document.body;
  dataset.associate = known.who;
  dataset.associateName = known.name;
  dataset.badge = known.badge;
  const [store, name] = [document.createElement("strong"), document.createElement("span")];
  [store.textContent, name.textContent, name.className] = [known.store, known.name, "muted"];
  document.querySelector(".topbar-who").replaceChildren(store, name);
  const badge = document.querySelector("#sign-in [name=badge]");
  badge.defaultValue = known.badge;
}
