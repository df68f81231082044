// What a judged scan becomes in the queue: with words for the list of refusals, should the server say no.
import { text } from "../texts.js";
import { partOf, toteOf } from "../offline/walk.js";

export function postOf(judged, { url, fields }, pk) {
  return { url, fields, kind: "scan", ...wordsOf(judged, fields, judged.state.lists[pk]) };
}

function wordsOf({ code, facts }, fields, walk) {
  if (code === "staged") return { kind: "stage", label: `${facts.tote} → ${facts.bin}`, advice: text("advice_stage", facts) };
  if (code === "put_back") return { kind: "put_back", label: `${facts.item} → ${facts.bin}`, advice: text("advice_put_back", facts) };
  if (code === "short") return { label: facts.line.name, advice: text("advice_short") };
  if (code === "picked") {
    const line = walk.lines.find((one) => one.pk === facts.line);
    const words = { item: line.name, bin: line.bin ?? "?", tote: toteOf(partOf(walk, line)) };
    return { label: `${line.name} · ${words.bin}`, advice: text("advice_pick", words) };
  }
  return { label: walk ? `${text("list_title", { number: walk.pk })}${fields.code ? ` · ${fields.code}` : ""}` : "", advice: text("advice_step") };
}
