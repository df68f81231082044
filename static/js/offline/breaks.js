// A post on which the server breaks, while it does everything else, must not keep for ever those that wait behind it.
import { WHO } from "../ours.js";

const READY = "/health/ready";
const PATIENCE_MS = 5000;
// With the pauses between them some five minutes: a server that is being mended has had its time.
export const TRIES_MAX = 20;

// Asked after a post got no judgement. Without a network, behind a hotspot's page or while nothing works it is not the
// post's fault.
export async function isPostsFault() {
  try {
    const answer = await fetch(READY, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok && answer.headers.has(WHO);
  } catch {
    return false;
  }
}
