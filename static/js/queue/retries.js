// How long to leave a server alone that has not answered.

const SECONDS = [1, 2, 4, 8, 15];

let failures = 0;

export function answered() {
  failures = 0;
}

// Handhelds of one store come back at the same moment; the spread keeps them from knocking together.
export function nextPause() {
  const seconds = SECONDS[Math.min(failures, SECONDS.length - 1)];
  failures += 1;
  return seconds * 1000 * (0.8 + Math.random() * 0.4);
}
