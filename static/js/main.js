// The one entry of every page; each part finds its own elements and does nothing where there are none.
import { startAwake } from "./awake.js";
import { startBands } from "./bands.js";
import { startCamera } from "./camera.js";
import { startClocks } from "./clocks.js";
import { startConnection } from "./connection.js";
import { startFocus } from "./focus.js";
import { startForms } from "./forms.js";
import { startIdleLock } from "./idle.js";
import { startWorker } from "./offline/install.js";
import { startKeypads } from "./keypad.js";
import { startLive } from "./live.js";
import { startLocal } from "./offline/local.js";
import { startMe } from "./offline/me.js";
import { startMenu } from "./menu.js";
import { startOurs } from "./ours.js";
import { startOutbox } from "./queue/outbox.js";
import { startScanning } from "./scan.js";
import { startSheets } from "./sheets.js";
import { startShell } from "./offline/shell.js";
import { startSignIn } from "./signin.js";
import { startSound } from "./sound.js";
import { startTabs } from "./tabs.js";
import { startTyping } from "./typing.js";

startTyping();
// Before all that look at answers.
startOurs();
const known = startMe();
startClocks();
startSound();
startBands();
startConnection();
startSignIn();
startScanning();
startFocus();
startForms();
startKeypads();
startSheets();
startLive();
startIdleLock();
startTabs();
startMenu();
startAwake();
startCamera();

// A page out of the back/forward cache shows the task as it was, not as it is.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

// Whose work the shell shows lies on the disk; every other page says it by itself.
if (document.body.dataset.offline) known.then(startWork);
else startWork();

function startWork() {
  startOutbox();
  startLocal(known);
  startShell();
  startWorker(known);
  // Tests and support look for this before they touch the page.
  document.documentElement.dataset.ready = "true";
}
