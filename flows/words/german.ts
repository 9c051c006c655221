/** Words in which people ask for a person, in German. */
import { inRow } from "./in-row.ts";

const whom = ["… menschen", "… person", "… mitarbeiter*", "jemandem", "jemand"];

export const asksForPerson = [
  ...inRow(
    whom.map((person) => `mit ${person}`),
    ["sprechen", "reden", "chatten", "verbinden", "verbunden werden"],
  ),
  ...inRow(["will", "möchte", "brauche"], ["einen menschen", "einen … mitarbeiter*", "eine … mitarbeiter*"]),
  ...["mich jemand … anrufen", "mich jemand … zurückrufen"],
  ...[
    "echten menschen",
    "echter mensch",
    "richtigen menschen",
    "jemanden sprechen",
    "mensch bitte",
    "mitarbeiter* bitte",
  ],
];

export const namesPerson = ["*berater*", "kundenservice", "kundendienst", "ansprechpartner*"];

export const wantsNoPerson = [
  // "Immer noch kein Berater?" asks for one.
  ...inRow(["will kein*", "möchte kein*", "brauche kein*", "ohne"], ["… *berater*", "… menschen", "… mitarbeiter*"]),
  ...inRow(inRow(["kein*"], ["… *berater*", "menschen", "mitarbeiter*"]), ["bitte", "danke", "nötig"]),
  "keinen kontakt",
  ...inRow(["nicht mit"], ["… *berater*", "… menschen", "… mitarbeiter*", "jemandem"]),
];

export const meansNoPerson = [
  ...["steuerberater*", "unternehmensberater*", "versicherungsberater*", "als *berater*"],
  ...inRow(["*berater*"], ["… gesprochen", "… gesagt", "… versprochen"]),
];
