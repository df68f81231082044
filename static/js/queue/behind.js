// What waits behind a post on which the server breaks: the rest of the same work, which would be refused without it.
// Everything else goes past. Pure.

// "/pick/214/scan/" and "/pick/214/undo/" are one work, and so is each tote on its way to staging.
export function workOf({ url, fields }) {
  return [...url.split("/").slice(1, 3), fields.tote ?? ""].join(" ");
}

// entries: oldest first. {free, works}: those that can be sent, and the works that have to wait.
export function sortOut(entries) {
  const [works, codes] = [new Set(), new Set()];
  const free = entries.filter((entry) => {
    const { stuck, fields } = entry;
    // A list ends with the scan of its tote, and what is not ended can't be staged.
    const waits = stuck || works.has(workOf(entry)) || (fields.tote && codes.has(fields.tote));
    if (!waits) return true;
    works.add(workOf(entry));
    codes.add(fields.code);
    return false;
  });
  return { free, works };
}
