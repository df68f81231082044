// The groups of the menu open and close by themselves; this only tidies up: one at a time, and away with a tap elsewhere
// or Escape.

const OPEN = ".nav-group[open]";

export function startMenu() {
  if (!document.querySelector(".nav-group")) return;
  document.addEventListener("click", (event) => {
    for (const group of document.querySelectorAll(OPEN)) if (!group.contains(event.target)) group.open = false;
  });
  document.addEventListener("focusin", (event) => {
    for (const group of document.querySelectorAll(OPEN)) if (event.target.closest(".topbar-nav") && !group.contains(event.target)) group.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const group = event.key === "Escape" && document.querySelector(OPEN);
    if (!group) return;
    group.open = false;
    group.querySelector("summary").focus();
  });
}
