// Sheets: a link to "#id" opens the dialog of that id. Without JavaScript the link's :target shows it.
// A sheet outside of what scans redraw is filled by what opens it: data-from="name" takes the link's data-name.

export function startSheets() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("a[data-sheet]");
    if (opener) {
      event.preventDefault();
      open(document.getElementById(opener.hash.slice(1)), opener.dataset);
      return;
    }
    if (event.target.closest?.("[data-sheet-close]") || event.target.matches?.("dialog.sheet")) {
      event.preventDefault();
      event.target.closest("dialog").close();
    }
  });
  // What a button unfolds at the lower edge would stay out of sight, its own button with it.
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details[open]")) event.target.scrollIntoView({ block: "nearest" });
  }, true);
  // A sheet whose form was judged has done its work, also where the answer left it in place.
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { status } = event.detail.xhr;
    if (status >= 200 && status < 500 && status !== 401) event.detail.elt.closest("dialog.sheet")?.close();
  });
}

function open(sheet, values) {
  if (!sheet || sheet.open) return;
  for (const form of sheet.querySelectorAll("form")) form.reset();
  for (const part of sheet.querySelectorAll("[data-from]")) fill(part, values[part.dataset.from]);
  sheet.showModal();
  const field = sheet.querySelector("input:not([type=hidden]), textarea, select");
  field?.focus();
  field?.select?.();
}

function fill(part, value) {
  if (value === undefined) return;
  if (part instanceof HTMLInputElement) part.value = value;
  else part.textContent = value;
}
