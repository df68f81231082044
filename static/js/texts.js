// Words in the reader's language: the server renders them (stores/handheld/texts.py), this looks them up.

let texts = null;

export function text(name, values = {}) {
  texts ??= JSON.parse(document.getElementById("texts")?.textContent ?? "{}");
  return (texts[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export function countText(name, n, values = {}) {
  return text(n === 1 ? `${name}_one` : `${name}_many`, { ...values, n });
}
