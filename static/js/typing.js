// Who types, a person or a scanner? A scanner's keys follow each other faster than any finger.

const MACHINE_MS = 35;
const QUIET_MS = 200;
const STROKES_MIN = 3;

let strokes = [];
let lastKey = 0;

export function startTyping() {
  window.addEventListener("keydown", ({ key, timeStamp }) => {
    lastKey = performance.now();
    if (key.length === 1) strokes.push(timeStamp);
  }, true);
  for (const pause of ["pointerdown", "focusin"]) window.addEventListener(pause, () => { strokes = []; }, true);
}

// Whether what has just been ended with Enter came out of a scanner. Asking starts the next word.
export function typedByScanner() {
  const word = strokes;
  strokes = [];
  return word.length >= STROKES_MIN && (word.at(-1) - word[0]) / (word.length - 1) < MACHINE_MS;
}

// Resolves between two codes, never in the middle of one.
export async function quietKeys() {
  for (let left = QUIET_MS; left > 0; left = QUIET_MS - (performance.now() - lastKey)) {
    await new Promise((resolve) => window.setTimeout(resolve, left));
  }
}
