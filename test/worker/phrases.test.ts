import { expect, it } from "vitest";
import { phraseIn } from "../../src/escalation/phrases/phrase-in.ts";
import { readingsOf } from "../../src/escalation/phrases/readings.ts";
import { languages, pairsOf } from "../escalation/phrases/languages.ts";

const isFound = ([phrase, text]: [string, string]): boolean =>
  readingsOf(text).some((words) => phraseIn(words, [phrase]) === phrase);

/** The runtime has its own dictionary of words. */
it("finds in a Worker the phrases that it finds on Node, in every language", () => {
  const rows = Object.values(languages).flat();
  expect(pairsOf(rows, "found").filter((pair) => !isFound(pair))).toEqual([]);
  expect(pairsOf(rows, "notFound").filter(isFound)).toEqual([]);
});
