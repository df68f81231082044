// The camera as a second scanner, where the browser itself reads barcodes: a code goes the way a scanner's does. Where it
// does not, there is no button, and the scanner and the keyboard are what there is.
import { showBand } from "./bands.js";
import { readsOf } from "./reads.js";
import { text } from "./texts.js";

// Those that goods, bins and totes carry. Weaker ones without a check digit would be misread off creased film.
const FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "itf", "code_128", "qr_code", "data_matrix"];
const LOOK_MS = 100;
// A camera that reads nothing for so long lies forgotten on a shelf and eats the battery.
const FORGOTTEN_MS = 120000;
const OPEN = "storehand.camera";
const VIDEO = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };

let view = null;
let stream = null;
let detector = null;
let opening = false;

export async function startCamera() {
  view = document.getElementById("camera-view");
  const button = document.getElementById("camera");
  if (!view || !button || !window.BarcodeDetector || !navigator.mediaDevices?.getUserMedia) return;
  const known = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
  const formats = FORMATS.filter((format) => known.includes(format));
  if (!formats.length) return;
  detector = new window.BarcodeDetector({ formats });
  const offer = async () => { button.hidden = !(await hasCamera()); };
  navigator.mediaDevices.addEventListener("devicechange", offer);
  await offer();
  button.addEventListener("click", () => (stream ? close() : open()));
  view.addEventListener("click", (event) => {
    if (event.target.closest("#camera-torch")) toggleTorch();
    else close();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && stream && close());
  // Nobody is filmed by a device that lies in a pocket or is locked.
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && stop());
  const dialog = document.getElementById("sign-in");
  if (dialog) new MutationObserver(() => dialog.open && stop()).observe(dialog, { attributes: true, attributeFilter: ["open"] });
  // One task may lead over several pages.
  if (!button.hidden && window.sessionStorage.getItem(OPEN)) open();
}

async function hasCamera() {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices.some(({ kind }) => kind === "videoinput");
}

async function open() {
  if (opening || stream) return;
  opening = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: VIDEO });
  } catch (error) {
    window.sessionStorage.removeItem(OPEN);
    const refused = error.name === "NotAllowedError" || error.name === "SecurityError";
    showBand({ tone: "look", title: text(refused ? "camera_refused" : "camera_fails"), detail: text("camera_otherwise") });
    return;
  } finally {
    opening = false;
  }
  window.sessionStorage.setItem(OPEN, "yes");
  const video = view.querySelector("video");
  video.srcObject = stream;
  view.hidden = false;
  press(true);
  const [track] = stream.getVideoTracks();
  // Unplugged, or taken by another app.
  track.addEventListener("ended", close);
  document.getElementById("camera-torch").hidden = !track.getCapabilities?.().torch;
  await video.play().catch(() => {});
  look(video, stream);
}

function close() {
  window.sessionStorage.removeItem(OPEN);
  stop();
  document.getElementById("scan").focus({ preventScroll: true });
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  view.querySelector("video").srcObject = null;
  view.hidden = true;
  document.getElementById("camera-torch").setAttribute("aria-pressed", "false");
  press(false);
}

function press(on) {
  const button = document.getElementById("camera");
  button.setAttribute("aria-pressed", String(on));
  button.setAttribute("aria-label", text(on ? "close_camera" : "open_camera"));
}

// One look after the other, until this stream has ended.
async function look(video, mine) {
  const reads = readsOf();
  let last = performance.now();
  while (stream === mine) {
    const found = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await detector.detect(video).catch(() => []) : [];
    if (stream !== mine) return;
    const code = reads(found, { width: video.videoWidth, height: video.videoHeight }, performance.now());
    if (code) {
      last = performance.now();
      document.dispatchEvent(new CustomEvent("storehand:scan", { cancelable: true, detail: code }));
    } else if (performance.now() - last > FORGOTTEN_MS) {
      close();
      return;
    }
    await new Promise((resolve) => window.setTimeout(resolve, LOOK_MS));
  }
}

async function toggleTorch() {
  const button = document.getElementById("camera-torch");
  const on = button.getAttribute("aria-pressed") !== "true";
  const [track] = stream.getVideoTracks();
  await track.applyConstraints({ advanced: [{ torch: on }] }).then(() => button.setAttribute("aria-pressed", String(on)), () => {});
}
