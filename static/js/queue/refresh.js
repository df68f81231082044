// Draws the screen anew from its own address and leaves the scan field alone: what is being typed there stays.
import { setCsrfToken } from "../csrf.js";
import { WHO } from "../ours.js";

const PARTS = ["task", "screen", "actions", "scan-label"];

export async function refreshScreen() {
  let answer = null;
  let page = null;
  try {
    answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return;
  }
  if (!answer.headers.has(WHO)) return;
  // Leads elsewhere, or there is no such page any more: the whole page tells it best.
  if (!answer.ok || answer.redirected) {
    if (answer.status < 500 && answer.status !== 401) window.location.assign(answer.url);
    return;
  }
  // Somebody else has signed in since: with their token this page would send in their name.
  if (page.body.dataset.associate !== document.body.dataset.associate) {
    window.location.reload();
    return;
  }
  const token = JSON.parse(page.body.getAttribute("hx-headers") || "{}")["x-csrftoken"];
  if (token) setCsrfToken(token);
  for (const id of PARTS) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (old && fresh) window.htmx.swap(old, fresh.innerHTML, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 });
  }
}
