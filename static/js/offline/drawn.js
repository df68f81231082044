// The screens of the work that goes on without a connection, in the looks of the server's own.
import { setScan } from "../scan.js";
import { text } from "../texts.js";
import { bandPlace } from "../bands.js";
import { allPicked, toStaging } from "./judged.js";
import { missingOf } from "./details.js";
import { atBinOf, canUndo, currentLine, isShared, lineAsked, lineAfter, linesDone, linesWanted, openUnits, partOf, stepOf, toteOf, toteToFinish, toteWanted, unitsPicked, wantedUnits } from "./walk.js";

const STAGE = "/stage/";
const DOTS_MAX = 8;
const LONG_CODE = 8;

// A copy of a template with its places filled; places without a value go.
function filled(id, values = {}) {
  const copy = document.getElementById(id).content.cloneNode(true);
  for (const place of copy.querySelectorAll("[data-fill]")) {
    const value = values[place.dataset.fill];
    if (value === undefined || value === null || value === "" || value === false) place.remove();
    else if (value instanceof Node) place.replaceWith(value);
    else if (value !== true) place.textContent = value;
  }
  return copy;
}

function dueOf(due_at) {
  if (!due_at) return null;
  // The one on the screen ticks already; a new one says nothing until the next second.
  const shown = [...document.querySelectorAll("time[data-countdown]")].find((one) => one.dataset.countdown === due_at);
  const due = shown?.cloneNode(true) ?? document.createElement("time");
  due.className = "chip countdown";
  due.dateTime = due.dataset.countdown = due_at;
  return due;
}

function task(title, { done, total, note = "", due_at = null }) {
  const bar = total ? document.createElement("progress") : null;
  if (bar) {
    [bar.max, bar.value] = [total, done];
    bar.setAttribute("aria-label", text("count_of", { done, total }));
  }
  return filled("work-task", { title, count: total ? text("count_of", { done, total }) : "", note, due: dueOf(due_at), bar });
}

function place(where, bin, words = "") {
  return lengthen(filled("work-place", { where, bin, card: Boolean(words), words }));
}

function lengthen(copy) {
  const bin = copy.querySelector(".bin");
  bin?.classList.toggle("long", bin.textContent.length > LONG_CODE);
  return copy;
}

export function drawWalk(state, walk, parts) {
  const step = stepOf(state, walk);
  const units = walk.lines.reduce((sum, line) => sum + wantedUnits(line), 0);
  const note = text("units_of", { picked: unitsPicked(walk), units });
  parts.task.replaceChildren(task(text("list_title", { number: walk.pk }), { done: linesDone(walk), total: linesWanted(walk), note, due_at: walk.due_at }));
  const now = isShared(walk) && ["bin", "item", "finish"].includes(step) ? bandPlace() : "";
  parts.screen.replaceChildren(...(now ? [putNow(walk, now)] : []), walkScreen(walk, step, now));
  parts.actions.replaceChildren(...walkActions(walk, step));
  const asked = step === "detail" ? text(`brief_${neededNow(walk)}`) : "";
  setScan({ url: step === "ended" ? "" : walk.urls.scan, prompt: asked || text(`prompt_${step}`) });
}

// The unit in the hand comes before the next one: what the band says, and nothing that could be read for it.
function putNow(walk, now) {
  const line = currentLine(walk);
  const next = line && partOf(walk, line).position;
  return filled("work-put-now", { place: now, then: next && String(next) !== now && text("then_tote", { place: next }) });
}

function walkScreen(walk, step, now) {
  if (step === "ended") return filled("work-ended", { detail: toStaging(walk) || text("nothing_picked") });
  if (step === "finish") return place(text("last_step", { what: allPicked(walk) }), toteToFinish(walk), text(isShared(walk) ? "finish_shared" : "finish_single"));
  if (step === "tote") {
    const part = toteWanted(walk);
    const values = { place: part.position, number: part.order };
    return isShared(walk) ? place("", text("tote_place", values), text("tote_for", values)) : place("", text("tote"), text("tote_single"));
  }
  return lineScreen(walk, step, now);
}

function neededNow(walk) {
  return missingOf(lineAsked(walk).needs, walk.asked)[0];
}

function lineScreen(walk, step, now) {
  const line = lineAsked(walk) ?? currentLine(walk);
  const [part, following, shared] = [partOf(walk, line), lineAfter(walk, line), isShared(walk)];
  const total = wantedUnits(line);
  const where = [line.zone, text(atBinOf(walk, line) ? "you_are_at" : "go_to")].filter(Boolean).join(" · ");
  return lengthen(filled("work-line", {
    where,
    bin: line.bin ?? text("no_bin"),
    name: line.name,
    sku: line.sku,
    asks: step === "detail" && text(`asks_${neededNow(walk)}`),
    part_of: line.part_of && text("part_of", { name: line.part_of }),
    quantity: text("count_of", { done: line.picked, total }),
    dots: dotsOf(line.picked, total),
    put: shared && !now && step !== "detail",
    put_place: part.position,
    put_tote: toteOf(part),
    shares: shared && step !== "detail" && sharesOf(walk, line),
    handling: line.notes.length + line.needs.length > 0,
    ...Object.fromEntries([...line.notes, ...line.needs].map((note) => [note, true])),
    into: !shared,
    tote: toteOf(part),
    then: Boolean(following),
    following: following && text("then_bin", { bin: following.bin ?? "–", name: following.name }),
  }));
}

