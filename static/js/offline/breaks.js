// A post on which the server breaks, while it does everything else, must not keep for ever those that wait behind it.
const READY = "/health/ready";
const PATIENCE_MS = 5000;
const BROKEN = 500;
// With the pauses between them some five minutes: a server that is being mended has had its time.
const TRIES_MAX = 20;

let key = "";
let tries = 0;

// Whether it is the post's own fault, and no other try will help.
export async function breaksServer(entry, status) {
  if (status !== BROKEN) return false;
  tries = entry.key === key ? tries + 1 : 1;
  key = entry.key;
  if (tries < TRIES_MAX) return false;
  try {
    return (await fetch(READY, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) })).ok;
  } catch {
    return false;
  }
}
