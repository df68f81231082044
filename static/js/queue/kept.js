// A yes comes after the disk's word: what the screen has confirmed outlives a killed browser. What follows a scan on the
// screen waits for it, so that bands come in the order of the scans.
import { showBand } from "../bands.js";
import { text } from "../texts.js";

let before = Promise.resolve();
let pending = 0;
let drawn = () => {};

// fn draws the screen; told once nothing waits for the disk any more, and not for each scan of a burst.
export function drawWhenKept(fn) {
  drawn = fn;
}

// Said of what can't go before somebody has decided about a post on which the server breaks.
export const behindBand = () => ({ tone: "look", title: text("waits_behind"), detail: text("waits_behind_detail") });

export const isKeeping = () => pending > 0;

// safe: a Promise<boolean>, whether the device has stored it; without one, the band waits for those before it alone.
export function tellInTurn(band, safe = null) {
  if (!safe && !pending) {
    showBand(band);
    return;
  }
  pending += 1;
  // Whatever goes wrong with one of them, the next is told all the same.
  before = Promise.all([before, safe]).catch(() => [null, false]).then(([, stored]) => {
    pending -= 1;
    showBand(stored === false ? { ...band, tone: "look", cue: "look", detail: text("not_stored") } : band);
    if (!pending) drawn();
  });
}
