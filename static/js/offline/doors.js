// The forms of a walk, and to which of its addresses each belongs.

const LEFT_OUT = ["key", "csrfmiddlewaretoken"];

// "undo", "finish", "quantity" or "short"; "" for any other form.
export function doorOf(form, walk) {
  const name = form.dataset.work ?? form.closest("dialog")?.id ?? "";
  if (name in walk.urls) return name;
  const action = form.getAttribute("action");
  return Object.keys(walk.urls).find((door) => door !== "scan" && action && walk.urls[door] === action) ?? "";
}

export function fieldsOf(form) {
  return Object.fromEntries([...new FormData(form)].filter(([name]) => !LEFT_OUT.includes(name)));
}

// The shell's sheets are the same for every list: what they may offer comes from the device.
export function fillSheets(walk, reasons) {
  const place = document.querySelector("#short fieldset");
  if (!place || place.querySelector("input")) return;
  for (const [index, [value, label]] of reasons.entries()) {
    const choice = document.getElementById("work-choice").content.cloneNode(true);
    const input = choice.querySelector("input");
    [input.value, input.defaultChecked] = [value, index === 0];
    choice.querySelector("span").textContent = label;
    place.append(choice);
  }
}
