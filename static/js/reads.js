// When what a camera sees is a read: a scanner reads once for each pull of its trigger, a camera ten times a second.

// So long must a code be out of sight before it counts again.
const GONE_MS = 800;

// Returns a function (found, picture size, now) -> the code that was read just now, or "". A code counts when two looks
// in a row agree on it, and of several the one nearest to the middle is meant. Only a look that misses a code says that it
// has gone: a device that was too busy to look for a while has not seen it leave.
export function readsOf() {
  let before = "";
  // By code that has counted: when it was missed first, or null while it is in sight.
  const missedAt = new Map();
  return (found, size, now) => {
    const codes = new Set(found.map(({ rawValue }) => rawValue));
    for (const [code, at] of missedAt) {
      if (at !== null && now - at >= GONE_MS) missedAt.delete(code);
      else missedAt.set(code, codes.has(code) ? null : at ?? now);
    }
    const nearest = found.filter(({ rawValue }) => rawValue).sort((one, other) => offCentre(one, size) - offCentre(other, size))[0]?.rawValue ?? "";
    const agreed = nearest === before;
    before = nearest;
    if (!nearest || missedAt.has(nearest) || !agreed) return "";
    missedAt.set(nearest, null);
    return nearest;
  };
}

function offCentre({ boundingBox: box }, { width, height }) {
  return Math.hypot(box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2);
}
