import { expect, it } from "vitest";
import { type NoteWording, noteWordingIn } from "../../src/escalation/text/note-wording.ts";

/** Everything that the wording says with these arguments. */
const allOf = (wording: NoteWording): string[] => [
  ...[wording.handedOver("shop", "lost"), wording.askedBefore("shop"), wording.askedAgain("shop")],
  ...[wording.more(3), wording.from("UTC", "2026-11-23"), wording.leftOut(1), wording.leftOut(2)],
  ...[
    wording.said,
    wording.summary,
    wording.known,
    wording.left,
    wording.noText,
    wording.transcript,
    wording.further,
    wording.missing,
  ],
  ...Object.values(wording.contact),
  ...Object.values(wording.speakers),
];

it("knows the wording of notes in each language, with what they are about", () => {
  const [en, de, hr] = ["en", "de", "hr"].map((language) => allOf(noteWordingIn(language)));
  for (const said of [en, de, hr]) {
    expect(said?.slice(0, 6)).toEqual([
      expect.stringMatching(/shop.*lost/),
      expect.stringContaining("shop"),
      expect.stringContaining("shop"),
      expect.stringContaining("3"),
      expect.stringMatching(/UTC.*2026-11-23/),
      expect.stringContaining("1"),
    ]);
    expect(said?.every((wording) => wording.trim() !== "")).toBe(true);
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
  expect(noteWordingIn(language)).toBe(noteWordingIn(known));
});
