/** Words in which people say that their bank card is gone. */
import { inRow } from "./in-row.ts";

export const cardIsGone = [
  ...inRow(
    ["lost", "stole", "stolen", "misplaced", "block", "freeze", "can't find", "cannot find"],
    ["… card", "… cards"],
  ),
  ...inRow(["card", "cards"], ["… lost", "… stolen", "… missing", "… gone"]),
  ...inRow(
    [
      ...["izgubio", "izgubila", "izgubili", "izgublj*", "zagubi*", "ukra*", "nesta*"],
      ...["blokira*", "blokad*", "ne mogu naći", "ne mogu pronaći", "novčanik s"],
    ],
    ["… kartic*"],
  ),
  ...inRow(["kartic*"], ["… izgublj*", "… izgubi*", "… ukra*", "… nesta*"]),
  ...inRow(["verloren", "gestohlen", "geklaut", "verschwunden", "sperr*", "finde"], ["… *karte", "… *karten"]),
  ...inRow(["*karte", "*karten"], ["… verloren", "… gestohlen", "… geklaut", "… verschwunden", "… weg", "… sperren"]),
  "kartensperr*",
  ...["カード … 紛失", "カード … 盗まれ*", "カード … なくし*", "カード … なくな*", "カード … 失くし*"],
];

/** Cards that are no bank cards, and cards that were found. A customer who asks what would be may have lost one. */
export const cardIsNotGone = [
  ...inRow(["sim", "business", "loyalty", "memory", "greeting", "birthday"], ["card", "cards"]),
  ...["found … card", "fahrkarte*", "speisekarte*", "visitenkarte*", "landkarte*", "sim karte*", "wiedergefunden"],
  ...inRow(["našao", "našla", "pronašao", "pronašla"], ["… kartic*"]),
];