// For which totes the same item comes out of this bin.
function sharesOf(walk, line) {
  const stop = walk.lines.filter((one) => one.sku === line.sku && one.bin_pk === line.bin_pk && openUnits(one));
  if (stop.length < 2) return null;
  const list = document.createElement("ul");
  list.className = "shares";
  list.setAttribute("aria-label", text("from_this_bin"));
  list.append(...stop.map((one, index) => {
    const share = document.createElement("li");
    share.textContent = text("share", { n: openUnits(one), place: partOf(walk, one).position });
    if (index === 0) share.setAttribute("aria-current", "step");
    return share;
  }));
  return list;
}

function dotsOf(done, total) {
  if (total > DOTS_MAX) {
    const bar = document.createElement("progress");
    [bar.max, bar.value] = [total, done];
    bar.setAttribute("aria-hidden", "true");
    return bar;
  }
  const dots = document.createElement("span");
  dots.className = "dots";
  dots.setAttribute("aria-hidden", "true");
  for (let n = 0; n < total; n += 1) {
    const dot = document.createElement("i");
    dot.classList.toggle("on", n < done);
    dots.append(dot);
  }
  return dots;
}

// The same places at every step: a thumb learns them.
function walkActions(walk, step) {
  if (step === "ended") {
    const on = filled(unitsPicked(walk) ? "work-stage" : "work-home");
    on.querySelector("a").href = unitsPicked(walk) ? STAGE : "/";
    return [on];
  }
  if (step === "tote") return canUndo(walk) ? [filled("work-undo")] : [];
  if (step === "finish") return [filled("work-undo"), filled("work-finish")];
  const line = lineAsked(walk) ?? currentLine(walk);
  const values = { line: line.pk, name: line.name, bin: line.bin ?? "", quantity: openUnits(line) };
  const links = [filled("work-short"), ...(step === "item" && !line.needs.length ? [filled("work-quantity")] : [])];
  for (const link of links) Object.assign(link.querySelector("a").dataset, values);
  const byHand = links[1]?.querySelector("a");
  if (byHand) {
    byHand.dataset.name = text("wanted_of", { n: openUnits(line), name: line.name });
    // Scanning is the way; the keys are for the rest of many.
    byHand.classList.add(line.picked && wantedUnits(line) > 1 ? "primary" : "quiet");
  }
  return [filled("work-undo"), ...links];
}

export function drawStaging(state, hand, parts, choose) {
  const { totes, last } = state.staging;
  const held = totes.find((one) => one.tote === hand);
  parts.task.replaceChildren(task(held ? text("order", { number: held.order }) : text("to_stage"), { due_at: held?.due_at }));
  parts.actions.replaceChildren(...(held ? [otherButton(choose)] : []));
  setScan({ url: state.staging.url, prompt: text(held ? "prompt_bin" : "prompt_stage") });
  if (held) {
    parts.screen.replaceChildren(place(text("put_into", { tote: held.tote }), text("any_bin")));
    parts.screen.querySelector(".bin").classList.add("words");
    return;
  }
  const rows = totes.map((one) => row(one.tote, text("order", { number: one.order }), one.due_at, () => choose(one.tote)));
  parts.screen.replaceChildren(...(last ? [place(text("waits_for_server"), last.bin)] : []), rowsOf(rows, "none_to_stage"));
}

export function drawPutBacks(state, hand, parts, choose) {
  const open = state.put_backs.filter((one) => one.quantity > one.put);
  const held = open.find((one) => one.pk === hand?.pk);
  parts.task.replaceChildren(task(text("to_put_back"), {}));
  parts.actions.replaceChildren(...(held ? [otherButton(choose)] : []));
  setScan({ url: state.put_backs[0]?.url ?? "", prompt: text(held ? (hand.item ? "prompt_bin" : "prompt_item") : "prompt_put_back") });
  if (!held) {
    const rows = open.map((one) => row(`${one.quantity - one.put} × ${one.name}`, text("from_bin", { bin: one.from }), null, () => choose({ pk: one.pk, item: false })));
    parts.screen.replaceChildren(rowsOf(rows, state.put_backs.length ? "all_put_back" : "none_to_put_back"));
    return;
  }
  const total = held.quantity;
  parts.screen.replaceChildren(lengthen(filled("work-line", {
    where: text(hand.item ? "back_into" : "take_out_of"),
    bin: hand.item ? held.to ?? text("any_shelf") : held.from,
    name: held.name,
    sku: held.sku,
    quantity: text("count_of", { done: held.put, total }),
    dots: dotsOf(held.put, total),
    into: hand.item,
    tote: held.from,
    then: hand.item,
    following: text("any_shelf_will_do"),
  })));
}

function otherButton(choose) {
  const copy = filled("work-other");
  copy.querySelector("button").addEventListener("click", () => choose(null));
  return copy;
}

function row(title, detail, due_at, choose) {
  const copy = filled("work-row", { title, detail, due: dueOf(due_at) });
  copy.querySelector("button").addEventListener("click", choose);
  return copy;
}

function rowsOf(rows, title) {
  if (!rows.length) return filled("work-empty", { title: text(title) });
  const list = filled("work-rows");
  list.querySelector("ul").append(...rows);
  return list;
}
