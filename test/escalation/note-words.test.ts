import { expect, it } from "vitest";
import { type NoteWords, noteWordsIn } from "../../src/escalation/text/note-words.ts";

/** Everything that the words say with these arguments. */
const allOf = (words: NoteWords): string[] => [
  ...[words.handedOver("shop", "lost"), words.askedBefore("shop"), words.askedAgain("shop")],
  ...[words.more(3), words.from("UTC", "2026-11-23"), words.leftOut(1), words.leftOut(2)],
  ...[words.said, words.summary, words.known, words.left, words.noText, words.transcript, words.further, words.missing],
  ...Object.values(words.contact),
  ...Object.values(words.speakers),
];

it("knows each note's words in each language, with what they are about", () => {
  const [en, de, hr] = ["en", "de", "hr"].map((language) => allOf(noteWordsIn(language)));
  for (const said of [en, de, hr]) {
    expect(said?.slice(0, 6)).toEqual([
      expect.stringMatching(/shop.*lost/),
      expect.stringContaining("shop"),
      expect.stringContaining("shop"),
      expect.stringContaining("3"),
      expect.stringMatching(/UTC.*2026-11-23/),
      expect.stringContaining("1"),
    ]);
    expect(said?.every((words) => words.trim() !== "")).toBe(true);
  }
  expect(en?.slice(5, 7)).toEqual(["1 earlier message left out", "2 earlier messages left out"]);
  expect(de?.slice(5, 7)).toEqual(["1 frühere Nachricht ausgelassen", "2 frühere Nachrichten ausgelassen"]);
  expect(new Set([en, de, hr].map((said) => said?.slice(0, 4).join())).size).toBe(3);
});

it.each([
  ["de-AT", "de"],
  ["HR_hr", "hr"],
  ["fr", "en"],
  [undefined, "en"],
])("takes the language %j for %j", (language, known) => {
  expect(noteWordsIn(language)).toBe(noteWordsIn(known));
});
