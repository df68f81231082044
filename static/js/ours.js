// Whether an answer is the server's own (stores/staff/whose.py). A hotspot's sign-in page answers everything with 200,
// and a proxy with pages of its own: neither has judged anything.

export const WHO = "Storehand-Who";
export const NOBODY = "nobody";

export const whoOf = (xhr) => xhr?.getResponseHeader(WHO) ?? "";

// On every page: no part of such a page is put into ours. To the request it is as if nobody had answered.
export function startOurs() {
  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, elt } = event.detail;
    if (whoOf(xhr) || xhr.status >= 500) return;
    event.preventDefault();
    window.htmx.trigger(elt, "htmx:sendError", event.detail);
  });
}
