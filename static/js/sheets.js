// Sheets: a link to "#id" opens the dialog of that id. Without JavaScript the link's :target shows it.

export function startSheets() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("a[data-sheet]");
    if (opener) {
      event.preventDefault();
      open(document.getElementById(opener.hash.slice(1)));
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
  // A sheet whose form was answered has done its work, also where the answer left it in place.
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) event.detail.elt.closest("dialog.sheet")?.close();
  });
}

function open(sheet) {
  if (!sheet || sheet.open) return;
  sheet.showModal();
  const field = sheet.querySelector("input:not([type=hidden]), textarea, select");
  field?.focus();
  field?.select?.();
}
