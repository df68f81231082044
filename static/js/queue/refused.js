// What was refused after it had waited: nobody saw the answer, so it stays listed until somebody has.
import { text } from "../texts.js";

const GONE = [404, 410];

// sendNow: once somebody has decided about a post on which the server breaks, what it held up can go.
export function showRefused(queue, sendNow) {
  const section = document.getElementById("refused");
  if (!section) return;
  const rows = [...queue.stuck(), ...queue.refusals()];
  section.hidden = rows.length === 0;
  section.querySelector(".refused-count").textContent = rows.length;
  const shown = [...section.querySelectorAll("li")].map((item) => item.dataset.key).join(" ");
  // Drawn anew, a row would take the focus of its button with it.
  if (shown !== rows.map((row) => row.key).join(" ")) {
    section.querySelector("ul").replaceChildren(...rows.map((row) => rowOf(queue, row, sendNow)));
    if (rows.some(isAboutThisPage)) section.querySelector("details").open = true;
  }
  section.querySelector(".refused-all").hidden = queue.refusals().length < 2;
  section.querySelector(".refused-all").onclick = () => clear(queue, queue.refusals(), sendNow);
}

// Elsewhere one line is enough: the work that the page is about must stay in sight.
function isAboutThisPage({ page }) {
  return ["/", page].includes(window.location.pathname);
}

function clear(queue, rows, sendNow) {
  queue.clear(rows);
  showRefused(queue, sendNow);
}

// Sent again under its own key, so nothing happens twice; left out, somebody does it anew.
function decide(queue, { key }, again, sendNow) {
  if (again) queue.note(key, { stuck: false, tries: 0 });
  else queue.drop(key);
  queue.changed();
  sendNow();
}

function rowOf(queue, row, sendNow) {
  const item = document.getElementById("refused-row").content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`.refused-${name}`);
  item.dataset.key = row.key;
  part("label").textContent = row.label || codeOf(row);
  part("code").textContent = row.label && !row.label.includes(codeOf(row)) ? codeOf(row) : "";
  part("time").textContent = timeOf(row.made_at);
  part("time").dateTime = row.made_at;
  part("words").textContent = row.stuck ? text("server_broke") : [row.title, row.detail].filter(Boolean).join(". ");
  // The server's own words about what to do come first: two pieces of advice contradict each other.
  if (row.stuck) part("advice").textContent = text("advice_stuck");
  else part("advice").textContent = row.link ? "" : row.advice || (row.detail ? "" : text(GONE.includes(row.status) ? "advice_gone" : "advice_look"));
  const address = row.stuck ? "" : row.link || (GONE.includes(row.status) ? "" : row.page);
  part("link").hidden = !address || address === window.location.pathname;
  part("link").href = address || "/";
  if (row.link_label) part("link").textContent = row.link_label;
  part("again").hidden = part("drop").hidden = !row.stuck;
  part("seen").hidden = Boolean(row.stuck);
  part("again").onclick = () => decide(queue, row, true, sendNow);
  part("drop").onclick = () => decide(queue, row, false, sendNow);
  part("seen").onclick = () => clear(queue, [row], sendNow);
  return item;
}

const codeOf = ({ code, fields }) => code ?? fields?.code ?? "";

function timeOf(moment) {
  const made = new Date(moment);
  if (Number.isNaN(made.getTime())) return "";
  const clock = made.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const today = made.toDateString() === new Date().toDateString();
  return today ? clock : `${made.toLocaleDateString([], { day: "numeric", month: "short" })} ${clock}`;
}
