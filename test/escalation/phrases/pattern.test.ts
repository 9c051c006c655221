import { describe, expect, it } from "vitest";
import { phraseProblem } from "../../../src/escalation/phrases/pattern.ts";

describe("phraseProblem", () => {
  it.each([
    "agent",
    "savjetnik*",
    "*berater*",
    "lost … card",
    "lost ... card*",
    "lost…card",
    "😡",
    "€",
    "R & D",
    "don't",
    "人工*",
  ])("takes '%s'", (phrase) => {
    expect(phraseProblem(phrase)).toBeNull();
  });

  it.each([
    ["", /letter, a digit or a symbol/],
    ["?!", /letter, a digit or a symbol/],
    ["*", /'\*'.*'advis\*'/],
    ["lost * card", /'\*'.*'lost … card'/],
    ["lost*card", /'\*'.*'advis\*'/],
    ["*-* card", /'\*'/],
    ["…", /'…'.*'lost … card'/],
    ["… card", /'…'.*'lost … card'/],
    ["lost …", /'…'.*'card\*'/],
    ["lost...", /'…'/],
    ["lost … … card", /'…'/],
    ["lost … - … card", /'…'/],
  ])("refuses '%s' with the right shape", (phrase, problem) => {
    expect(phraseProblem(phrase)).toMatch(problem);
  });
});
