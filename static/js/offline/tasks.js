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

const SHELVES = ["shelf", "backroom"];

// hand: {pk, item} of the put-back that was chosen; `item` when the item was scanned. The list takes a tote or an item, as
// the server's does; from then on only the next of the two codes counts.
export function judgePutBack(state, hand, code) {
  if (code.refused) return refused(state, code.refused);
  const open = state.put_backs.filter((one) => one.quantity > one.put);
  const chosen = open.find((one) => one.pk === hand?.pk);
  if (!chosen) return findPutBack(state, open, code);
  if (!hand.item) {
    if (carries(chosen, code)) return itemInHand(state, chosen);
    const other = open.find((one) => carries(one, code));
    return refused(state, "other_item", { expected: chosen.name, came: other?.name ?? code.text });
  }
  const kind = code.gtins.length ? undefined : state.kinds[code.text];
  if (SHELVES.includes(kind)) return putBack(state, chosen.pk, code.text, chosen.quantity - chosen.put, hand.damaged);
  return refused(state, kind ? "not_a_shelf" : "unknown_shelf", { came: code.text });
}

// A tote only opens what lies in it: the item in the hand must be scanned itself.
function findPutBack(state, open, code) {
  const lying = code.gtins.length ? null : open.find((one) => one.from === code.text);
  if (lying) return { state, code: "put_back_from", facts: { item: lying.name, tote: lying.from }, hand: { pk: lying.pk, item: false } };
  const going = open.find((one) => carries(one, code));
  return going ? itemInHand(state, going) : refused(state, "nothing_goes_back", { came: code.text });
}

const carries = (one, code) => code.gtins.some((gtin) => gtin in one.packs) || one.sku === code.text.toUpperCase();
const itemInHand = (state, one) => ({ state, code: "put_back_in_hand", facts: { item: one.name }, hand: { pk: one.pk, item: true } });

// Damaged units belong to no shelf in particular.
export function putBack(state, pk, bin, units, isDamaged = false) {
  const going = state.put_backs.find((one) => one.pk === pk);
  if (!going) return refused(state, "nothing_goes_back", { came: "" });
  const left = going.quantity - going.put;
  if (units > left || units < 1) return refused(state, "too_many", { item: going.name, wanted: left, came: units });
  const put_backs = state.put_backs.map((one) => (one === going ? { ...one, put: one.put + units } : one));
  const open = put_backs.filter((one) => one.quantity > one.put);
  const next = open.find((one) => one.from === going.from);
  const advised = isDamaged || going.to === bin ? "" : going.to ?? "";
  const facts = { item: going.name, bin, units, tote: going.from, left: left - units, next: next?.name ?? "", open: open.length, advised };
  return { state: { ...state, put_backs }, code: "put_back", facts, queue: true, hand: null };
}
