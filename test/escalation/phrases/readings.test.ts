import { describe, expect, it } from "vitest";
import { readingsOf } from "../../../src/escalation/phrases/readings.ts";
import { fc } from "../../fuzz/fast-check.ts";

describe("readingsOf", () => {
  it.each([
    ["Agent, please!", [" agent please "]],
    ["don’t", [" don t ", " dont "]],
    ["für Đuro", [" fur duro ", " fuer djuro "]],
    ["転 人工", [" 転 人工 ", " 転人工 "]],
    ["agent👍🏽!", [" agent ", " agent 👍 "]],
    ["🇭🇷🇩🇪", [" 🇭🇷 🇩🇪 "]],
    ["!?", []],
  ])("reads %s", (text, readings) => {
    expect(readingsOf(text)).toEqual(readings);
  });

  it("reads plain ASCII as it reads any script", () => {
    const ascii = fc.string({ unit: "binary-ascii" }).filter((text) => !/['`]/.test(text));
    fc.assert(
      fc.property(ascii, (text) => {
        const [plain = ""] = readingsOf(text.replace(/[$+<=>^|~]/g, " "));
        expect(readingsOf(`é ${text}`)[0]).toBe(` e${plain || " "}`);
      }),
    );
  });

  it("changes nothing the second time, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const reading of readingsOf(text)) expect(readingsOf(reading)).toContain(reading);
      }),
      { numRuns: 2_000 },
    );
  });
});
