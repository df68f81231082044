// What a scan means on a walk: picking/actions/scan.py once more, for the time without a connection.
// Pure: a state goes in, {state, code, facts, queue} comes out; `queue` says that the server is to hear of it.
// What the device can't know is left to the server: stock in the bin, items of other lists, where to look instead.
import { readCode } from "./codes.js";
import { adding, detailsOf, isExpired, missingOf, readDetail } from "./details.js";

export const openUnits = (line) => line.quantity - line.picked - line.short - line.withdrawn;
export const wantedUnits = (line) => line.quantity - line.short - line.withdrawn;
// As the server counts (Walk.lines_wanted): by what was ordered, however many bins each comes from.
const linesWith = (walk, units) => new Set(walk.lines.filter(units).map((line) => line.ordered ?? line.pk)).size;
export const linesWanted = (walk) => linesWith(walk, wantedUnits);
export const linesDone = (walk) => linesWanted(walk) - linesWith(walk, openUnits);
export const currentLine = (walk) => walk.lines.find(openUnits) ?? null;
export const partOf = (walk, line) => walk.parts.find((part) => part.pk === line.part);
export const toteOf = (part) => part.totes.at(-1) ?? "";
const totesOf = (walk) => walk.parts.flatMap((part) => part.totes);
// Of the orders of which anything is still wanted.
export function totesToStage(walk) {
  const wanted = new Set(walk.lines.filter((line) => line.picked > (line.put_back ?? 0)).map((line) => line.part));
  return walk.parts.filter((part) => wanted.has(part.pk)).flatMap((part) => part.totes);
}
const lastTote = (walk) => walk.picks.at(-1)?.[2];
// Of a cart the tote whose scan ends the walk and shows where the last unit went: picking/queries/totes.py.
function toteToVerify(walk) {
  const last = isShared(walk) ? lastTote(walk) : null;
  return totesToStage(walk).includes(last) ? last : null;
}
// Of the orders of which something is wanted no more: nobody else takes it out.
export function totesToPutBack(walk) {
  const unwanted = new Set(walk.lines.filter((line) => line.put_back).map((line) => line.part));
  return walk.parts.filter((part) => unwanted.has(part.pk)).flatMap((part) => part.totes);
}
// Which one to ask for at the end: not that of an order that nobody wants any more.
export const toteToFinish = (walk) => toteToVerify(walk) ?? totesToStage(walk)[0] ?? totesOf(walk)[0] ?? "?";
export const missingUnits = (walk) => walk.lines.reduce((units, line) => units + (line.missing ?? 0), 0);
// Also after a short alone: whoever taps is told where it is put right.
export const canUndo = (walk) => walk.asks_for !== null || walk.picks.length > 0 || walk.lines.some((line) => line.short) || Boolean(firstToteBack(walk));
export const isShared = (walk) => walk.parts.length > 1;
export const atBinOf = (walk, line) => line.bin_pk !== null && walk.at_bin === line.bin_pk;
export const unitsPicked = (walk) => walk.lines.reduce((units, line) => units + line.picked, 0);

export function lineAfter(walk, line) {
  return walk.lines.slice(walk.lines.indexOf(line) + 1).find(openUnits) ?? null;
}

// The first part with open lines that has no tote yet.
export function toteWanted(walk) {
  const waiting = new Set(walk.lines.filter(openUnits).map((line) => line.part));
  return walk.parts.find((part) => waiting.has(part.pk) && !part.open) ?? null;
}

// The line whose unit waits in the hand for what is still to be said of it.
export const lineAsked = (walk) => walk.lines.find((line) => line.pk === walk.asks_for && openUnits(line)) ?? null;

export function stepOf(state, walk) {
  if (!walk.ended && lineAsked(walk)) return "detail";
  const line = currentLine(walk);
  if (walk.ended) return "ended";
  if (!line) return "finish";
  if (toteWanted(walk)) return "tote";
  return state.bin_scan_required && !atBinOf(walk, line) ? "bin" : "item";
}

const refused = (state, code, facts = {}) => ({ state, code, facts, queue: false });
const done = (state, code, facts = {}) => ({ state, code, facts, queue: true });

function withWalk(state, walk) {
  return { ...state, lists: { ...state.lists, [walk.pk]: walk } };
}

