// The screen stays on while somebody picks, stages, puts back or counts: hands are full, and nobody touches it for
// minutes. It may go dark again when the task is over, when the device locks, and wherever nothing is scanned.

const TASKS = /^\/(pick|stage|put-back|count|stock)\/./;
const LISTS = /^\/(stage|put-back)\/$/;
const ATTRIBUTES = { attributes: true, attributeFilter: ["hidden", "data-scan-url", "open"] };

let lock = null;
let asking = false;

export function startAwake() {
  const bar = document.getElementById("scanbar");
  if (!bar || !navigator.wakeLock) return;
  const dialog = document.getElementById("sign-in");
  const watch = new MutationObserver(settle);
  for (const element of [bar, dialog]) if (element) watch.observe(element, ATTRIBUTES);
  watch.observe(document.getElementById("screen"), { childList: true });
  // The browser takes the lock away from a page that is not in sight.
  document.addEventListener("visibilitychange", settle);
  settle();

  function settle() {
    const { pathname } = window.location;
    const scans = !bar.hidden && bar.dataset.scanUrl && (TASKS.test(pathname) || LISTS.test(pathname));
    if (scans && !dialog?.open && !document.querySelector("#screen [data-task-over]")) keep();
    else letGo();
  }

  async function keep() {
    if (lock || asking || document.visibilityState !== "visible") return;
    asking = true;
    try {
      const given = await navigator.wakeLock.request("screen");
      given.addEventListener("release", () => { if (lock === given) lock = null; });
      lock = given.released ? null : given;
    } catch {
      // A battery that runs low, or a device that does not know how: then the screen goes dark as ever.
    } finally {
      asking = false;
    }
    if (lock) settle();
  }

  function letGo() {
    lock?.release();
  }
}
