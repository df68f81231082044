// What a judgement of walk.js or tasks.js is told the associate: the server's own words for the same (picking/errors.py).
import { countText, text } from "../texts.js";
import { atBinOf, currentLine, isShared, missingUnits, openUnits, partOf, toteOf, totesToPutBack, totesToStage, toteToFinish, toteWanted, wantedUnits } from "./walk.js";

// Amber: nothing is wrong with the code, it is only not its turn.
const LOOKS = ["tote_first", "bin_first", "item_later", "already_complete", "list_ended", "lines_open", "nothing_to_undo", "detail_first", "goes_back", "short_stays", "was_short"];

// Words that change with a number: with which of the facts.
const COUNTED_BY = { judged_lines_open: "open", judged_already_complete_detail: "quantity" };

const words = (name, facts) => (name in COUNTED_BY ? countText(name, facts[COUNTED_BY[name]], facts) : text(name, facts));

// judged: {state, code, facts, queue}. pk: of the list, if it was one. Returns what bands.js shows.
export function bandOf({ state, code, facts, queue, hand }, pk = 0) {
  const walk = state.lists[pk];
  if (code === "picked") return pickedBand(walk, walk.lines.find((line) => line.pk === facts.line));
  if (code === "tote_opened") return { tone: "yes", title: text(isShared(walk) ? "is_tote_place" : "is_your_tote", facts), detail: nextStep(walk) };
  if (code === "bin_right") return { tone: "yes", title: text("bin_right", facts), detail: text("now_scan", facts) };
  if (code === "own_tote") return { tone: "look", title: text("is_your_tote", facts), detail: nextStep(walk) };
  if (code === "tote_right") return { tone: "yes", title: text("tote_right", facts), detail: nextStep(walk) };
  if (code === "that_is_tote") return { tone: "look", title: text("that_is_tote", facts), detail: nextStep(walk) };
  if (code === "finished") return { tone: "yes", title: text("list_done", facts), detail: whereTotesGo(walk), cue: "done" };
  if (code === "put_back") return putBackBand(facts);
  const said = facts.need ? { ...facts, what: text(`what_${facts.need}`) } : facts;
  if (code === "asks") return { tone: "yes", title: text(`asks_${facts.need}`), detail: facts.item };
  const tone = queue || hand ? (["short", "undone", "dropped", "tote_taken_back", "tote_exchanged_back"].includes(code) ? "look" : "yes") : LOOKS.includes(code) ? "look" : "no";
  const title = words(`judged_${code}`, said) || text("judged_unreadable_code");
  const place = code === "wrong_tote" ? facts.expected : "";
  return { tone, title, place, detail: words(`judged_${code}_detail`, said), cue: code === "staged" && !facts.left ? "done" : tone };
}

function putBackBand(facts) {
  if (facts.advised) return { tone: "look", title: text("judged_put_back_elsewhere", facts), detail: whatFollows(facts) };
  return { tone: "yes", title: text("judged_put_back", facts), detail: whatFollows(facts), cue: facts.next || facts.left ? "yes" : "done" };
}

function whatFollows(facts) {
  if (facts.left) return countText("more_to_put_back", facts.left);
  return facts.next ? text("next_item", { item: facts.next }) : text(facts.open ? "tote_is_empty" : "all_put_back", facts);
}

function pickedBand(walk, line) {
  const part = partOf(walk, line);
  const counted = text("in_tote", { picked: line.picked, quantity: wantedUnits(line), tote: toteOf(part) });
  const cue = currentLine(walk) ? "yes" : "done";
  if (isShared(walk)) {
    const detail = openUnits(line) ? counted : `${counted}. ${nextStep(walk)}`;
    return { tone: "yes", title: text("put_in_tote", { place: part.position }), detail, cue, place: part.position };
  }
  if (openUnits(line)) return { tone: "yes", title: counted, detail: line.name };
  if (!currentLine(walk)) return { tone: "yes", title: allPicked(walk), detail: nextStep(walk), cue };
  return { tone: "yes", title: counted, detail: text("next_bin", { bin: currentLine(walk).bin ?? "?" }) };
}

export function toStaging(walk) {
  const totes = totesToStage(walk);
  return totes.length ? text("to_staging", { totes: totes.join(", ") }) : "";
}

function whereTotesGo(walk) {
  const back = totesToPutBack(walk);
  return [toStaging(walk), back.length ? text("put_back_left", { totes: back.join(", ") }) : ""].filter(Boolean).join(" ");
}

export function allPicked(walk) {
  const n = missingUnits(walk);
  return n ? text("picked_missing", { n }) : text("all_picked");
}

function nextStep(walk) {
  const [line, wanted] = [currentLine(walk), toteWanted(walk)];
  if (wanted) return text("tote_for_place", { place: wanted.position });
  if (!line) return text("scan_to_finish", { tote: toteToFinish(walk) });
  return atBinOf(walk, line) ? text("now_scan", { item: line.name }) : text("next_bin", { bin: line.bin ?? "?" });
}