function withLine(walk, line, changes) {
  return { ...walk, lines: walk.lines.map((one) => (one.pk === line.pk ? { ...one, ...changes } : one)) };
}

export function judgeScan(state, pk, raw) {
  const code = readCode(raw);
  const walk = state.lists[pk];
  if (!walk) return refused(state, "not_held");
  if (walk.ended) return refused(state, "list_ended");
  const asked = lineAsked(walk);
  if (asked) return tellDetail(state, walk, asked, raw, code);
  if (code.refused) return refused(state, code.refused);
  const line = currentLine(walk);
  const scanned = lineWith(walk, code, line);
  if (scanned) return scanItem(state, walk, scanned, code, line);
  if (line && code.text === line.bin) return scanRightBin(state, walk, line);
  if (totesOf(walk).includes(code.text)) return scanOwnTote(state, walk, code.text, line);
  const kind = code.gtins.length ? undefined : state.kinds[code.text];
  if (kind && (kind === "tote" || !line)) return scanNewTote(state, walk, code.text, kind, line);
  if (toteWanted(walk)) return refused(state, kind ? "tote_first" : "not_a_tote", { came: code.text });
  if (kind) return refused(state, "wrong_bin", { expected: line.bin ?? "?", came: code.text });
  return refused(state, "not_on_list", { came: code.text, expected: line?.name ?? "" });
}

export function judgeQuantity(state, pk, linePk, units) {
  const walk = state.lists[pk];
  const line = walk?.lines.find((one) => one.pk === linePk);
  if (!line) return refused(state, "not_held");
  if (walk.ended) return refused(state, "list_ended");
  if (!openUnits(line)) return nothingOpen(state, walk, line);
  return pick(state, walk, line, units, {});
}

// Counts as short here; where to look instead the server says when it hears of it.
export function judgeShort(state, pk, linePk, units) {
  const walk = state.lists[pk];
  const line = walk?.lines.find((one) => one.pk === linePk);
  if (!line) return refused(state, "not_held");
  if (walk.ended) return refused(state, "list_ended");
  const open = openUnits(line);
  if (!open) return nothingOpen(state, walk, line);
  if (units > open) return refused(state, "too_many", { item: line.name, wanted: open, came: units });
  const counted = withLine(walk, line, { short: line.short + units, missing: (line.missing ?? 0) + units });
  // The unit in the hand was one of them.
  return done(withWalk(state, walk.asks_for === line.pk ? forgetAsked(counted) : counted), "short", { quantity: units, line });
}

export function judgeUndo(state, pk) {
  const walk = state.lists[pk];
  if (!walk) return refused(state, "not_held");
  if (walk.ended) return refused(state, "list_ended");
  const asked = walk.lines.find((one) => one.pk === walk.asks_for);
  // A unit of which something is still asked has not moved: it is only put down again.
  if (asked) return done(withWalk(state, forgetAsked(walk)), "dropped", { item: asked.name, bin: asked.bin ?? "?" });
  const part = toteToTakeBack(state, walk);
  if (part) return takeBackTote(state, walk, part);
  const last = walk.picks.at(-1);
  const line = last && walk.lines.find((one) => one.pk === last[0]);
  if (!line) return nothingToUndo(state, walk);
  if (!isWanted(walk, line, last)) return refused(state, "goes_back", { item: line.name, tote: last[2] });
  const after = { ...withLine(walk, line, { picked: line.picked - last[1] }), picks: walk.picks.slice(0, -1) };
  return done(withWalk(state, after), "undone", { quantity: last[1], bin: line.bin ?? "?", item: line.name });
}

// Whether its units are still the order's: picking/actions/undo_pick.py.
function isWanted(walk, line, [, units, tote]) {
  const same = new Set(walk.lines.filter((one) => one.wanted_by === line.wanted_by).map((one) => one.pk));
  const into = walk.picks.reduce((sum, [pk, n, into]) => sum + (same.has(pk) && into === tote ? n : 0), 0);
  return Math.min(line.picked - (line.put_back ?? 0), into - (line.back_from?.[tote] ?? 0)) >= units;
}

