/** Words in which people say that a parcel came broken, or did not come, in English and Croatian. */
import { inRow } from "./in-row.ts";

export const isBroken = [
  ...["damaged", "broken", "smashed", "crushed", "cracked", "shattered", "in pieces", "torn open", "soaked", "leaking"],
  ...[
    "ošteće*",
    "ostece*",
    "slomlj*",
    "razbij*",
    "razbi*",
    "pokida*",
    "poderan*",
    "napukl*",
    "mokar",
    "mokr*",
    "zgnječen*",
  ],
];

/** Questions about breaking, and parcels that came well. */
export const isNotBroken = [
  ...inRow(["not", "isn't", "wasn't", "nothing", "no"], ["damaged", "broken", "is broken", "was damaged"]),
  ...inRow(["if", "in case", "what if"], ["… broken", "… damaged", "… breaks", "… torn open"]),
  ...inRow(["nije", "nisu", "ništa"], ["ošteće*", "slomlj*", "razbij*", "nije ošteće*", "nije slomlj*"]),
  ...inRow(["ako", "što ako"], ["… ošteće*", "… razbij*", "… slomlj*"]),
];

export const isMissing = [
  ...inRow(
    ["never", "not", "hasn't", "didn't", "haven't"],
    ["arrived", "come", "received", "receive … parcel", "got it", "get … parcel", "delivered to me", "been delivered"],
  ),
  ...[
    "where is my parcel",
    "where's my parcel",
    "wrong address",
    "wrong door",
    "stole",
    "stolen",
    "nobody came",
    "nobody rang",
  ],
  ...inRow(
    ["nije", "nisu", "nisam"],
    ["stigao", "stigla", "stigli", "došao", "došla", "primio", "primila", "dobio", "dobila", "mi stigao", "mi došao"],
  ),
  ...[
    "gdje … paket*",
    "gdje … pošiljk*",
    "kriva adresa",
    "krivu adresu",
    "pogrešn* adres*",
    "nitko nije",
    "ukrad*",
    "ukra*",
  ],
];
