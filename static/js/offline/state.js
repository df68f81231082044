// The work as it stands on this device: what the server last said, and what has been done since and still waits.
// Pure: works in, entries in, a state out.
import { readCode } from "./codes.js";
import { putBack, stagePair } from "./tasks.js";
import { judgeFinish, judgeQuantity, judgeScan, judgeShort, judgeUndo } from "./walk.js";

const NOWHERE = { bin_scan_required: true, bins: {}, totes_in_use: [], short_reasons: [] };

// works: what held.js holds. `applied` are keys of posts that the held lists count already.
export function stateOf(works) {
  const lists = works.filter(({ kind }) => kind === "pick").map(({ data }) => data);
  const staging = works.find(({ kind }) => kind === "stage")?.data ?? { ...NOWHERE, totes: [], url: "" };
  const kinds = {};
  for (const [kind, codes] of Object.entries(staging.bins)) for (const code of codes) kinds[code] = kind;
  return {
    bin_scan_required: staging.bin_scan_required,
    kinds,
    used: Object.fromEntries(staging.totes_in_use.map((code) => [code, true])),
    lists: Object.fromEntries(lists.map((walk) => [walk.pk, walk])),
    staging: { totes: staging.totes, url: staging.url },
    put_backs: works.find(({ kind }) => kind === "put_back")?.data.put_backs ?? [],
  };
}

// What one post made of the state, or makes of it when the server gets it: {state, code, facts}.
export function applied(state, { url, fields }) {
  for (const walk of Object.values(state.lists)) {
    const door = Object.keys(walk.urls).find((name) => walk.urls[name] === url);
    if (door) return throughDoor(state, walk, door, fields);
  }
  if (url && url === state.staging.url) return stagePair(state, fields.tote, fields.code);
  const tote = state.staging.totes.find((one) => one.url === url);
  if (tote) return stageFrom(state, tote.tote, fields.code ?? "");
  const going = state.put_backs.find((one) => one.url === url);
  if (going) return putBackAs(state, going, fields);
  return { state, code: "unknown", facts: {} };
}

function putBackAs(state, going, { bin, code, quantity, damaged }) {
  return putBack(state, going.pk, bin ?? code, Number(quantity) || going.quantity - going.put, damaged === "1");
}

// A tote's own page posts the bin alone.
function stageFrom(state, tote, raw) {
  const { text } = readCode(raw);
  return state.kinds[text] === "staging" ? stagePair(state, tote, text) : { state, code: "not_a_staging_bin", facts: { came: raw } };
}

function throughDoor(state, walk, door, fields) {
  if (door === "scan") return judgeScan(state, walk.pk, fields.code ?? "");
  if (door === "quantity") return judgeQuantity(state, walk.pk, Number(fields.line), Number(fields.quantity));
  if (door === "short") return judgeShort(state, walk.pk, Number(fields.line), Number(fields.quantity));
  return door === "undo" ? judgeUndo(state, walk.pk) : judgeFinish(state, walk.pk);
}

export function stateAfter(state, entries) {
  return entries.reduce((now, entry) => applied(now, entry).state, state);
}

// The works as the state has them, to be held again; `works` gives what the state leaves out.
export function worksOf(state, works) {
  return works.map((work) => {
    if (work.kind === "pick") return { ...work, data: state.lists[work.data.pk] };
    if (work.kind === "put_back") return { ...work, data: { ...work.data, put_backs: state.put_backs } };
    if (work.kind !== "stage") return work;
    return { ...work, data: { ...work.data, totes: state.staging.totes, totes_in_use: Object.keys(state.used) } };
  });
}
