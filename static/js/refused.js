// Scans that were refused after they had waited: nobody saw their band, so they stay listed until somebody has.

export function showRefused(queue) {
  const section = document.getElementById("refused");
  if (!section) return;
  const refusals = queue.refusals();
  section.hidden = refusals.length === 0;
  section.querySelector("ul").replaceChildren(...refusals.map(row));
  section.querySelector("button").onclick = () => {
    queue.clearRefusals();
    showRefused(queue);
  };
}

function row({ code, reason }) {
  const item = document.createElement("li");
  const label = document.createElement("code");
  label.textContent = code;
  const words = document.createElement("span");
  words.textContent = reason;
  item.append(label, words);
  return item;
}
