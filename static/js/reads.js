// When what a camera sees is a read: a scanner reads once for each pull of its trigger, a camera ten times a second.

// So long must a code be out of sight before it counts again.
const GONE_MS = 800;

// Returns a function (found, picture size, now) -> the code that was read just now, or "". A code counts when two looks
// in a row agree on it, and of several the one nearest to the middle is meant.
export function readsOf() {
  let before = "";
  const seenAt = new Map();
  return (found, size, now) => {
    const nearest = found.filter(({ rawValue }) => rawValue).sort((one, other) => offCentre(one, size) - offCentre(other, size))[0]?.rawValue ?? "";
    for (const [code, at] of seenAt) if (now - at >= GONE_MS) seenAt.delete(code);
    const held = seenAt.has(nearest);
    const agreed = nearest === before;
    before = nearest;
    for (const { rawValue } of found) if (seenAt.has(rawValue)) seenAt.set(rawValue, now);
    if (!nearest || held || !agreed) return "";
    seenAt.set(nearest, now);
    return nearest;
  };
}

function offCentre({ boundingBox: box }, { width, height }) {
  return Math.hypot(box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2);
}
