// Rows of links that scroll sideways begin with the one that is open in sight.

export function startTabs() {
  for (const open of document.querySelectorAll(".tabs [aria-current], .topbar-nav [aria-current]")) {
    const row = open.parentElement.getBoundingClientRect();
    const { left, right, width } = open.getBoundingClientRect();
    if (left >= row.left && right <= row.right) continue;
    open.parentElement.scrollLeft += left - row.left - (row.width - width) / 2;
  }
}
