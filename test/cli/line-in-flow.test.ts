import { expect, it } from "vitest";
import { lineInFlow } from "../../src/cli/support/line-in-flow.ts";

const SOURCE = `const other = defineFlow({ name: "other" });
export const flow = defineFlow({
  name: "it's {odd}", // name: "no"
  /* rules: [] */
  conversation: { topic: ["a", \`b, { \${"}"}\`],
    queue: "Q" },
  message: { en: "x",
    de: "y" },
  rules: [
    { reason: "one" },
    {
      reason: "two", "when": {
        event: "bot.error",
      },
    },
    ...more,
    { reason: "behind" },
  ],
});`;

it.each<[(string | number)[], number]>([
  [["name"], 3],
  [["conversation", "topic", 1], 5],
  [["conversation", "queue"], 6],
  [["message", "de", 0], 8],
  [["message", "*", 0], 7],
  [["rules", 0, "reason"], 10],
  [["rules", 1, "when", 0, "event", 0], 13],
  [["rules", 1, "priority"], 11],
  [["rules", 3], 9],
  [["hours"], 2],
])("finds the line of %j, or of what it is in", (path, line) => {
  expect(lineInFlow(SOURCE, SOURCE.indexOf("defineFlow({\n"), path)).toBe(line);
});

it("ends on a source that breaks off", () => {
  for (let end = 0; end < SOURCE.length; end += 1) {
    expect(lineInFlow(SOURCE.slice(0, end), 0, ["rules", 1, "when"])).toBeGreaterThan(0);
  }
});
