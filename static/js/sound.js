// A result that can be told apart with eyes on the shelf: its own tones and its own vibration.

// Each note: pitch in Hz, start and length in ms, wave. Yes rises, attention repeats one note, no is low and long.
const TONES = {
  yes: [{ hz: 880, at: 0, ms: 70, wave: "sine" }, { hz: 1319, at: 75, ms: 110, wave: "sine" }],
  look: [{ hz: 659, at: 0, ms: 110, wave: "triangle" }, { hz: 659, at: 170, ms: 110, wave: "triangle" }],
  no: [{ hz: 196, at: 0, ms: 220, wave: "square" }, { hz: 147, at: 240, ms: 320, wave: "square" }],
  done: [
    { hz: 784, at: 0, ms: 90, wave: "sine" },
    { hz: 988, at: 95, ms: 90, wave: "sine" },
    { hz: 1568, at: 190, ms: 240, wave: "sine" },
  ],
};
const VIBRATIONS = { yes: [40], look: [70, 70, 70], no: [250, 90, 250], done: [40, 50, 40, 50, 160] };
const LOUDNESS = { sine: 0.3, triangle: 0.3, square: 0.14 };

let audio = null;

// Browsers keep a page silent until the first gesture; the first scan's keystrokes are one.
function unlock() {
  audio ??= new window.AudioContext();
  if (audio.state === "suspended") audio.resume();
}

export function startSound() {
  if (!window.AudioContext) return;
  for (const gesture of ["pointerdown", "keydown"]) window.addEventListener(gesture, unlock, { capture: true, passive: true });
}

function play(note) {
  const start = audio.currentTime + note.at / 1000;
  const end = start + note.ms / 1000;
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  oscillator.type = note.wave;
  oscillator.frequency.value = note.hz;
  // Short ramps at both ends: a tone that is cut off clicks.
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUDNESS[note.wave], start + 0.008);
  volume.gain.setValueAtTime(LOUDNESS[note.wave], end - 0.02);
  volume.gain.linearRampToValueAtTime(0, end);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(end);
}

export function feedback(cue) {
  if (!TONES[cue]) return;
  if (audio) TONES[cue].forEach(play);
  // Chromium logs an error when a page vibrates before anybody touched it.
  if (navigator.vibrate && navigator.userActivation?.hasBeenActive !== false) navigator.vibrate(VIBRATIONS[cue]);
}
