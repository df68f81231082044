// Big on-screen keys that type into one field. The field stays a field: typed digits and no JavaScript work too.

// Shows the keys and keeps the soft keyboard away, which would cover them.
export function wirePad(pad, field, digits) {
  if (!pad.hidden) return;
  pad.hidden = false;
  field.setAttribute("inputmode", "none");
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (!key) return;
    if (key.dataset.key === "clear") field.value = "";
    else if (key.dataset.key === "back") field.value = field.value.slice(0, -1);
    else if (field.value.length < digits) field.value += key.dataset.digit;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus({ preventScroll: true });
  });
}
