// Staging and putting back without a connection: two codes each, and only the second is told to the server.
// Pure, like walk.js. `hand` is what the first code chose; it lives on the device alone.

const refused = (state, code, facts = {}) => ({ state, code, facts, queue: false });

// code: what codes.js read; a tote first, then the staging bin it went to.
export function judgeStaging(state, hand, code) {
  if (code.refused) return refused(state, code.refused);
  const { staging } = state;
  const tote = staging.totes.find((one) => one.tote === code.text);
  if (tote) return { state, code: "tote_in_hand", facts: { tote: tote.tote, order: tote.order }, hand: tote.tote };
  const kind = state.kinds[code.text];
  if (!hand) return refused(state, kind === "tote" ? "nothing_to_stage" : "tote_to_stage", { came: code.text });
  if (kind !== "staging") return refused(state, kind ? "not_a_staging_bin" : "unknown_bin", { came: code.text });
  return stagePair(state, hand, code.text);
}

// What a queued post says happened.
export function stagePair(state, tote, bin) {
  const { staging } = state;
  const found = staging.totes.find((one) => one.tote === tote);
  if (!found) return refused(state, "nothing_to_stage", { came: tote });
  const totes = staging.totes.filter((one) => one.tote !== tote);
  const used = { ...state.used };
  delete used[tote];
  const left = totes.filter((one) => one.order === found.order).length;
  const after = { ...state, used, staging: { ...staging, totes, last: { tote, bin } } };
  return { state: after, code: "staged", facts: { tote, bin, order: found.order, left }, queue: true, hand: "" };
}

export const SHELVES = ["shelf", "backroom"];

// The item (or its tote, where only one thing of it goes back), then the shelf. hand: the put-back's pk.
export function judgePutBack(state, hand, code) {
  if (code.refused) return refused(state, code.refused);
  const chosen = state.put_backs.find((one) => one.pk === hand);
  const kind = code.gtins.length ? undefined : state.kinds[code.text];
  if (chosen && SHELVES.includes(kind)) return putBack(state, chosen.pk, code.text, chosen.quantity - chosen.put);
  const going = goingWith(state.put_backs, code, hand);
  if (going) return { state, code: "put_back_in_hand", facts: { item: going.name, to: going.to ?? "" }, hand: going.pk };
  if (chosen && kind) return refused(state, "not_a_shelf", { came: code.text });
  if (chosen) return refused(state, "other_item", { expected: chosen.name, came: code.text });
  return refused(state, "nothing_goes_back", { came: code.text });
}

function goingWith(putBacks, code, hand) {
  const open = putBacks.filter((one) => one.quantity > one.put);
  const lying = code.gtins.length ? null : open.find((one) => one.from === code.text);
  if (lying) return lying;
  const carrying = (one) => code.gtins.some((gtin) => gtin in one.packs) || one.sku === code.text.toUpperCase();
  const found = open.filter(carrying);
  return found.find((one) => one.pk === hand) ?? found[0] ?? null;
}

export function putBack(state, pk, bin, units) {
  const going = state.put_backs.find((one) => one.pk === pk);
  if (!going) return refused(state, "nothing_goes_back", { came: "" });
  const left = going.quantity - going.put;
  if (units > left || units < 1) return refused(state, "too_many", { item: going.name, wanted: left, came: units });
  const put_backs = state.put_backs.map((one) => (one === going ? { ...one, put: one.put + units } : one));
  return { state: { ...state, put_backs }, code: "put_back", facts: { item: going.name, bin, units }, queue: true, hand: null };
}
