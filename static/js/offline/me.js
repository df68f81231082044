// Who is signed in on this device, as the last page of the server said: the offline shell comes without a session.
import { forgetAll } from "./held.js";

const ME = "storehand.me";

function me() {
  try {
    return JSON.parse(window.localStorage.getItem(ME) ?? "null");
  } catch {
    return null;
  }
}

export function startMe() {
  const { dataset } = document.body;
  document.addEventListener("submit", ({ target }) => target.getAttribute("action") === "/sign-out" && signOff());
  if (dataset.offline) fill(me());
  else if (dataset.associate) remember({ who: dataset.associate, name: dataset.associateName, badge: dataset.badge, store: dataset.storeName });
  // Signed out. A session that only grew old leaves the name, and the work, for whoever comes back to it.
  else if (!me()) forgetAll();
}

// Whoever takes the device up after a sign-out does not scan in that name, connection or not. Scans that wait are kept.
function signOff() {
  try {
    window.localStorage.removeItem(ME);
  } catch {
    // Nothing was remembered either.
  }
}

function remember(next) {
  // Work is held for one person: the next one on this device starts with an empty hand.
  if (me()?.who !== next.who) forgetAll();
  try {
    window.localStorage.setItem(ME, JSON.stringify(next));
  } catch {
    // Without storage there is no work without a connection.
  }
}

function fill(known) {
  if (!known) return;
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
