/** Words in which people ask for a person, in Croatian, Bosnian and Serbian. */
import { inRow } from "./in-row.ts";

const talking = [
  ...["razgovarati", "razgovaram", "pričati", "pričam", "popričati", "spojite me", "prebacite me"],
  ...["razgovarao bih", "razgovarala bih", "pričao bih", "pričala bih", "bih razgovarao", "bih razgovarala"],
];
const people = ["savjetn*", "savetn*", "operater*", "agent*", "čovjek*", "službenik*"];

export const asksForPerson = [
  ...inRow(talking, ["… čovjekom", "… čovekom", "… osobom", "… nekim", "… ljudima", "… agent*", "… operater*"]),
  ...inRow(["zovite", "pozovite", "dajte", "trebam", "želim", "hoću"], ["… čovjeka", "… čoveka"]),
  ...inRow(["živ*", "stvarn*", "prav*"], ["osob*", "čovjek*", "čovek*", "agent*"]),
];

export const namesPerson = ["savjetnik*", "savjetnic*", "savetnik*", "savetnic*", "operater*", "službenik*", "agentom"];

export const wantsNoPerson = [
  ...inRow(
    ["ne želim", "ne trebam", "ne treba mi", "neću"],
    people.flatMap((person) => [person, `razgovarati … ${person}`, `pričati … ${person}`]),
  ),
  ...inRow(["bez", "nikakav", "nikakvog"], people),
];

export const meansNoPerson = [
  ...inRow(["mobiln*", "telekom*", "moj", "mojeg", "mog"], ["operater*"]),
  ...inRow(["pravn*", "porezn*"], ["savjetnik*", "savetnik*"]),
  ...inRow(
    ["razgovarao", "razgovarala", "pričao", "pričala"],
    people.map((person) => `… ${person}`),
  ),
  ...inRow(["savjetnik", "savjetnica", "operater"], ["mi je", "je rekao", "je rekla", "je obećao", "je obećala"]),
];
