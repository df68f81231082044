// The scanner types wherever the focus is, so the focus belongs in the scan field.

const EDITABLE = "input:not([type=hidden]), textarea, select, [contenteditable=true]";
const AFTER_TAP_MS = 60;

function scanField() {
  return document.getElementById("scan");
}

function editable(element) {
  return element instanceof Element && element.closest(EDITABLE) !== null;
}

function focusScan() {
  const field = scanField();
  if (!field || document.querySelector("dialog[open]")) return;
  // Somebody who is typing elsewhere is left alone.
  if (document.activeElement !== field && editable(document.activeElement)) return;
  field.focus({ preventScroll: true });
}

// An answer may come late, while somebody walks on by keyboard: they keep their place, whatever is redrawn around them.
function afterSwap() {
  if (!document.activeElement?.matches(":focus-visible")) focusScan();
}

export function startFocus() {
  if (!scanField()) return;
  focusScan();
  document.body.addEventListener("htmx:afterSwap", afterSwap);
  document.body.addEventListener("htmx:afterSettle", afterSwap);
  document.addEventListener("click", (event) => {
    // Enter on a button is a click without a pointer: who uses the keyboard keeps their place.
    if (event.detail === 0 || editable(event.target) || event.target.closest?.("label")) return;
    window.setTimeout(() => {
      // Selected text is about to be copied.
      if (window.getSelection()?.isCollapsed !== false) focusScan();
    }, AFTER_TAP_MS);
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && focusScan());
  document.addEventListener("close", () => window.setTimeout(focusScan, 0), true);
  // A scan that begins while a button has the focus still lands in the field, first character included.
  document.addEventListener("keydown", (event) => {
    const types = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (types && !editable(event.target)) focusScan();
  }, true);
}