// Of which part a tote was taken since the last pick, into which nothing went: picking/queries/totes.py.
function toteToTakeBack(state, walk) {
  const filled = lastTote(walk);
  if (!filled) return firstToteBack(walk);
  const part = walk.parts.find(({ totes }) => totes.includes(filled));
  // Freed already, it is no longer in use.
  return part?.open && toteOf(part) !== filled && state.used[toteOf(part)] ? part : null;
}

// Before the first pick: the last one's, unless something was missed.
function firstToteBack(walk) {
  if (walk.picks.length || walk.lines.some((line) => line.picked || line.short)) return null;
  return walk.parts.findLast((part) => part.open) ?? null;
}

function takeBackTote(state, walk, part) {
  const [tote, totes, used] = [toteOf(part), part.totes.slice(0, -1), { ...state.used }];
  delete used[tote];
  const parts = walk.parts.map((one) => (one === part ? { ...one, totes, open: totes.length > 0 } : one));
  const after = withWalk({ ...state, used }, { ...walk, parts });
  return totes.length ? done(after, "tote_exchanged_back", { tote, before: totes.at(-1) }) : done(after, "tote_taken_back", { tote });
}

function nothingToUndo(state, walk) {
  const short = walk.lines.find((line) => line.short);
  return short ? refused(state, "short_stays", { item: short.name }) : refused(state, "nothing_to_undo");
}

export function judgeFinish(state, pk) {
  const walk = state.lists[pk];
  if (!walk) return refused(state, "not_held");
  if (walk.ended) return refused(state, "list_ended");
  const open = linesWith(walk, openUnits);
  return open ? refused(state, "lines_open", { open }) : finish(state, walk);
}

// The line whose item carries the code: the current one before others, open ones before finished ones.
function lineWith(walk, code, current) {
  let lines = walk.lines.filter((line) => code.gtins.some((gtin) => gtin in line.packs));
  if (!lines.length) lines = walk.lines.filter((line) => line.sku === code.text.toUpperCase());
  return lines.find((line) => line === current) ?? lines.find(openUnits) ?? lines[0] ?? null;
}

// All is picked, of all orders of the cart; or nothing was to be had; or the customer wants less.
function nothingOpen(state, walk, line) {
  if (line.withdrawn) return refused(state, "line_withdrawn", { item: line.name });
  const picked = walk.lines.filter((one) => one.sku === line.sku).reduce((units, one) => units + one.picked, 0);
  return picked ? refused(state, "already_complete", { item: line.name, quantity: picked }) : refused(state, "was_short", { item: line.name });
}

function scanItem(state, walk, line, code, current) {
  if (!openUnits(line)) return nothingOpen(state, walk, line);
  if (line !== current && !atBinOf(walk, line)) return refused(state, "item_later", { came: line.name, bin: line.bin ?? "?" });
  const gtin = code.gtins.find((one) => one in line.packs);
  return pick(state, walk, line, gtin ? line.packs[gtin] : 1, detailsOf(code));
}

function pick(state, walk, line, units, details) {
  if (toteWanted(walk)) return refused(state, "tote_first");
  if (line.bin_pk === null) return refused(state, "bin_unknown", { item: line.name });
  if (state.bin_scan_required && !atBinOf(walk, line)) return refused(state, "bin_first", { bin: line.bin ?? "?" });
  const pieces = units > 1 && ["serial", "weight_g"].find((need) => line.needs.includes(need));
  if (pieces) return refused(state, "one_by_one", { item: line.name, need: pieces });
  if (line.needs.includes("weight_g") && details.weight_g > line.grams_most) return refused(state, "weight_unlikely", { grams: details.weight_g, most: line.grams_most });
  if (line.needs.includes("expiry") && details.expiry && isExpired(details.expiry)) return refused(state, "expired_goods", { item: line.name, expiry: details.expiry });
  const [need] = missingOf(line.needs, details);
  if (need) return done(withWalk(state, { ...walk, asks_for: line.pk, asked: { ...details, units } }), "asks", { item: line.name, need });
  if (units > openUnits(line)) return refused(state, "too_many", { item: line.name, wanted: openUnits(line), came: units });
  const tote = toteOf(partOf(walk, line));
  const counted = withLine(walk, line, { picked: line.picked + units });
  // The keypad may count another line meanwhile: what is asked of the unit in the hand stays asked.
  const picked = { ...(line.needs.length ? forgetAsked(counted) : counted), picks: [...walk.picks, [line.pk, units, tote]] };
  return done(withWalk(state, picked), "picked", { line: line.pk, units });
}

