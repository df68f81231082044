// What was refused after it had waited: nobody saw the answer, so it stays listed until somebody has.
import { text } from "../texts.js";

const GONE = [404, 410];

export function showRefused(queue) {
  const section = document.getElementById("refused");
  if (!section) return;
  const rows = queue.refusals();
  section.hidden = rows.length === 0;
  section.querySelector(".refused-count").textContent = rows.length;
  const shown = [...section.querySelectorAll("li")].map((item) => item.dataset.key).join(" ");
  // Drawn anew, a row would take the focus of its button with it.
  if (shown !== rows.map((row) => row.key).join(" ")) {
    section.querySelector("ul").replaceChildren(...rows.map((row) => rowOf(queue, row)));
    if (rows.some(isAboutThisPage)) section.querySelector("details").open = true;
  }
  section.querySelector(".refused-all").hidden = rows.length < 2;
  section.querySelector(".refused-all").onclick = () => clear(queue, queue.refusals());
}

// Elsewhere one line is enough: the work that the page is about must stay in sight.
function isAboutThisPage({ page }) {
  return ["/", page].includes(window.location.pathname);
}

function clear(queue, rows) {
  queue.clear(rows);
  showRefused(queue);
}

function rowOf(queue, row) {
  const item = document.getElementById("refused-row").content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`.refused-${name}`);
  item.dataset.key = row.key;
  part("label").textContent = row.label || row.code;
  part("code").textContent = row.label && !row.label.includes(row.code) ? row.code : "";
  part("time").textContent = timeOf(row.made_at);
  part("time").dateTime = row.made_at;
  part("words").textContent = [row.title, row.detail].filter(Boolean).join(". ");
  // The server's own words about what to do come first: two pieces of advice contradict each other.
  part("advice").textContent = row.link ? "" : row.advice || (row.detail ? "" : text(GONE.includes(row.status) ? "advice_gone" : "advice_look"));
  const address = row.link || (GONE.includes(row.status) ? "" : row.page);
  part("link").hidden = !address || address === window.location.pathname;
  part("link").href = address || "/";
  if (row.link_label) part("link").textContent = row.link_label;
  part("seen").onclick = () => clear(queue, [row]);
  return item;
}

function timeOf(moment) {
  const made = new Date(moment);
  if (Number.isNaN(made.getTime())) return "";
  const clock = made.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const today = made.toDateString() === new Date().toDateString();
  return today ? clock : `${made.toLocaleDateString([], { day: "numeric", month: "short" })} ${clock}`;
}
