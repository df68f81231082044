// What a scanner typed, read on the device: house codes, GTINs in all their forms, GS1 messages.
// A plain reading of what stores/catalog/barcodes.py reads in full; the server reads every scan again.

const LENGTH_MAX = 200;
const ALLOWED = /^[A-Za-z0-9 !"#$%&'()*+,./:;<=>?@_[\]\x1d-]+$/;
const AIM = /^\]([A-Za-z][0-9A-Za-z])(.+)$/s;
const AIM_GS1 = ["C1", "e0", "e1", "e2", "d2", "Q3", "J1"];
const AIM_EAN_WITH_ADD_ON = "E3";
const AIM_EAN_8 = "E4";
const GTIN_LENGTHS = [8, 12, 13, 14];
const SEPARATOR = "\x1d";
const GS1_BEGINNING = /^(?:1[1235-7][0-9]{6}|20[0-9]{2})*(?:01[0-9]{14}|00[0-9]{18})/;
const LINK_ITEM = /^https?:\/\/[^?#]*\/01\/([0-9]{8,14})(?:[/?#]|$)/i;
// Application identifiers of fixed length, by their first two digits (GS1 General Specifications, section 7.8.5).
const FIXED = { "00": 18, "01": 14, "02": 14, 11: 6, 12: 6, 13: 6, 15: 6, 16: 6, 17: 6, 20: 2, 31: 6, 32: 6, 33: 6, 34: 6, 35: 6, 36: 6, 41: 13 };
// How many digits an identifier has, where it is not two.
const LONGER = { 23: 3, 24: 3, 25: 3, 31: 4, 32: 4, 33: 4, 34: 4, 35: 4, 36: 4, 39: 4, 40: 3, 41: 3, 42: 3, 43: 4, 70: 4, 71: 3, 72: 4, 80: 4, 81: 4, 82: 4 };
const GRAMS = { 310: 1000, 320: 453.59237 };

// {text, gtins, lot, serial, expiry, weight_g}, or {refused: "wrong_check_digit" and such} for what is no code.
export function readCode(raw) {
  let text = raw.trim();
  if (!text) return { refused: "nothing_scanned" };
  if (text.length > LENGTH_MAX) return { refused: "code_too_long" };
  if (!ALLOWED.test(text)) return { refused: "code_has_strange_signs" };
  let symbology = "";
  if (text.startsWith("]")) {
    const found = AIM.exec(text);
    if (!found) return { refused: "unreadable_code" };
    [, symbology, text] = found;
  }
  if (/^[0-9]+$/.test(text)) {
    if (symbology === AIM_EAN_WITH_ADD_ON) text = text.slice(0, 13);
    if (!AIM_GS1.includes(symbology) && GTIN_LENGTHS.includes(text.length)) return gtinCode(text, symbology === AIM_EAN_8);
  }
  if (/^https?:\/\//i.test(text)) return linkCode(text);
  if (AIM_GS1.includes(symbology) || text.includes(SEPARATOR) || GS1_BEGINNING.test(text)) return messageCode(text, elementsOf(text));
  if (/^\([0-9]{2,4}\)/.test(text)) return messageCode(text, elementsInBrackets(text));
  return { text: foldCode(text), gtins: [] };
}

// The form two spellings of one code share.
function foldCode(text) {
  return text.split(/\s+/).filter(Boolean).join(" ").toUpperCase();
}

function hasValidCheckDigit(digits) {
  let total = 0;
  for (let place = 0; place < digits.length; place += 1) total += Number(digits.at(-1 - place)) * (place % 2 ? 3 : 1);
  return total % 10 === 0;
}

function gtinCode(digits, eanOnly) {
  const gtins = hasValidCheckDigit(digits) ? [digits.padStart(14, "0")] : [];
  const upc = digits.length === 8 && !eanOnly ? upcEToA(digits) : null;
  if (upc && hasValidCheckDigit(upc) && !gtins.includes(upc.padStart(14, "0"))) gtins.push(upc.padStart(14, "0"));
  return gtins.length ? { text: digits, gtins } : { refused: "wrong_check_digit" };
}

// A UPC-E leaves out zeros; its last digit but one says where (GS1 General Specifications, section 5.2.2.4.2).
function upcEToA(digits) {
  const [system, a, b, c, d, e, last, check] = digits;
  if (system !== "0" && system !== "1") return null;
  if ("012".includes(last)) return `${system}${a}${b}${last}0000${c}${d}${e}${check}`;
  if (last === "3") return `${system}${a}${b}${c}00000${d}${e}${check}`;
  if (last === "4") return `${system}${a}${b}${c}${d}00000${e}${check}`;
  return `${system}${a}${b}${c}${d}${e}0000${last}${check}`;
}

function linkCode(text) {
  const item = LINK_ITEM.exec(text);
  if (!item) return { refused: "no_item_link" };
  return hasValidCheckDigit(item[1]) ? { text, gtins: [item[1].padStart(14, "0")] } : { refused: "wrong_check_digit" };
}

function elementsOf(text) {
  const elements = {};
  let rest = text.replace(/^\x1d+/, "");
  while (rest) {
    const two = rest.slice(0, 2);
    const identifier = rest.slice(0, LONGER[two] ?? 2);
    const body = rest.slice(identifier.length);
    const end = body.indexOf(SEPARATOR);
    const length = FIXED[two] ?? (end < 0 ? body.length : end);
    if (body.length < length || !length || !/^[0-9]+$/.test(identifier)) return null;
    elements[identifier] = body.slice(0, length);
    rest = body.slice(length).replace(/^\x1d+/, "");
  }
  return elements;
}

function elementsInBrackets(text) {
  return Object.fromEntries([...text.matchAll(/\(([0-9]{2,4})\)([^(]*)/g)].map(([, identifier, value]) => [identifier, value.trim()]));
}

function messageCode(text, elements) {
  if (!elements) return { refused: "broken_gs1_message" };
  const gtin = elements["01"];
  if (gtin !== undefined && !(gtin.length === 14 && hasValidCheckDigit(gtin))) return { refused: "wrong_check_digit" };
  return {
    text,
    gtins: gtin ? [gtin] : [],
    lot: elements["10"] ?? "",
    serial: elements["21"] ?? "",
    expiry: elements["17"] ?? elements["15"] ?? "",
    weight_g: gramsOf(elements),
  };
}

function gramsOf(elements) {
  for (const [identifier, value] of Object.entries(elements)) {
    const grams = GRAMS[identifier.slice(0, 3)];
    if (grams && identifier.length === 4) return Math.round((Number(value) / 10 ** Number(identifier[3])) * grams) || null;
  }
  return null;
}
