/** Words in which travellers say that they cannot go on, in English and German. */
import { inRow } from "./in-row.ts";

const trips = ["flight*", "plane", "train*", "ferry"];
const fluege = ["*flug", "flüge", "maschine", "zug", "fähre"];

export const cannotGoOn = [
  ...inRow(trips, [
    "… cancelled",
    "… canceled",
    "… diverted",
    "… delayed overnight",
    "left without",
    "… been cancelled",
  ]),
  ...inRow(["cancelled", "canceled", "diverted"], ["my … flight", "our … flight", "the … flight", "my … train"]),
  ...inRow(["missed", "missing", "going to miss", "will miss"], ["… connection", "… flight", "… train", "… ferry"]),
  ...["stranded", "stuck at", "stuck in", "denied boarding", "refused boarding", "not let … board", "overbooked"],
  ...inRow(fluege, ["… gestrichen", "… annulliert", "… ausgefallen", "fällt aus", "… umgeleitet", "… überbucht"]),
  ...inRow(["*flug", "*anschluss", "zug", "fähre"], ["… verpasst", "… verpassen", "… verpasse"]),
  ...inRow(["verpasse*", "verpasst"], ["… *flug", "… *anschluss", "… zug", "… fähre"]),
  ...["sitze … fest", "sitzen … fest", "gestrandet", "nicht mitgenommen", "hängen … fest"],
];

/** Travellers who ask what would be, or who cancel a trip themselves. */
export const couldGoOn = [
  ...inRow(
    ["what if", "what happens if", "in case", "if my", "should my", "last year", "last time"],
    ["… flight", "… connection", "… train"],
  ),
  ...inRow(["i", "i've", "i have", "we", "we've"], ["cancelled … flight", "canceled … flight"]),
  ...inRow(["cancelled", "canceled", "missed"], ["… insured", "… covered", "… policy"]),
  ...inRow(
    ["was … wenn", "was passiert", "falls", "wenn mein", "wenn ich", "letztes jahr"],
    ["… *flug", "… *anschluss", "… zug"],
  ),
  "selbst storniert",
];
