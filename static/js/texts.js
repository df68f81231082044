// Words in the reader's language: the server renders them (stores/handheld/texts.py), this looks them up.

let texts = null;

export function text(name, values = {}) {
  texts ??= { ...wordsOf("texts"), ...wordsOf("work-texts") };
  return (texts[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

// Pages with work that goes on without a connection bring the words for it along (stores/handheld/work_texts.py).
function wordsOf(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}");
}

export function countText(name, n, values = {}) {
  return text(n === 1 ? `${name}_one` : `${name}_many`, { ...values, n });
}
