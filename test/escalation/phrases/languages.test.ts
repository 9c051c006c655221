import { describe, expect, it } from "vitest";
import { phraseIn } from "../../../src/escalation/phrases/phrase-in.ts";
import { readingsOf } from "../../../src/escalation/phrases/readings.ts";
import { languages, pairsOf } from "./languages.ts";

const isFound = (text: string, phrase: string): boolean =>
  readingsOf(text).some((words) => phraseIn(words, [phrase]) === phrase);

describe.each(Object.entries(languages))("phraseIn, in %s", (_, rows) => {
  it.each(pairsOf(rows, "found"))("finds '%s' in: %s", (phrase, text) => {
    expect(isFound(text, phrase)).toBe(true);
  });

  it.each(pairsOf(rows, "notFound"))("does not find '%s' in: %s", (phrase, text) => {
    expect(isFound(text, phrase)).toBe(false);
  });
});
