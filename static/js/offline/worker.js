// The service worker: static files from the device, task pages from the server or, where it does not answer, the shell.
// It keeps nothing else: no page with anybody's data, no answer to a post. `toKeep` comes from stores/handheld/shell.py.
const { version, files, shell, prefix } = self.toKeep;
// On each answer of our server, and on no page of whatever stands between (../ours.js; a worker imports no modules).
const WHO = "Storehand-Who";
const CACHE = `storehand-${version}`;
const PATIENCE_MS = 3000;
const TASKS = /^\/($|(pick|put-back|stage)(\/|$))/;
const NO_SERVER = [502, 503, 504];

let patientUntil = 0;

self.addEventListener("install", (event) => {
  event.waitUntil(install().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data?.shellIn) event.waitUntil(keepShellIn(event.data.shellIn).catch(() => {}));
  // The shell has seen the server answer and asks for the page itself, which may be slow.
  if (event.data === "patience") {
    patientUntil = Date.now() + 10000;
    event.ports[0]?.postMessage("");
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (url.pathname.startsWith(prefix)) event.respondWith(file(request));
});

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all([cache.addAll(files), keepShell()]);
}

// In the language of whoever is signed in; the server leaves everything else about them out.
async function keepShell() {
  const cache = await caches.open(CACHE);
  const answer = await fetch(shell, { cache: "no-store" });
  // Kept, the page of a hotspot would stand in for the shell until the next version.
  if (!answer.ok || answer.redirected || !answer.headers.has(WHO)) throw new Error(`The shell was answered ${answer.status}`);
  await cache.put(shell, answer);
}

// Asked on every page: a fetch that failed is made up for with the next.
async function keepShellIn(language) {
  if ((await shellPage())?.headers.get("Content-Language") !== language) await keepShell();
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("storehand-") && name !== CACHE).map((name) => caches.delete(name)));
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function page(request, url) {
  const task = TASKS.test(url.pathname);
  try {
    const answer = await (task && Date.now() > patientUntil ? inTime(fetch(request)) : fetch(request));
    if (!task || !NO_SERVER.includes(answer.status)) return answer;
    return (await shellPage()) ?? answer;
  } catch (error) {
    const standIn = await shellPage();
    if (!standIn) throw error;
    return standIn;
  }
}

function shellPage() {
  return caches.match(shell, { ignoreVary: true });
}

function inTime(answer) {
  const late = new Promise((_resolve, reject) => setTimeout(() => reject(new Error("late")), PATIENCE_MS));
  // A late answer that fails, too, is nobody's concern any more.
  answer.catch(() => {});
  return Promise.race([answer, late]);
}