const forgetAsked = (walk) => ({ ...walk, asks_for: null, asked: {} });

// The item's own GS1 code says several things at once, anything else says the first that is missing.
function tellDetail(state, walk, line, raw, code) {
  const { units = 1, ...known } = walk.asked;
  const [need] = missingOf(line.needs, known);
  if (!code.refused && code.gtins.some((gtin) => gtin in line.packs)) {
    const { details, news } = adding(known, detailsOf(code));
    return news ? pick(state, walk, line, units, details) : refused(state, "detail_first", { need, item: line.name });
  }
  if (!code.refused && isAnotherStep(state, walk, code)) return refused(state, "detail_first", { need, item: line.name });
  const said = readDetail(need, raw);
  if (!said) return refused(state, need === "expiry" ? "date_invalid" : "detail_invalid", { need, came: raw.trim().slice(0, 40) });
  return pick(state, walk, line, units, { ...known, [need]: said });
}

function isAnotherStep(state, walk, code) {
  const others = walk.lines.some((line) => line.sku === code.text.toUpperCase() || code.gtins.some((gtin) => gtin in line.packs));
  return others || totesOf(walk).includes(code.text) || code.text in state.kinds;
}

function scanRightBin(state, walk, line) {
  if (toteWanted(walk)) return refused(state, "tote_first");
  return done(withWalk(state, { ...walk, at_bin: line.bin_pk }), "bin_right", { bin: line.bin, item: line.name });
}

function scanOwnTote(state, walk, tote, line) {
  const part = walk.parts.find((one) => one.totes.includes(tote));
  const wrong = (right) => refused(state, "wrong_tote", { came: part.position, expected: walk.parts.find((one) => one.totes.includes(right)).position, tote: right });
  if (!line) return tote === (toteToVerify(walk) ?? tote) ? finish(state, walk) : wrong(toteToVerify(walk));
  if (!isShared(walk)) return done(state, "own_tote", { tote });
  const last = lastTote(walk);
  if (last && last !== tote) return wrong(last);
  return done(state, last ? "tote_right" : "that_is_tote", { place: part.position });
}

function scanNewTote(state, walk, code, kind, line) {
  if (kind !== "tote") return refused(state, "not_a_tote", { came: code });
  if (state.used[code]) return refused(state, "tote_in_use", { tote: code });
  // On a cart a tote shows to be full when the unit just scanned does not go in.
  const full = isShared(walk) ? lastTote(walk) : null;
  const last = walk.parts.find(({ totes }) => totes.includes(full));
  const part = toteWanted(walk) ?? last ?? (line ? partOf(walk, line) : walk.parts.at(-1));
  // What was exchanged before anything lay in it is free again: picking/actions/totes.py.
  const begun = walk.lines.some((one) => one.part === part.pk && one.picked);
  const used = { ...state.used, [code]: true };
  if (!begun) for (const before of part.totes) delete used[before];
  const parts = walk.parts.map((one) => (one === part ? { ...one, totes: [...(begun ? one.totes : []), code], open: true } : one));
  const after = withWalk({ ...state, used }, { ...walk, parts });
  return done(after, "tote_opened", { tote: code, place: part.position });
}

// Full totes can be staged from here on; empty ones are free.
function finish(state, walk) {
  const filled = new Set(walk.picks.map(([, , tote]) => tote));
  const used = { ...state.used };
  for (const tote of totesOf(walk)) if (!filled.has(tote)) delete used[tote];
  const wanted = totesToStage(walk);
  const ready = walk.parts.flatMap((part) => part.totes.filter((tote) => wanted.includes(tote)).filter((tote) => filled.has(tote)).map((tote) => ({ tote, order: part.order, due_at: walk.due_at })));
  // Of a zone's list: the order's other zones may still be picked, and only the server knows.
  const staging = walk.is_zone ? state.staging : { ...state.staging, totes: [...state.staging.totes, ...ready] };
  return done(withWalk({ ...state, used, staging }, { ...walk, ended: true }), "finished", { list: walk.pk });
}
