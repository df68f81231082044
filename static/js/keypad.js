// Big keys for a number field. Without JavaScript the field itself takes the number.
import { wirePad } from "./pad.js";

const QUANTITY_DIGITS_MAX = 2;

// A form that takes something else than a quantity says how long it is.
const digitsOf = (form) => Number(form.dataset.digits) || QUANTITY_DIGITS_MAX;

export function startKeypads() {
  prepare(document);
  document.body.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  // A wedge scan while the keypad is open types a long code here; it is a scan, not a quantity.
  document.addEventListener("submit", (event) => {
    const field = quantityField(event.target);
    if (!field || field.value.trim().length <= digitsOf(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.dispatchEvent(new CustomEvent("storehand:scan", { cancelable: true, detail: field.value }));
    field.value = "";
    field.closest("dialog")?.close();
  }, true);
}

function quantityField(form) {
  return form.matches?.("[data-keypad]") ? form.querySelector("input:not([type=hidden])") : null;
}

function prepare(root) {
  const forms = root.matches?.("[data-keypad]") ? [root] : root.querySelectorAll("[data-keypad]");
  for (const form of forms) {
    const field = quantityField(form);
    // The pattern would stop a scanned code at the browser's own message.
    form.noValidate = true;
    wirePad(form.querySelector(".keys"), field, digitsOf(form));
  }
}
